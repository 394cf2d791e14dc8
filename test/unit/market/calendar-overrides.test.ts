import { describe, expect, it, test } from 'vitest';
import { calendarOverridesSchema, type OverrideRow } from '../../../src/market/calendar-overrides.ts';
import { calendarDataSchema } from '../../../src/market/calendar-schema.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { createCalendar } from '../../../src/market/trading-calendar.ts';
import { bundledData, looseRows } from './calendar-fixture.ts';

const data = bundledData();
const bundled = createCalendar(data);
const evening = [{ phases: [{ phase: 'continuous' as const, from: '18:00', to: '19:00' }] }];

const calendarWith = (...days: OverrideRow[]): ReturnType<typeof createCalendar> => createCalendar(data, { days });

describe('precedence', () => {
  test.each([
    ['a trading day', '2026-11-23', 'trading'],
    ['a closure', '2026-11-24', 'holiday'],
    ['a weekend', '2026-11-21', 'weekend'],
    ['a full special session', '2026-02-01', 'special'],
    ['a special session in windows', '2025-10-21', 'special'],
    ['a special session with unknown hours', '2026-11-08', 'special'],
    ['a day beyond the data', '2027-01-04', 'unknown'],
  ])('an override wins over %s', (_title, date, without) => {
    expect(bundled.day(date).kind).toBe(without);

    const closed = calendarWith({ session: 'closed', date, reason: 'Closed today' }).day(date);
    expect(closed).toMatchObject({ kind: 'holiday', reason: 'Closed today', hours: 'known', watch: null });
    expect(closed.segments.size).toBe(0);

    const open = calendarWith({ session: 'open', date, reason: 'Open after all' });
    expect(open.day(date)).toMatchObject({ reason: 'Open after all', hours: 'known', watch: null });
    expect(open.segmentPhase('NFO_FUT', instantOf(date, '10:00'))).toBe('continuous');
    expect(open.nextTradingDay(previousDate(date))).toBe(date);

    const windows = calendarWith({ session: 'windows', date, reason: 'Evening session', windows: evening });
    expect(windows.day(date)).toMatchObject({
      kind: 'special',
      reason: 'Evening session',
      hours: 'known',
      watch: null,
    });
    expect(windows.segmentPhase('NFO_FUT', instantOf(date, '10:00'))).toBe('closed');
    expect(windows.segmentPhase('NFO_FUT', instantOf(date, '18:30'))).toBe('continuous');
    expect(windows.nextTradingDay(previousDate(date))).not.toBe(date);
  });

  it('puts a special session before a closure and before a weekend', () => {
    const listed = looseRows().closures.map((row) => row.date);
    expect(listed).toContain('2025-10-21');
    expect(bundled.day('2025-10-21').kind).toBe('special');
    expect(bundled.day('2026-02-01').kind).toBe('special');
  });

  it('puts a closure before the regime', () => {
    const rows = looseRows();
    rows.closures.push({ date: '2026-11-25', name: 'Declared', source: 'a circular', confidence: 'high' });
    const calendar = createCalendar(calendarDataSchema.parse(rows));
    expect(bundled.day('2026-11-25').kind).toBe('trading');
    expect(calendar.day('2026-11-25')).toMatchObject({ kind: 'holiday', reason: 'Declared', source: 'a circular' });
  });
});

describe('overrides', () => {
  it('call an opened weekday trading and an opened Sunday special', () => {
    expect(calendarWith({ session: 'open', date: '2026-11-24', reason: 'Moved' }).day('2026-11-24').kind).toBe(
      'trading',
    );
    expect(calendarWith({ session: 'open', date: '2026-11-22', reason: 'Budget' }).day('2026-11-22').kind).toBe(
      'special',
    );
  });

  it('touch no other date', () => {
    const calendar = calendarWith({ session: 'closed', date: '2026-11-23', reason: 'Closed today' });
    for (const date of ['2026-11-22', '2026-11-24', '2026-11-25']) {
      expect(calendar.day(date)).toEqual(bundled.day(date));
    }
  });

  it('move the monthly expiry when they close its day', () => {
    const calendar = calendarWith({ session: 'closed', date: '2026-11-23', reason: 'Closed today' });
    expect(calendar.monthlyExpiry('NIFTY', 2026, 11)).toBe('2026-11-20');
  });

  it('give segments that a window does not name no session, and options no pre-open', () => {
    const calendar = calendarWith({
      session: 'windows',
      date: '2027-10-29',
      reason: 'Muhurat trading',
      windows: [
        {
          segments: ['NFO_OPT'],
          phases: [{ phase: 'continuous', from: '18:00', to: '19:10' }],
        },
        {
          segments: ['NSE_INDEX', 'NFO_FUT'],
          phases: [
            { phase: 'pre-open-entry', from: '17:45', to: '18:00' },
            { phase: 'continuous', from: '18:00', to: '19:00' },
          ],
        },
      ],
    });
    expect([...calendar.day('2027-10-29').segments.keys()].sort()).toEqual(['NFO_FUT', 'NFO_OPT', 'NSE_INDEX']);
    expect(calendar.segmentPhase('NFO_OPT', instantOf('2027-10-29', '19:05'))).toBe('continuous');

    const forAll = calendarWith({
      session: 'windows',
      date: '2027-10-29',
      reason: 'Muhurat trading',
      windows: [
        {
          phases: [
            { phase: 'pre-open-entry', from: '17:45', to: '18:00' },
            { phase: 'continuous', from: '18:00', to: '19:00' },
          ],
        },
      ],
    });
    expect(forAll.segmentPhase('NFO_FUT', instantOf('2027-10-29', '17:50'))).toBe('pre-open-entry');
    expect(forAll.segmentPhase('NFO_OPT', instantOf('2027-10-29', '17:50'))).toBe('closed');
  });
});

describe('the overrides schema', () => {
  it('accepts each kind of row', () => {
    const days = [
      { session: 'open', date: '2026-11-24', reason: 'Moved' },
      { session: 'closed', date: '2026-11-23', reason: 'Declared today' },
      { session: 'windows', date: '2026-11-22', reason: 'Drill', windows: evening },
    ];
    expect(calendarOverridesSchema.parse({ days }).days).toHaveLength(3);
  });

  test.each([
    [
      'a date twice',
      [
        { session: 'open', date: '2026-11-24', reason: 'a' },
        { session: 'closed', date: '2026-11-24', reason: 'b' },
      ],
    ],
    ['no reason', [{ session: 'open', date: '2026-11-24' }]],
    ['an unknown session', [{ session: 'maybe', date: '2026-11-24', reason: 'a' }]],
    ['a bad date', [{ session: 'open', date: '24-11-2026', reason: 'a' }]],
    ['windows without hours', [{ session: 'windows', date: '2026-11-24', reason: 'a', windows: [] }]],
    ['a misspelt field', [{ session: 'open', date: '2026-11-24', reason: 'a', window: evening }]],
  ])('refuses %s', (_title, days) => {
    expect(calendarOverridesSchema.safeParse({ days }).success).toBe(false);
  });
});

function previousDate(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
