import { describe, expect, it, test } from 'vitest';
import { calendarDataSchema } from '../../../src/market/calendar-schema.ts';
import { type LooseRows, looseRows } from './calendar-fixture.ts';

/** The row of a list that passes `test`; fails loudly when the data no longer has it. */
function rowOf<Row>(rows: readonly Row[], test: (row: Row) => boolean): Row {
  const row = rows.find(test);
  if (row === undefined) throw new Error('no such row in the bundled data');
  return row;
}

const regime = (rows: LooseRows, id: string): LooseRows['regimes'][number] =>
  rowOf(rows.regimes, (row) => row.id === id);
const special = (rows: LooseRows, date: string): LooseRows['specials'][number] =>
  rowOf(rows.specials, (row) => row.date === date);

const sessionTo1530 = { phase: 'continuous', from: '09:15', to: '15:30' };
const evidence = { source: 'a circular', confidence: 'high' };

describe('the calendar data schema', () => {
  it('accepts the bundled file', () => {
    expect(calendarDataSchema.safeParse(looseRows()).success).toBe(true);
  });

  it('accepts a year with ten closures', () => {
    const rows = looseRows();
    const of2025 = rows.closures.filter((row) => row.date.startsWith('2025'));
    rows.closures = rows.closures.filter((row) => !of2025.slice(10).includes(row));
    expect(calendarDataSchema.safeParse(rows).error?.message).toBeUndefined();
  });

  const damages: [string, (rows: LooseRows) => void, RegExp][] = [
    [
      'phases that overlap',
      (rows) => {
        regime(rows, 'cash-session').phases = [sessionTo1530, { phase: 'transition', from: '15:29', to: '15:40' }];
      },
      /overlap/,
    ],
    [
      'phases with a hole',
      (rows) => {
        regime(rows, 'cash-session').phases = [sessionTo1530, { phase: 'transition', from: '15:31', to: '15:40' }];
      },
      /hole/,
    ],
    [
      'a pre-open that does not reach the session',
      (rows) => {
        regime(rows, 'index-session').phases = [{ phase: 'continuous', from: '09:20', to: '15:30' }];
      },
      /the day of NSE_INDEX has no session, overlaps or leaves a hole from 2024-01-01/,
    ],
    [
      'a segment without a session',
      (rows) => {
        const row = regime(rows, 'derivatives-session');
        row.segments = row.segments.filter((segment) => segment !== 'BFO_OPT');
      },
      /the day of BFO_OPT has no session/,
    ],
    [
      'session phases in a pre-open row',
      (rows) => regime(rows, 'futures-pre-open-introduced').phases.push(sessionTo1530),
      /do not belong to its part/,
    ],
    [
      'a phase that ends before it starts',
      (rows) => {
        regime(rows, 'derivatives-session').phases = [{ phase: 'continuous', from: '15:30', to: '09:15' }];
      },
      /ends before it starts/,
    ],
    [
      'a random end outside its phase',
      (rows) => {
        regime(rows, 'derivatives-session').phases = [{ ...sessionTo1530, randomEndFrom: '15:30' }];
      },
      /random end lies outside/,
    ],
    [
      'a time that is none',
      (rows) => Object.assign(regime(rows, 'cash-session').phases[0] ?? {}, { from: '9:15' }),
      /HH:MM/,
    ],
    ['an unknown segment', (rows) => regime(rows, 'cash-session').segments.push('MCX_FUT'), /NSE_INDEX/],
    [
      'two rows for the same segment, part and date',
      (rows) => rows.regimes.push({ ...regime(rows, 'index-session'), id: 'index-session-again' }),
      /regime of NSE_INDEX given twice: session 2024-01-01/,
    ],
    [
      'a year with fewer than ten closures',
      (rows) => {
        const of2025 = rows.closures.filter((row) => row.date.startsWith('2025'));
        rows.closures = rows.closures.filter((row) => !of2025.slice(9).includes(row));
      },
      /2025 has 9 closures/,
    ],
    [
      'a year in coverage without any list',
      (rows) => {
        rows.coverage.to = '2027-12-31';
      },
      /2027 has 0 closures/,
    ],
    [
      'coverage of part of a year',
      (rows) => {
        rows.coverage.to = '2026-11-30';
      },
      /whole years/,
    ],
    [
      'coverage that ends before it starts',
      (rows) => {
        rows.coverage.from = '2027-01-01';
      },
      /ends before it starts/,
    ],
    [
      'a closure outside the coverage',
      (rows) => rows.closures.push({ date: '2027-01-26', name: 'Republic Day', ...evidence }),
      /2027-01-26 lies outside the coverage/,
    ],
    [
      'a closure on a weekend',
      (rows) => rows.closures.push({ date: '2026-11-21', name: 'Saturday', ...evidence }),
      /closure 2026-11-21 is on a weekend/,
    ],
    [
      'a date given twice',
      (rows) => rows.closures.push({ date: '2026-11-24', name: 'Again', ...evidence }),
      /closure given twice: 2026-11-24/,
    ],
    [
      'a date that does not exist',
      (rows) => rows.closures.push({ date: '2026-02-30', name: 'Never', ...evidence }),
      /not a calendar date/,
    ],
    [
      'a row without a source',
      (rows) => rows.closures.push({ date: '2026-11-25', name: 'Rumour', confidence: 'low' }),
      /source/,
    ],
    [
      'windows that overlap',
      (rows) => {
        special(rows, '2024-11-01').windows = [
          { phases: [{ phase: 'continuous', from: '18:00', to: '19:00' }] },
          { segments: ['NFO_FUT'], phases: [{ phase: 'continuous', from: '18:30', to: '19:10' }] },
        ];
      },
      /windows overlap/,
    ],
    [
      'a window without continuous trading',
      (rows) => {
        special(rows, '2024-11-01').windows = [{ phases: [{ phase: 'buffer', from: '18:00', to: '19:00' }] }];
      },
      /without continuous trading/,
    ],
    ['an unpublished session without a span to watch', (rows) => delete special(rows, '2026-11-08').watch, /watch/],
    [
      'an expiry rule given twice',
      (rows) => rows.expiryRules.push({ ...rows.expiryRules[0] }),
      /expiry rule given twice: NIFTY 2024-01/,
    ],
    [
      'a field it does not know',
      (rows) => {
        rows.timezone = 'Asia/Kolkata';
      },
      /timezone/,
    ],
  ];

  test.each(damages)('refuses %s', (_title, damage, complaint) => {
    const rows = looseRows();
    damage(rows);
    const result = calendarDataSchema.safeParse(rows);
    expect(result.error?.message).toMatch(complaint);
  });

  test.each([
    ['nothing', undefined],
    ['a fragment', { coverage: {} }],
    ['a web page', '<html></html>'],
  ])('refuses %s in place of a file', (_title, value) => {
    expect(calendarDataSchema.safeParse(value).success).toBe(false);
  });
});
