import { describe, expect, it, test } from 'vitest';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import type { Underlying } from '../../../src/market/calendar.ts';
import data from '../../../src/market/calendar-data.json' with { type: 'json' };
import { instantOf, istTimeOf } from '../../../src/market/ist.ts';
import { type Segment, segments } from '../../../src/market/segments.ts';

const calendar = bundledCalendar();

/** A segment's day as text: `continuous 09:15-15:30`, a random end as `pre-open-entry 09:00-(09:07)09:08`. */
function timetable(date: string, segment: Segment): string[] {
  const clock = (ms: number): string => istTimeOf(ms).slice(0, 5);
  return (calendar.day(date).segments.get(segment) ?? []).map(({ phase, startMs, endMs, randomEnd }) => {
    const random = randomEnd === null ? '' : `(${clock(randomEnd.fromMs)})`;
    return `${phase} ${clock(startMs)}-${random}${clock(endMs)}`;
  });
}

const eightMinutePreOpen = ['pre-open-entry 09:00-(09:07)09:08', 'pre-open-matching 09:08-09:12', 'buffer 09:12-09:15'];
const limitOnlyPreOpen = [
  'pre-open-entry 09:00-09:05',
  'pre-open-limit 09:05-(09:08)09:10',
  'pre-open-matching 09:10-09:12',
  'buffer 09:12-09:15',
];
const closingAuction = [
  'continuous 09:15-15:15',
  'auction-reference 15:15-15:20',
  'auction-entry 15:20-15:25',
  'auction-limit 15:25-(15:28)15:30',
  'auction-matching 15:30-15:35',
  'transition 15:35-15:50',
  'post-close 15:50-16:00',
];
const oldCash = ['continuous 09:15-15:30', 'transition 15:30-15:40', 'post-close 15:40-16:00'];
const newCash = ['continuous 09:15-15:30', 'transition 15:30-15:50', 'post-close 15:50-16:00'];
const indexWithAuction = ['continuous 09:15-15:15', 'frozen 15:15-15:30', 'close-discovery 15:30-15:35'];
const [to1530, to1540] = [['continuous 09:15-15:30'], ['continuous 09:15-15:40']];

