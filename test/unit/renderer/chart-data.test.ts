import { describe, expect, test } from 'vitest';
import { daySpan, indicativeByMinute, minutesAfter } from '../../../renderer/features/chart/series-data.ts';
import { shadedSpans } from '../../../renderer/features/chart/shaded-spans.ts';
import { gapsOf } from '../../../renderer/features/chart/use-gaps.ts';
import { axisTime } from '../../../renderer/format/ist.ts';
import type { CandleState } from '../../../src/contract/candle.ts';
import type { CandleRow } from '../../../src/contract/commands.ts';
import type { GapState } from '../../../src/contract/state.ts';
import { ist, sessionsOf } from '../../renderer-fixture/day-plan.ts';

const date = '2026-11-23';
const at = (time: string): number => ist(date, time);
const spot = sessionsOf(date).filter((session) => session.segment === 'NSE_INDEX');
const colors = { preOpen: 'pre', closingAuction: 'closing', outage: 'outage' };

function candle(time: string, state: CandleState = 'provisional'): CandleRow {
  return [at(time), 1, 1, 1, 1, 0, null, state, false];
}

describe('the span of a day’s chart', () => {
  test('begins with the pre-open and goes on with the clock while a session runs', () => {
    expect(daySpan([candle('09:15'), candle('10:00')], [], spot, at('10:30:40'))).toEqual({
      from: at('09:00'),
      to: at('10:30'),
    });
  });

  test('takes in the closing auction and ends with it', () => {
    const rows = [candle('09:15'), candle('15:14')];
    expect(daySpan(rows, [], spot, at('15:20'))?.to).toBe(at('15:20'));
    expect(daySpan(rows, [], spot, at('18:00'))?.to).toBe(at('15:34'));
  });

  test('of another day is its candles alone', () => {
    expect(daySpan([candle('09:15'), candle('15:29')], [], [], at('18:00'))).toEqual({
      from: at('09:15'),
      to: at('15:29'),
    });
  });

  test('begins with indicative prices where there is no candle yet, and is nothing without prices', () => {
    expect(daySpan([], [[at('09:00:30'), 5]], [], at('09:01'))).toEqual({ from: at('09:00'), to: at('09:00') });
    expect(daySpan([], [], spot, at('09:30'))).toBeNull();
  });
});

test('the minutes after an instant run up to the minute of the other', () => {
  expect(minutesAfter(at('09:15'), at('09:17:59'))).toEqual([at('09:16'), at('09:17')]);
  expect(minutesAfter(at('09:15'), at('09:15:59'))).toEqual([]);
});

test('of several indicative prices in a minute the last one is drawn, and none that is no price', () => {
  expect(
    indicativeByMinute([
      [at('09:01:10'), 101],
      [at('09:00:10'), 99],
      [at('09:00:50'), 100],
      [at('09:02:00'), 0],
    ]),
  ).toEqual([
    { time: axisTime(at('09:00')), value: 100 },
    { time: axisTime(at('09:01')), value: 101 },
  ]);
});

describe('what is shaded', () => {
  const gaps = [
    { from: at('10:00'), to: at('10:05'), cause: 'network', keys: [] },
    { from: at('10:58'), to: null, cause: 'network', keys: ['NSE:NIFTY 50'] },
    { from: at('10:30'), to: at('10:31'), cause: 'mute', keys: ['BSE:SENSEX'] },
  ] as const;
  const shaded = (rows: readonly CandleRow[], some: readonly GapState[] = gaps): unknown[] =>
    shadedSpans({ sessions: spot, gaps: gapsOf(some, 'NSE:NIFTY 50'), rows, now: at('11:00') }, colors).map(
      ({ from, to, label }) => [from, to, label],
    );
  const auctions = [
    [axisTime(at('09:00')), axisTime(at('09:15')), 'Pre-open'],
    [axisTime(at('15:15')), axisTime(at('15:35')), 'Closing auction'],
  ];

  test('auctions and the outages of the instrument are, continuous trading is not', () => {
    expect(shaded([])).toEqual([
      ...auctions,
      [axisTime(at('10:00')), axisTime(at('10:05')), 'No data'],
      [axisTime(at('10:58')), axisTime(at('11:00')), 'No data'],
    ]);
  });

  test('the minutes of an outage that have a candle again are not', () => {
    const refilled = ['10:00', '10:01', '10:03', '10:04'].map((time) => candle(time));
    expect(shaded(refilled, gaps.slice(0, 1))).toEqual([
      ...auctions,
      [axisTime(at('10:02')), axisTime(at('10:03')), 'No data'],
    ]);
  });

  test('nor are minutes in which Kite lists no trade, as its candle of a later one says', () => {
    const settled = (time: string): CandleRow => candle(time, 'settled');
    expect(shaded([settled('10:00'), candle('10:04')], gaps.slice(0, 1))).toHaveLength(3);
    expect(shaded([settled('10:00'), settled('10:04')], gaps.slice(0, 1))).toEqual(auctions);
  });

  test('an outage of the pre-open stays: nobody has its prices any more', () => {
    const gap = { from: at('09:03'), to: at('09:05'), cause: 'network', keys: [] } as const;
    expect(shaded([candle('09:15', 'settled')], [gap])).toEqual([
      ...auctions,
      [axisTime(at('09:03')), axisTime(at('09:05')), 'No data'],
    ]);
  });

  test('candles that may lack ticks are marked until Kite has settled them, outage or not', () => {
    const rows = [
      candle('09:59'),
      candle('10:00', 'doubtful'),
      candle('10:01', 'doubtful'),
      candle('10:02', 'settled'),
    ];
    expect(shaded(rows, [])).toEqual([...auctions, [axisTime(at('10:00')), axisTime(at('10:02')), 'Incomplete']]);
  });
});
