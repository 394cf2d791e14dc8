import { describe, expect, test } from 'vitest';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { addDays, type IstDate, istTimeOf } from '../../../src/market/ist.ts';
import type { Segment } from '../../../src/market/segments.ts';
import { type DayPlan, planDay } from '../../../src/schedule/day-plan.ts';

const calendar = bundledCalendar();
const INDICES_AND_FUTURES: readonly Segment[] = ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT', 'BFO_FUT'];

const plan = (date: IstDate, subscribed = INDICES_AND_FUTURES): DayPlan => planDay(calendar, date, subscribed);

/** `HH:MM id` of every step from the token check on. */
function marketSteps(day: DayPlan): string[] {
  const lines = day.steps.map(({ id, plannedAt }) => `${istTimeOf(plannedAt).slice(0, 5)} ${id}`);
  return lines.slice(lines.findIndex((line) => line.endsWith('token-check')));
}

const feed = (day: DayPlan): string[] =>
  day.feed.map(({ startMs, stopMs }) => `${istTimeOf(startMs).slice(0, 5)}-${istTimeOf(stopMs).slice(0, 5)}`);

const MORNING = [
  '05:00 morning-preparation',
  '06:00 token-deadline',
  '06:05 token-verify-early',
  '07:40 token-verify-late',
  '08:30 instruments',
];

const LEGACY_DAY = [
  '08:50 token-check',
  '08:55 feed-start',
  '08:55 token-reminder-1',
  '09:00 token-reminder-2',
  '09:00 first-ticks',
  '09:00 pre-open',
  '09:08 pre-open-matching',
  '09:10 token-reminder-3',
  '09:12 buffer',
  '09:15 live',
  '15:30 spot-close',
  '15:30 derivatives-close',
  '15:35 feed-stop',
  '15:35 certificate',
];

describe('the plan of a day', () => {
  test('is the regime of September 2026 on 2026-11-23', () => {
    const day = plan('2026-11-23');
    expect(day.steps.slice(0, 5).map(({ id, plannedAt }) => `${istTimeOf(plannedAt).slice(0, 5)} ${id}`)).toEqual(
      MORNING,
    );
    expect(marketSteps(day)).toEqual([
      '08:50 token-check',
      '08:55 feed-start',
      '08:55 token-reminder-1',
      '09:00 token-reminder-2',
      '09:00 first-ticks',
      '09:00 pre-open',
      '09:05 pre-open-limit',
      '09:10 token-reminder-3',
      '09:10 pre-open-matching',
      '09:12 buffer',
      '09:15 live',
      '15:15 closing-auction',
      '15:35 spot-close',
      '15:40 derivatives-close',
      '15:45 feed-stop',
      '15:45 certificate',
    ]);
  });

  test('is the earlier regime on 2026-02-16: pre-open to 09:08, close 15:30, stop 15:35', () => {
    expect(marketSteps(plan('2026-02-16'))).toEqual(LEGACY_DAY);
  });

  test('is a full day on the Budget Sunday of 2026-02-01', () => {
    expect(plan('2026-02-01').kind).toBe('special');
    expect(marketSteps(plan('2026-02-01'))).toEqual(LEGACY_DAY);
  });

  test('is empty on a holiday and on a weekend, with the reason', () => {
    expect(plan('2026-11-24')).toMatchObject({ kind: 'holiday', reason: 'Guru Nanak Jayanti', steps: [], feed: [] });
    expect(plan('2026-11-22')).toMatchObject({ kind: 'weekend', steps: [], feed: [] });
  });

  test('follows the Muhurat session of 2025-10-21 to its own hours', () => {
    const day = plan('2025-10-21');
    expect(feed(day)).toEqual(['13:25-14:50']);
    expect(marketSteps(day)).toEqual(
      expect.arrayContaining([
        '13:20 token-check',
        '13:30 pre-open',
        '13:45 live',
        '14:45 spot-close',
        '14:50 feed-stop',
      ]),
    );
  });

  test('has two windows with everything proven anew on the drill of 2024-03-02', () => {
    const day = plan('2024-03-02');
    expect(feed(day)).toEqual(['08:55-10:05', '11:10-12:35']);
    expect(marketSteps(day)).toEqual(
      expect.arrayContaining([
        '10:05 feed-stop',
        '11:05 token-check#2',
        '11:10 feed-start#2',
        '11:15 first-ticks#2',
        '11:30 live#2',
        '12:35 feed-stop#2',
        '12:35 certificate',
      ]),
    );
  });

  test('watches the widest span, without phases, where hours are unpublished', () => {
    const day = plan('2026-11-08');
    const { watch } = calendar.day('2026-11-08');
    expect(day.hours).toBe('unpublished');
    expect(day.feed).toEqual([
      expect.objectContaining({ opensMs: watch?.startMs ?? 0, stopMs: (watch?.endMs ?? 0) + 300_000 }),
    ]);
    expect(day.steps.map(({ step }) => step)).not.toEqual(expect.arrayContaining(['live', 'first-ticks']));
    expect(day.steps.find(({ step }) => step === 'feed-start')?.label).toContain('hours not published');
  });

  test('goes by the last known regime, and says so, beyond the calendar', () => {
    const day = plan('2027-01-04');
    expect([day.kind, day.hours]).toEqual(['unknown', 'assumed']);
    expect(marketSteps(day)).toEqual(marketSteps(plan('2026-11-23')));
    expect(day.steps.find(({ step }) => step === 'live')?.label).toBe('Live (assumed hours)');
  });

  test('stops five minutes after the last close of what is subscribed, not of what exists', () => {
    expect(feed(plan('2026-11-23', ['NSE_INDEX']))).toEqual(['08:55-15:40']);
    expect(feed(plan('2026-11-23', ['NFO_OPT']))).toEqual(['09:10-15:45']);
    expect(plan('2026-11-23', []).steps).toEqual([]);
  });

  test('has unique ids, its steps in order, and its feed within its checks, on every date of three years', () => {
    for (let date: IstDate = '2024-06-01'; date < '2027-06-01'; date = addDays(date, 1)) {
      const day = plan(date);
      expect(new Set(day.steps.map(({ id }) => id)).size).toBe(day.steps.length);
      expect(day.steps.map(({ plannedAt }) => plannedAt)).toEqual(
        day.steps.map(({ plannedAt }) => plannedAt).sort((a, b) => a - b),
      );
      expect(day.steps.filter(({ step }) => step === 'feed-start')).toHaveLength(day.feed.length);
      for (const window of day.feed) {
        expect(window.checkMs).toBeLessThan(window.startMs);
        expect(window.opensMs).toBeLessThan(window.closesMs);
      }
    }
  });
});
