import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { sessionsOf } from '../../../src/market/day-sessions.ts';
import { addDays, DAY_MS, instantOf, istDateOf } from '../../../src/market/ist.ts';
import { segments } from '../../../src/market/segments.ts';

const calendar = bundledCalendar();

const FROM = '2023-11-01';
const DAYS = 1250;
const date = fc.integer({ min: 0, max: DAYS - 1 }).map((days) => addDays(FROM, days));
/** Instants over the whole range, half of them within the seconds around full minutes, where phases change. */
const instant = fc.oneof(
  fc.integer({ min: 0, max: DAYS * DAY_MS - 1 }).map((ms) => instantOf(FROM, '00:00') + ms),
  fc
    .tuple(
      fc.integer({ min: 0, max: DAYS - 1 }),
      fc.integer({ min: 8 * 60, max: 20 * 60 }),
      fc.integer({ min: -2, max: 2 }),
    )
    .map(([days, minute, ms]) => instantOf(addDays(FROM, days), '00:00') + minute * 60_000 + ms),
);
const segment = fc.constantFrom(...segments);
const subscription = fc.subarray([...segments]);

const everyDate = Array.from({ length: DAYS }, (_, days) => addDays(FROM, days));

describe('on every day', () => {
  it('the phases of a segment are ordered, do not overlap and stay within the day', () => {
    for (const on of everyDate) {
      for (const phases of calendar.day(on).segments.values()) {
        expect(phases.length).toBeGreaterThan(0);
        let earlierEndMs = instantOf(on, '00:00');
        for (const { startMs, endMs, randomEnd } of phases) {
          expect(startMs).toBeGreaterThanOrEqual(earlierEndMs);
          expect(endMs).toBeGreaterThan(startMs);
          earlierEndMs = endMs;
          if (randomEnd === null) continue;
          expect(randomEnd.fromMs).toBeGreaterThanOrEqual(startMs);
          expect(randomEnd.toMs).toBe(endMs);
        }
        expect(earlierEndMs).toBeLessThanOrEqual(instantOf(on, '24:00'));
      }
    }
  });

  it('the phases of a segment leave no hole within a session', () => {
    for (const on of everyDate) {
      const day = calendar.day(on);
      for (const [name, phases] of day.segments) {
        const holes = phases.filter((phase, i) => i > 0 && phase.startMs !== phases[i - 1]?.endMs).length;
        expect(holes, `${on} ${name}`).toBe(sessionsOf(day, [name]).length - 1);
      }
    }
  });

  it('a segment that trades has continuous trading, and hours are known unless the day says otherwise', () => {
    for (const on of everyDate) {
      const day = calendar.day(on);
      for (const phases of day.segments.values()) expect(phases.map(({ phase }) => phase)).toContain('continuous');
      expect(day.hours === 'assumed').toBe(on < calendar.coverage.from || on > calendar.coverage.to);
      expect(day.watch !== null).toBe(day.hours === 'unpublished');
      if (day.kind === 'trading' || day.kind === 'unknown') expect(day.segments.size).toBe(segments.length);
      if (day.kind === 'holiday' || day.kind === 'weekend') expect(day.segments.size).toBe(0);
    }
  });
});

describe('at every instant', () => {
  it('interval agrees with the day it falls on', () => {
    fc.assert(
      fc.property(segment, instant, (name, at) => {
        const containing = (calendar.day(istDateOf(at)).segments.get(name) ?? []).filter(
          ({ startMs, endMs }) => startMs <= at && at < endMs,
        );
        expect(containing.length).toBeLessThanOrEqual(1);
        expect(calendar.interval(name, at)).toEqual(containing[0] ?? null);
      }),
      { numRuns: 2000 },
    );
  });

  it('the phase of a segment is that of its interval, or closed, or unknown for the whole day', () => {
    fc.assert(
      fc.property(segment, instant, (name, at) => {
        const day = calendar.day(istDateOf(at));
        const isUnknown = day.kind === 'unknown' || day.hours === 'unpublished';
        const expected = isUnknown ? 'unknown' : (calendar.interval(name, at)?.phase ?? 'closed');
        expect(calendar.segmentPhase(name, at)).toBe(expected);
        if (isUnknown) expect(calendar.marketPhase([name], at)).toBe('unknown');
      }),
      { numRuns: 2000 },
    );
  });

  it('the market is as open as its segments: closed exactly when none of them does anything to follow', () => {
    fc.assert(
      fc.property(subscription, instant, (subscribed, at) => {
        const phases = subscribed.map((name) => calendar.segmentPhase(name, at));
        const market = calendar.marketPhase(subscribed, at);
        if (market === 'unknown') return;
        const idle = phases.every((phase) => ['closed', 'transition', 'post-close'].includes(phase));
        expect(market === 'closed').toBe(idle);
        if (market === 'live' || market === 'derivatives-only') expect(phases).toContain('continuous');
      }),
      { numRuns: 2000 },
    );
  });

  it('the order of the subscription does not matter', () => {
    fc.assert(
      fc.property(subscription, instant, (subscribed, at) => {
        expect(calendar.marketPhase(subscribed.toReversed(), at)).toBe(calendar.marketPhase(subscribed, at));
        expect(calendar.nextChange(subscribed.toReversed(), at)).toEqual(calendar.nextChange(subscribed, at));
      }),
      { numRuns: 500 },
    );
  });

  it('nextChange is the very next one: constant until then, different at it', () => {
    fc.assert(
      fc.property(
        subscription,
        instant,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }),
        (subscribed, at, fractions) => {
          const current = calendar.marketPhase(subscribed, at);
          const next = calendar.nextChange(subscribed, at);
          const untilMs = next?.atMs ?? at + 14 * DAY_MS;
          expect(untilMs).toBeGreaterThan(at);
          expect(untilMs).toBeLessThanOrEqual(at + 14 * DAY_MS);
          if (next !== null) {
            expect(next.phase).not.toBe(current);
            expect(calendar.marketPhase(subscribed, next.atMs)).toBe(next.phase);
          }
          const probes = [untilMs - 1, ...fractions.map((fraction) => at + Math.floor((untilMs - 1 - at) * fraction))];
          for (const probe of probes) expect(calendar.marketPhase(subscribed, probe)).toBe(current);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('a whole day minute by minute changes only where nextChange says', () => {
    fc.assert(
      fc.property(subscription, date, (subscribed, on) => {
        let next = calendar.nextChange(subscribed, instantOf(on, '00:00'));
        let current = calendar.marketPhase(subscribed, instantOf(on, '00:00'));
        for (let at = instantOf(on, '00:00'); at < instantOf(on, '24:00'); at += 60_000) {
          if (next !== null && at >= next.atMs) {
            current = next.phase;
            next = calendar.nextChange(subscribed, at);
          }
          expect(calendar.marketPhase(subscribed, at)).toBe(current);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('trading days', () => {
  it('the previous and the next are nearest: no day between them runs a whole session', () => {
    fc.assert(
      fc.property(date, (on) => {
        const next = calendar.nextTradingDay(on);
        if (next === null) return;
        expect(next > on).toBe(true);
        expect(calendar.day(next).hours).toBe('known');
        expect(['trading', 'special']).toContain(calendar.day(next).kind);
        for (let between = addDays(on, 1); between < next; between = addDays(between, 1)) {
          expect(['holiday', 'weekend', 'special']).toContain(calendar.day(between).kind);
        }
        expect(calendar.previousTradingDay(addDays(next, 1))).toBe(next);
      }),
    );
  });
});
