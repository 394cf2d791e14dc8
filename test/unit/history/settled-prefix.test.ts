import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SegmentDay, segmentDay } from '../../../src/feed/segment-day.ts';
import { minutesOf } from '../../../src/history/day-minutes.ts';
import { joinedPrefix, settledPrefix } from '../../../src/history/settled-prefix.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { at } from '../feed/instruments.ts';

const calendar = bundledCalendar();
const dayOf = (date: string): SegmentDay => segmentDay(calendar.day(date), 'NFO_FUT');
const [thursday, friday, monday] = ['2026-11-19', '2026-11-20', '2026-11-23'].map(dayOf) as [
  SegmentDay,
  SegmentDay,
  SegmentDay,
];
const endOf = (day: SegmentDay): number => day.windows.at(-1)?.endMs ?? 0;

describe('how far an answer settles the days it was asked for', () => {
  test('no minute before the end is among those refused, and every day before it is whole', () => {
    const days = [thursday, friday, monday];
    const minutes = days.flatMap((day) => minutesOf(day, day.startMs, day.endMs));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: minutes.length - 1 }), { maxLength: 4 }), (picked) => {
        const refused = picked.map((index) => minutes[index] ?? 0);
        const { settledTo, isWhole } = settledPrefix(days, refused, false);
        const expected = minutes.findIndex((minute) => refused.includes(minute));
        const settled = minutes.filter((minute) => settledTo !== null && minute < settledTo);
        expect([settled.length, isWhole]).toEqual([expected < 0 ? minutes.length : expected, expected < 0]);
      }),
    );
  });

  test.each<[string, readonly (number | null)[], boolean, number | null]>([
    ['nothing refused', [], false, endOf(monday)],
    ['a row whose time cannot be read', [null], false, null],
    ['a row of the pre-open, which is no candle', [at('09:08:00', '2026-11-20')], false, endOf(monday)],
    ['a row in the middle of a minute', [at('10:00:30', '2026-11-20')], false, at('10:00:00', '2026-11-20')],
    ['the first minute of the second day', [at('09:15:00', '2026-11-20')], false, endOf(thursday)],
    ['the very first minute', [at('09:15:00', '2026-11-19')], false, null],
    ['the second day’s row of whole days', [at('00:00:00', '2026-11-20')], true, endOf(thursday)],
  ])('%s', (_, refused, isDaily, end) => {
    expect(settledPrefix([thursday, friday, monday], refused, isDaily).settledTo).toBe(end);
  });
});

test.each<[string, readonly [number | null, boolean][], number | null]>([
  ['nothing', [], null],
  [
    'an earlier part that failed breaks it at once',
    [
      [null, false],
      [20, false],
    ],
    null,
  ],
  [
    'an earlier part with a hole ends it there',
    [
      [10, false],
      [20, false],
    ],
    10,
  ],
  [
    'whole earlier days go on into today',
    [
      [10, true],
      [20, false],
    ],
    20,
  ],
  [
    'a day that has not begun leaves the days before',
    [
      [10, true],
      [null, false],
    ],
    10,
  ],
])('parts together: %s', (_, parts, end) => {
  expect(joinedPrefix(parts.map(([settledTo, isWhole]) => ({ settledTo, isWhole })))).toBe(end);
});