describe('regimes', () => {
  // Each pair of dates is the last trading day before a rule changed and the first one after.
  test.each<[string, string, string[]]>([
    ['2024-01-01', 'INDEX', [...eightMinutePreOpen, ...to1530]],
    ['2024-01-01', 'CASH', [...eightMinutePreOpen, ...oldCash]],
    ['2025-12-05', 'FUT', to1530],
    ['2025-12-08', 'FUT', [...eightMinutePreOpen, ...to1530]],
    ['2025-12-08', 'OPT', to1530],
    ['2026-07-31', 'INDEX', [...eightMinutePreOpen, ...to1530]],
    ['2026-08-03', 'INDEX', [...eightMinutePreOpen, ...indexWithAuction]],
    ['2026-07-31', 'CASH', [...eightMinutePreOpen, ...oldCash]],
    ['2026-08-03', 'CASH_CAS', [...eightMinutePreOpen, ...closingAuction]],
    ['2026-08-03', 'CASH_NONCAS', [...eightMinutePreOpen, ...newCash]],
    ['2026-07-31', 'FUT', [...eightMinutePreOpen, ...to1530]],
    ['2026-08-03', 'FUT', [...eightMinutePreOpen, ...to1540]],
    ['2026-07-31', 'OPT', to1530],
    ['2026-08-03', 'OPT', to1540],
    ['2026-09-04', 'INDEX', [...eightMinutePreOpen, ...indexWithAuction]],
    ['2026-09-07', 'INDEX', [...limitOnlyPreOpen, ...indexWithAuction]],
    ['2026-09-04', 'CASH_CAS', [...eightMinutePreOpen, ...closingAuction]],
    ['2026-09-07', 'CASH_CAS', [...limitOnlyPreOpen, ...closingAuction]],
    ['2026-09-04', 'CASH_NONCAS', [...eightMinutePreOpen, ...newCash]],
    ['2026-09-07', 'CASH_NONCAS', [...limitOnlyPreOpen, ...newCash]],
    ['2026-09-04', 'FUT', [...eightMinutePreOpen, ...to1540]],
    ['2026-09-07', 'FUT', [...limitOnlyPreOpen, ...to1540]],
    ['2026-09-07', 'OPT', to1540],
  ])('on %s the %s segments of both exchanges keep the hours of their regime', (date, family, expected) => {
    const members = segments.filter((segment) => segment.includes(`_${family}`));
    expect(members.length).toBeGreaterThanOrEqual(2);
    for (const segment of members) expect(timetable(date, segment), segment).toEqual(expected);
  });

  test.each<[string, string, string, string]>([
    ['2026-09-04', '09:07:30', 'NFO_FUT', 'pre-open-entry'],
    ['2026-09-07', '09:07:30', 'NFO_FUT', 'pre-open-limit'],
    ['2026-09-04', '09:09:59', 'NSE_CASH_CAS', 'pre-open-matching'],
    ['2026-09-07', '09:09:59', 'NSE_CASH_CAS', 'pre-open-limit'],
    ['2026-09-04', '09:10:00', 'NSE_INDEX', 'pre-open-matching'],
    ['2026-09-07', '09:10:00', 'NSE_INDEX', 'pre-open-matching'],
    ['2026-09-07', '08:59:59', 'NSE_INDEX', 'closed'],
    ['2026-11-23', '15:14:59', 'NSE_INDEX', 'continuous'],
    ['2026-11-23', '15:15:00', 'NSE_INDEX', 'frozen'],
    ['2026-11-23', '15:30:00', 'BSE_INDEX', 'close-discovery'],
    ['2026-11-23', '15:35:00', 'BSE_INDEX', 'closed'],
    ['2026-11-23', '15:14:59', 'BSE_CASH_CAS', 'continuous'],
    ['2026-11-23', '15:15:00', 'BSE_CASH_CAS', 'auction-reference'],
    ['2026-11-23', '15:15:00', 'NSE_CASH_NONCAS', 'continuous'],
    ['2026-11-23', '15:39:59', 'NSE_CASH_NONCAS', 'transition'],
    ['2026-11-23', '15:15:00', 'BFO_FUT', 'continuous'],
    ['2026-11-23', '15:39:59', 'BFO_FUT', 'continuous'],
    ['2026-11-23', '15:40:00', 'BFO_FUT', 'closed'],
    ['2026-11-23', '15:39:59', 'NFO_OPT', 'continuous'],
    ['2026-11-23', '15:40:00', 'NFO_OPT', 'closed'],
    ['2026-07-31', '15:29:59', 'NFO_FUT', 'continuous'],
    ['2026-07-31', '15:30:00', 'NFO_FUT', 'closed'],
  ])('on %s at %s %s is in %s', (date, time, segment, phase) => {
    expect(calendar.segmentPhase(segment as Segment, instantOf(date, time))).toBe(phase);
  });

  it('gives the random close as an interval within which matching may begin', () => {
    const entry = calendar.interval('NSE_CASH_CAS', instantOf('2026-11-23', '09:08:30'));
    expect(entry?.phase).toBe('pre-open-limit');
    expect(entry?.randomEnd).toEqual({
      fromMs: instantOf('2026-11-23', '09:08'),
      toMs: instantOf('2026-11-23', '09:10'),
    });
    expect(calendar.interval('NSE_CASH_CAS', instantOf('2026-11-23', '09:13'))?.randomEnd).toBeNull();
  });
});

