import { describe, expect, it } from 'vitest';
import { weeklyExpiries } from '../../exchange/market/expiries.ts';
import { calendar } from './market-bench.ts';

describe('weekly expiries', () => {
  it.each([
    ['SENSEX', '2024-06-12', ['2024-06-14', '2024-06-21', '2024-06-28']],
    ['SENSEX', '2024-12-12', ['2024-12-13', '2024-12-20', '2024-12-27']],
    ['SENSEX', '2024-12-28', ['2025-01-03', '2025-01-07']],
    ['SENSEX', '2025-09-05', ['2025-09-11']],
    ['BANKNIFTY', '2024-06-12', ['2024-06-12', '2024-06-19', '2024-06-26']],
    // In January and February 2024 the monthly was a Thursday, with no weekly beside it.
    ['BANKNIFTY', '2024-01-18', ['2024-01-25', '2024-01-31']],
    ['NIFTY', '2026-10-14', ['2026-10-19', '2026-10-27']],
  ] as const)('of %s from %s are %j, as they were', (underlying, date, expected) => {
    expect(weeklyExpiries(calendar, underlying, date, expected.length)).toEqual(expected);
  });

  it('of BANKNIFTY end with 13 November 2024', () => {
    expect(weeklyExpiries(calendar, 'BANKNIFTY', '2024-11-07', 3)).toEqual(['2024-11-13']);
    expect(weeklyExpiries(calendar, 'BANKNIFTY', '2026-11-23', 2)).toEqual([]);
  });
});
