import { describe, expect, it, test } from 'vitest';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { firstOpenOf, lastCloseOf, preOpenStartOf, sessionsOf } from '../../../src/market/day-sessions.ts';
import { istTimeOf } from '../../../src/market/ist.ts';
import type { Segment } from '../../../src/market/segments.ts';

const calendar = bundledCalendar();
const defaults: readonly Segment[] = ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT', 'BFO_FUT'];

const clock = (ms: number): string => istTimeOf(ms).slice(0, 5);

describe('the sessions of a day', () => {
  // Each session as start, start of continuous trading, end.
  test.each<[string, string, readonly Segment[], string[]]>([
    ['today, to the close of the derivatives', '2026-11-23', defaults, ['09:00 09:15 15:40']],
    ['before August 2026', '2026-02-16', defaults, ['09:00 09:15 15:30']],
    ['a Budget Sunday', '2026-02-01', defaults, ['09:00 09:15 15:30']],
    ['the index alone, to the end of its auction', '2026-11-23', ['NSE_INDEX'], ['09:00 09:15 15:35']],
    ['a share in the auction, without its post-close', '2026-11-23', ['NSE_CASH_CAS'], ['09:00 09:15 15:35']],
    ['options, which have no pre-open', '2026-11-23', ['NFO_OPT'], ['09:15 09:15 15:40']],
    ['a drill in two parts', '2024-03-02', defaults, ['09:00 09:15 10:00', '11:15 11:30 12:30']],
    ['a second drill in two parts', '2024-05-18', defaults, ['09:00 09:15 10:00', '11:15 11:30 12:30']],
    ['an evening Muhurat', '2024-11-01', defaults, ['17:45 18:00 19:00']],
    ['an afternoon Muhurat, futures alone', '2025-10-21', ['NFO_FUT'], ['13:45 13:45 14:45']],
    ['a Muhurat with unpublished hours', '2026-11-08', defaults, []],
    ['a holiday', '2026-11-24', defaults, []],
    ['a weekday beyond the data, as assumed', '2027-01-04', defaults, ['09:00 09:15 15:40']],
    ['nothing subscribed', '2026-11-23', [], []],
  ])('%s', (_title, date, subscribed, expected) => {
    const found = sessionsOf(calendar.day(date), subscribed);
    expect(
      found.map(({ startMs, continuousFromMs, endMs }) => [startMs, continuousFromMs, endMs].map(clock).join(' ')),
    ).toEqual(expected);
  });

  it('gives the day its first pre-open, first open and last close', () => {
    const drill = calendar.day('2024-03-02');
    const moments = [preOpenStartOf(drill, defaults), firstOpenOf(drill, defaults), lastCloseOf(drill, defaults)];
    expect(moments.map((ms) => (ms === null ? null : clock(ms)))).toEqual(['09:00', '09:15', '12:30']);

    const holiday = calendar.day('2026-11-24');
    expect([preOpenStartOf, firstOpenOf, lastCloseOf].map((of) => of(holiday, defaults))).toEqual([null, null, null]);
  });
});