describe('days', () => {
  test.each([
    ['2026-11-23', 'trading', 'regular trading day', 'known'],
    ['2026-11-24', 'holiday', 'Guru Nanak Jayanti', 'known'],
    ['2026-11-21', 'weekend', 'Saturday', 'known'],
    ['2026-08-15', 'weekend', 'Saturday, Independence Day', 'known'],
    ['2026-01-15', 'holiday', 'Maharashtra municipal elections', 'known'],
    ['2026-04-01', 'trading', 'regular trading day', 'known'],
    ['2024-01-22', 'holiday', 'Ram Mandir consecration', 'known'],
    ['2024-05-20', 'holiday', 'Lok Sabha elections in Mumbai', 'known'],
    ['2024-11-20', 'holiday', 'Maharashtra Assembly elections', 'known'],
    ['2026-02-01', 'special', 'Union Budget session', 'known'],
    ['2025-02-01', 'special', 'Union Budget session', 'known'],
    ['2024-01-20', 'special', 'Full Saturday session', 'known'],
    ['2026-11-08', 'special', 'Muhurat trading', 'unpublished'],
    ['2027-01-04', 'unknown', 'the calendar covers only 2024-01-01 to 2026-12-31', 'assumed'],
    ['2027-01-26', 'unknown', 'the calendar covers only 2024-01-01 to 2026-12-31', 'assumed'],
    ['2023-12-29', 'unknown', 'the calendar covers only 2024-01-01 to 2026-12-31', 'assumed'],
    ['2027-01-02', 'weekend', 'Saturday; the calendar covers only 2024-01-01 to 2026-12-31', 'assumed'],
  ])('%s is %s: %s', (date, kind, reason, hours) => {
    expect(calendar.day(date)).toMatchObject({ date, kind, reason, hours });
  });

  it('has the closures of three years, one name each', () => {
    const holidays = (year: number): number => {
      let count = 0;
      for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += 86_400_000) {
        const { kind, reason } = calendar.day(new Date(ms).toISOString().slice(0, 10));
        if (kind === 'holiday' || reason === 'Muhurat trading') count += 1;
      }
      return count;
    };
    // 2024 and 2025 list a weekday Muhurat among the closures; that of 2026 is on a Sunday, beside 16 closures.
    expect([holidays(2024), holidays(2025), holidays(2026)]).toEqual([17, 14, 17]);
  });

  it('trades nothing on holidays and weekends', () => {
    for (const date of ['2026-11-24', '2026-11-21', '2027-01-02']) expect(calendar.day(date).segments.size).toBe(0);
  });

  it('assumes the hours of the nearest known regime on a weekday beyond the data, and still calls it unknown', () => {
    expect(timetable('2027-01-04', 'NFO_FUT')).toEqual([...limitOnlyPreOpen, ...to1540]);
    expect(timetable('2023-12-29', 'NFO_FUT')).toEqual(to1530);
    expect(calendar.segmentPhase('NFO_FUT', instantOf('2027-01-04', '10:00'))).toBe('unknown');
    expect(calendar.interval('NFO_FUT', instantOf('2027-01-04', '10:00'))?.phase).toBe('continuous');
    expect(calendar.day('2027-01-04').confidence).toBe('low');
  });

  it('refuses what is not a date', () => {
    for (const text of ['2026-02-29', '2026-13-01', '23-11-2026', '']) {
      expect(() => calendar.day(text)).toThrow(RangeError);
    }
  });

  it('names a source for every day it covers', () => {
    for (let ms = Date.UTC(2024, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 86_400_000) {
      expect(calendar.day(new Date(ms).toISOString().slice(0, 10)).source).not.toBe('');
    }
  });
});

