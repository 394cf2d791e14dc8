import { describe, expect, it, test } from 'vitest';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { DAY_MS, instantOf, istDateOf, istTimeOf } from '../../../src/market/ist.ts';
import type { Segment } from '../../../src/market/segments.ts';
import { createCalendar } from '../../../src/market/trading-calendar.ts';
import { bundledData } from './calendar-fixture.ts';

const calendar = bundledCalendar();
const defaults: readonly Segment[] = ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT', 'BFO_FUT'];

/** Every change on a date, found by following `nextChange`, as `HH:MM phase`. */
function changesOn(date: string, subscribed: readonly Segment[]): string[] {
  const changes: string[] = [];
  let next = calendar.nextChange(subscribed, instantOf(date, '00:00'));
  while (next !== null && istDateOf(next.atMs) === date) {
    changes.push(`${istTimeOf(next.atMs).slice(0, 5)} ${next.phase}`);
    next = calendar.nextChange(subscribed, next.atMs);
  }
  return changes;
}

describe('the phase of the market', () => {
  test.each<[string, string, readonly Segment[], string[]]>([
    [
      'indices and futures today',
      '2026-11-23',
      defaults,
      [
        '09:00 pre-open',
        '09:10 pre-open-matching',
        '09:12 buffer',
        '09:15 live',
        '15:15 closing-auction',
        '15:35 derivatives-only',
        '15:40 closed',
      ],
    ],
    [
      'indices and futures before the closing auction',
      '2026-02-16',
      defaults,
      ['09:00 pre-open', '09:08 pre-open-matching', '09:12 buffer', '09:15 live', '15:30 closed'],
    ],
    [
      'indices and futures when only the index had a pre-open',
      '2025-12-05',
      defaults,
      ['09:00 pre-open', '09:08 pre-open-matching', '09:12 buffer', '09:15 live', '15:30 closed'],
    ],
    ['futures alone before their pre-open', '2025-12-05', ['NFO_FUT'], ['09:15 live', '15:30 closed']],
    [
      'the index alone',
      '2026-11-23',
      ['NSE_INDEX'],
      [
        '09:00 pre-open',
        '09:10 pre-open-matching',
        '09:12 buffer',
        '09:15 live',
        '15:15 closing-auction',
        '15:35 closed',
      ],
    ],
    ['options alone, which see no auction', '2026-11-23', ['NFO_OPT', 'BFO_OPT'], ['09:15 live', '15:40 closed']],
    [
      'a share without an auction beside options',
      '2026-11-23',
      ['NSE_CASH_NONCAS', 'NFO_OPT'],
      [
        '09:00 pre-open',
        '09:10 pre-open-matching',
        '09:12 buffer',
        '09:15 live',
        '15:30 derivatives-only',
        '15:40 closed',
      ],
    ],
    [
      'a share in the auction, whose post-close is no market',
      '2026-11-23',
      ['NSE_CASH_CAS'],
      [
        '09:00 pre-open',
        '09:10 pre-open-matching',
        '09:12 buffer',
        '09:15 live',
        '15:15 closing-auction',
        '15:35 closed',
      ],
    ],
    ['a holiday', '2026-11-24', defaults, []],
    ['nothing subscribed', '2026-11-23', [], []],
  ])('%s (%s)', (_title, date, subscribed, expected) => {
    expect(changesOn(date, subscribed)).toEqual(expected);
  });

  it('is unknown from midnight to midnight on a weekday beyond the data', () => {
    for (const time of ['00:00', '09:15', '12:00', '23:59:59']) {
      expect(calendar.marketPhase(defaults, instantOf('2027-01-04', time))).toBe('unknown');
    }
    expect(calendar.marketPhase(defaults, instantOf('2027-01-03', '23:59:59'))).toBe('closed');
  });

  it('is halted when an announced halt stops everything that is subscribed', () => {
    const halted = createCalendar(bundledData(), {
      days: [
        {
          session: 'windows',
          date: '2026-11-25',
          reason: 'Market-wide circuit breaker',
          windows: [
            {
              phases: [
                { phase: 'continuous', from: '09:15', to: '10:00' },
                { phase: 'halted', from: '10:00', to: '11:00' },
                { phase: 'pre-open-entry', from: '11:00', to: '11:15' },
                { phase: 'continuous', from: '11:15', to: '15:40' },
              ],
            },
          ],
        },
      ],
    });
    expect(halted.marketPhase(defaults, instantOf('2026-11-25', '10:30'))).toBe('halted');
    expect(halted.marketPhase(defaults, instantOf('2026-11-25', '11:05'))).toBe('pre-open');
    expect(halted.marketPhase(defaults, instantOf('2026-11-25', '11:15'))).toBe('live');
  });
});

describe('the next change', () => {
  it('looks over holidays and weekends', () => {
    expect(calendar.nextChange(defaults, instantOf('2026-11-23', '15:40'))).toEqual({
      phase: 'pre-open',
      atMs: instantOf('2026-11-25', '09:00'),
    });
    expect(calendar.nextChange(defaults, instantOf('2026-01-30', '18:00'))).toEqual({
      phase: 'pre-open',
      atMs: instantOf('2026-02-01', '09:00'),
    });
  });

  it('says when knowledge ends', () => {
    expect(calendar.nextChange(defaults, instantOf('2026-12-31', '20:00'))).toEqual({
      phase: 'unknown',
      atMs: instantOf('2027-01-01', '00:00'),
    });
  });

  it('is null when nothing changes for 14 days, and found when it comes exactly then', () => {
    const from = '2026-11-23';
    const days = Array.from({ length: 16 }, (_, i) => istDateOf(instantOf(from, '12:00') + i * DAY_MS));
    const closedFor = createCalendar(bundledData(), {
      days: days.map((date) => ({ session: 'closed', date, reason: 'Closed' })),
    });
    expect(closedFor.nextChange(defaults, instantOf(from, '00:00'))).toBeNull();

    // The pre-open of 2026-12-09 at 09:00 is the first thing to happen after the closed days.
    const fourteenDaysBefore = instantOf('2026-12-09', '09:00') - 14 * DAY_MS;
    expect(closedFor.nextChange(defaults, fourteenDaysBefore)?.phase).toBe('pre-open');
    expect(closedFor.nextChange(defaults, fourteenDaysBefore - 1)).toBeNull();
  });
});
