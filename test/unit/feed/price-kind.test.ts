import { describe, expect, it } from 'vitest';
import { priceKind } from '../../../src/feed/price-kind.ts';
import { segmentDay } from '../../../src/feed/segment-day.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { istDateOf } from '../../../src/market/ist.ts';
import type { Segment } from '../../../src/market/segments.ts';
import { at } from './instruments.ts';

const calendar = bundledCalendar();

interface Case {
  readonly segment: Segment | null;
  readonly now: number;
  /** Default: the same instant. */
  readonly exchangeTime?: number;
  readonly lastTrade?: number;
}

function kindOf({ segment, now, exchangeTime = now, lastTrade = exchangeTime }: Case): string {
  const day = segmentDay(calendar.day(istDateOf(now)), segment);
  return priceKind(day, exchangeTime, lastTrade, now);
}

describe('the kind of a price with a fresh time stamp', () => {
  it.each<[Segment, string, string]>([
    ['NSE_INDEX', '00:00:00', 'previous-close'],
    ['NSE_INDEX', '08:38:00', 'previous-close'],
    ['NSE_INDEX', '08:59:59', 'previous-close'],
    ['NSE_INDEX', '09:00:00', 'indicative'],
    ['NSE_INDEX', '09:09:59', 'indicative'],
    ['NSE_INDEX', '09:14:59', 'indicative'],
    ['NSE_INDEX', '09:15:00', 'live'],
    ['NSE_INDEX', '15:14:59', 'live'],
    ['NSE_INDEX', '15:15:00', 'frozen'],
    ['NSE_INDEX', '15:34:59', 'frozen'],
    ['NSE_INDEX', '15:35:00', 'frozen'],
    ['NSE_INDEX', '23:59:59', 'frozen'],
    ['BSE_INDEX', '09:14:59', 'indicative'],
    ['BSE_INDEX', '15:15:00', 'frozen'],
    ['NFO_FUT', '08:59:59', 'previous-close'],
    ['NFO_FUT', '09:00:00', 'indicative'],
    ['NFO_FUT', '09:15:00', 'live'],
    ['NFO_FUT', '15:15:00', 'live'],
    ['NFO_FUT', '15:39:59', 'live'],
    ['NFO_FUT', '15:40:00', 'frozen'],
    ['NFO_OPT', '09:05:00', 'previous-close'],
    ['NFO_OPT', '09:14:59', 'previous-close'],
    ['NFO_OPT', '09:15:00', 'live'],
    ['BFO_OPT', '15:40:00', 'frozen'],
    ['NSE_CASH_CAS', '15:14:59', 'live'],
    ['NSE_CASH_CAS', '15:15:00', 'frozen'],
    ['NSE_CASH_CAS', '15:20:00', 'indicative'],
    ['NSE_CASH_CAS', '15:34:59', 'indicative'],
    ['NSE_CASH_CAS', '15:35:00', 'frozen'],
    ['NSE_CASH_NONCAS', '15:29:59', 'live'],
    ['NSE_CASH_NONCAS', '15:30:00', 'frozen'],
  ])('of %s at %s is %s', (segment, time, kind) => {
    expect(kindOf({ segment, now: at(time) })).toBe(kind);
  });

  it.each<[string, string, Segment, string]>([
    ['a holiday', '2026-11-24', 'NSE_INDEX', 'previous-close'],
    ['a holiday', '2026-11-24', 'NFO_FUT', 'previous-close'],
    ['a Saturday', '2026-11-28', 'NSE_INDEX', 'previous-close'],
    ['a trading Sunday', '2026-02-01', 'NSE_INDEX', 'live'],
    ['a weekday beyond the calendar', '2027-01-04', 'NSE_INDEX', 'live'],
    ['a weekday beyond the calendar', '2027-01-04', 'NFO_FUT', 'live'],
  ])('at noon of %s (%s) is, for %s, %s', (_, date, segment, kind) => {
    expect(kindOf({ segment, now: at('12:00:00', date) })).toBe(kind);
  });
});

describe('the kind of a price from another time', () => {
  const yesterday = at('15:39:59', '2026-11-20');

  it.each<[string, Case, string]>([
    ['yesterday, seen in session', { segment: 'NFO_FUT', now: at('10:00'), exchangeTime: yesterday }, 'previous-close'],
    [
      'yesterday, seen in pre-open',
      { segment: 'NFO_FUT', now: at('09:05'), exchangeTime: yesterday },
      'previous-close',
    ],
    ['yesterday, of an index', { segment: 'NSE_INDEX', now: at('10:00'), exchangeTime: yesterday }, 'previous-close'],
    ['no time at all', { segment: 'NFO_FUT', now: at('10:00'), exchangeTime: 0 }, 'previous-close'],
    [
      'the pre-open, seen live',
      { segment: 'NFO_FUT', now: at('09:15:01'), exchangeTime: at('09:14:58') },
      'indicative',
    ],
    [
      'the pre-open, seen after the close',
      { segment: 'NFO_FUT', now: at('16:00'), exchangeTime: at('09:14:58') },
      'frozen',
    ],
    ['earlier in the session', { segment: 'NFO_OPT', now: at('14:00'), exchangeTime: at('10:15') }, 'live'],
    [
      'the session, seen in the auction',
      { segment: 'NSE_CASH_CAS', now: at('15:25'), exchangeTime: at('15:14:59') },
      'frozen',
    ],
    [
      'the session, seen after the close',
      { segment: 'NFO_FUT', now: at('15:40:00'), exchangeTime: at('15:39:59') },
      'frozen',
    ],
    ['a PC clock running late', { segment: 'NFO_FUT', now: at('09:14:57'), exchangeTime: at('09:15:00') }, 'live'],
  ])('%s', (_, given, kind) => {
    expect(kindOf({ lastTrade: given.exchangeTime ?? given.now, ...given })).toBe(kind);
  });

  it('is the previous close while only the order book of a contract has moved today', () => {
    expect(kindOf({ segment: 'NFO_OPT', now: at('10:00'), lastTrade: yesterday })).toBe('previous-close');
    expect(kindOf({ segment: 'NFO_OPT', now: at('15:50'), exchangeTime: at('15:39'), lastTrade: yesterday })).toBe(
      'previous-close',
    );
  });

  it('goes by the exchange time alone where no hours are kept', () => {
    expect(kindOf({ segment: null, now: at('22:00') })).toBe('live');
    expect(kindOf({ segment: null, now: at('10:00'), exchangeTime: yesterday })).toBe('previous-close');
  });
});

describe('the kind of a price in a session whose hours nobody has published', () => {
  const day = calendar.day('2026-11-08');
  const watch = day.watch ?? { startMs: 0, endMs: 0 };
  const inside = (watch.startMs + watch.endMs) / 2;

  it('is live only with a trade of the day', () => {
    expect(day.hours).toBe('unpublished');
    expect(kindOf({ segment: 'NFO_FUT', now: inside })).toBe('live');
    expect(kindOf({ segment: 'NFO_FUT', now: inside, lastTrade: at('15:39', '2026-11-06') })).toBe('previous-close');
    expect(kindOf({ segment: 'NFO_FUT', now: watch.endMs + 1, exchangeTime: inside })).toBe('frozen');
    expect(kindOf({ segment: 'NFO_FUT', now: watch.startMs - 1000 })).toBe('previous-close');
  });

  it('is never live for an index, which has no trades to show', () => {
    expect(kindOf({ segment: 'NSE_INDEX', now: inside, lastTrade: 0 })).toBe('indicative');
  });
});