describe('special sessions', () => {
  it.each([
    ['2026-02-01', [...eightMinutePreOpen, ...to1530]],
    ['2025-02-01', to1530],
    ['2024-01-20', to1530],
  ])('%s runs the whole regime of its date', (date, expected) => {
    expect(timetable(date, 'NFO_FUT')).toEqual(expected);
  });

  it('keeps two windows with a closed gap on the drill of 2024-03-02', () => {
    expect(timetable('2024-03-02', 'NSE_INDEX')).toEqual([
      'pre-open-entry 09:00-(09:07)09:08',
      'pre-open-matching 09:08-09:12',
      'buffer 09:12-09:15',
      'continuous 09:15-10:00',
      'pre-open-entry 11:15-(11:22)11:23',
      'pre-open-matching 11:23-11:27',
      'buffer 11:27-11:30',
      'continuous 11:30-12:30',
    ]);
    expect(timetable('2024-03-02', 'NFO_FUT')).toEqual(['continuous 09:15-10:00', 'continuous 11:30-12:30']);
    const subscribed = ['NSE_INDEX', 'NFO_FUT'] as const;
    expect(calendar.marketPhase(subscribed, instantOf('2024-03-02', '10:00'))).toBe('closed');
    expect(calendar.nextChange(subscribed, instantOf('2024-03-02', '10:30'))).toEqual({
      phase: 'pre-open',
      atMs: instantOf('2024-03-02', '11:15'),
    });
  });

  it('has the second part of 2024-05-18 from 11:30 to 12:30, with its pre-open at 11:15 (observed, row D)', () => {
    const second = ['pre-open-entry 11:15-(11:22)11:23', 'pre-open-matching 11:23-11:27', 'buffer 11:27-11:30'];
    for (const segment of ['NSE_INDEX', 'BSE_INDEX', 'NSE_CASH_CAS'] as const)
      expect(timetable('2024-05-18', segment).slice(4, 8)).toEqual([...second, 'continuous 11:30-12:30']);
    expect(timetable('2024-05-18', 'NFO_FUT')).toEqual(['continuous 09:15-10:00', 'continuous 11:30-12:30']);
  });

  it.each([
    ['2024-05-18', ['continuous 09:15-10:00', 'continuous 11:30-12:30']],
    ['2024-11-01', ['continuous 18:00-19:00']],
    ['2025-10-21', ['continuous 13:45-14:45']],
  ])('%s trades in its own windows, though it may be on the list of closures', (date, expected) => {
    expect(calendar.day(date).kind).toBe('special');
    expect(timetable(date, 'BFO_OPT')).toEqual(expected);
  });

  it('knows of a Muhurat whose hours nobody published, and when to watch', () => {
    const day = calendar.day('2026-11-08');
    expect(day.segments.size).toBe(0);
    expect(day.watch).toEqual({ startMs: instantOf('2026-11-08', '13:15'), endMs: instantOf('2026-11-08', '19:15') });
    expect(calendar.marketPhase(['NSE_INDEX'], instantOf('2026-11-08', '12:00'))).toBe('unknown');
    expect(calendar.segmentPhase('NSE_INDEX', instantOf('2026-11-08', '18:30'))).toBe('unknown');
    expect(calendar.nextChange(['NSE_INDEX'], instantOf('2026-11-08', '18:30'))).toEqual({
      phase: 'closed',
      atMs: instantOf('2026-11-09', '00:00'),
    });
  });
});

describe('trading days', () => {
  test.each([
    ['2026-11-25', '2026-11-23', 'over a holiday'],
    ['2026-11-09', '2026-11-06', 'over a Muhurat Sunday'],
    ['2026-02-02', '2026-02-01', 'to a Budget Sunday'],
    ['2024-01-23', '2024-01-20', 'over a closure to a full Saturday'],
    ['2024-03-04', '2024-03-01', 'over a drill'],
    ['2025-10-23', '2025-10-20', 'over a weekday Muhurat and a holiday'],
    ['2027-01-01', '2026-12-31', 'from the first day beyond the data'],
  ])('the one before %s is %s, %s', (date, expected) => {
    expect(calendar.previousTradingDay(date)).toBe(expected);
  });

  test.each([
    ['2026-11-23', '2026-11-25'],
    ['2026-01-30', '2026-02-01'],
    ['2026-11-07', '2026-11-09'],
    ['2024-10-31', '2024-11-04'],
  ])('the one after %s is %s', (date, expected) => {
    expect(calendar.nextTradingDay(date)).toBe(expected);
  });

  it('are not guessed across days beyond the data', () => {
    expect(calendar.nextTradingDay('2026-12-31')).toBeNull();
    expect(calendar.previousTradingDay('2027-01-05')).toBeNull();
    expect(calendar.previousTradingDay('2024-01-01')).toBeNull();
  });
});

describe('monthly expiries', () => {
  const of2026: [number, string, string][] = [
    [1, '2026-01-27', '2026-01-29'],
    [2, '2026-02-24', '2026-02-26'],
    [3, '2026-03-30', '2026-03-25'],
    [4, '2026-04-28', '2026-04-30'],
    [5, '2026-05-26', '2026-05-27'],
    [6, '2026-06-30', '2026-06-25'],
    [7, '2026-07-28', '2026-07-30'],
    [8, '2026-08-25', '2026-08-27'],
    [9, '2026-09-29', '2026-09-24'],
    [10, '2026-10-27', '2026-10-29'],
    [11, '2026-11-23', '2026-11-26'],
    [12, '2026-12-29', '2026-12-31'],
  ];
  test.each(of2026)('month %i of 2026 ends on %s (NSE) and %s (BSE)', (month, nse, bse) => {
    expect(calendar.monthlyExpiry('NIFTY', 2026, month)).toBe(nse);
    expect(calendar.monthlyExpiry('BANKNIFTY', 2026, month)).toBe(nse);
    expect(calendar.monthlyExpiry('SENSEX', 2026, month)).toBe(bse);
  });

  test.each<[Underlying, number, number, string]>([
    ['NIFTY', 2024, 3, '2024-03-28'],
    ['NIFTY', 2025, 8, '2025-08-28'],
    ['NIFTY', 2025, 9, '2025-09-30'],
    ['BANKNIFTY', 2024, 2, '2024-02-29'],
    ['BANKNIFTY', 2024, 3, '2024-03-27'],
    ['BANKNIFTY', 2024, 12, '2024-12-24'],
    ['BANKNIFTY', 2025, 1, '2025-01-30'],
    ['BANKNIFTY', 2025, 8, '2025-08-28'],
    ['BANKNIFTY', 2025, 9, '2025-09-30'],
    ['SENSEX', 2024, 3, '2024-03-28'],
    ['SENSEX', 2024, 12, '2024-12-27'],
    ['SENSEX', 2025, 1, '2025-01-28'],
    ['SENSEX', 2025, 8, '2025-08-26'],
    ['SENSEX', 2025, 9, '2025-09-25'],
  ])('%s %i-%i ends on %s by the rule of its time', (underlying, year, month, expected) => {
    expect(calendar.monthlyExpiry(underlying, year, month)).toBe(expected);
  });

  test.each([
    ['BANKNIFTY', '2024-01', 'thursday'],
    ['BANKNIFTY', '2024-03', 'wednesday'],
    ['SENSEX', '2024-01', 'friday'],
    ['SENSEX', '2025-01', 'tuesday'],
  ])('follow a rule for %s from %s on that is known for certain: %s (observed, row I)', (underlying, from, weekday) => {
    const rule = data.expiryRules.find((row) => row.underlying === underlying && row.fromMonth === from);
    expect(rule).toMatchObject({ lastWeekday: weekday, confidence: 'high' });
  });

  it('are unknown outside rules and coverage', () => {
    expect(calendar.monthlyExpiry('NIFTY', 2027, 1)).toBeNull();
    expect(calendar.monthlyExpiry('NIFTY', 2023, 12)).toBeNull();
    expect(calendar.monthlyExpiry('NIFTY', 2026, 13)).toBeNull();
  });
});
