import { expect, test } from 'vitest';
import { isClosePending } from '../../../renderer/features/chart/close-pending.ts';
import type { CandleState } from '../../../src/contract/candle.ts';
import { marketStateAt } from '../../../src/desk/market-state.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { at } from '../feed/instruments.ts';

const calendar = bundledCalendar();

test.each<[now: string, last: string, state: CandleState, date: string, segment: string | null, isPending: boolean]>([
  ['15:14:59', '15:13:00', 'settled', '2026-11-23', 'NSE_INDEX', false],
  ['15:15:00', '15:14:00', 'provisional', '2026-11-23', 'NSE_INDEX', true],
  ['15:20:30', '15:19:00', 'settled', '2026-11-23', 'NSE_INDEX', true],
  ['15:37:00', '15:14:00', 'settled', '2026-11-23', 'NSE_INDEX', true],
  ['15:37:00', '15:28:00', 'settled', '2026-11-23', 'NSE_INDEX', true],
  ['15:37:00', '15:29:00', 'provisional', '2026-11-23', 'BSE_INDEX', true],
  ['15:43:00', '15:29:00', 'provisional', '2026-11-23', 'NSE_INDEX', true],
  ['15:43:00', '15:29:00', 'settled', '2026-11-23', 'NSE_INDEX', false],
  ['15:43:00', '15:14:00', 'settled', '2026-11-23', 'NSE_INDEX', true],
  ['15:37:00', '15:36:00', 'settled', '2026-11-23', 'NFO_FUT', false],
  ['15:37:00', '15:36:00', 'settled', '2026-11-23', null, false],
  // No closing auction yet: the close is worked out from trades.
  ['15:31:00', '15:29:00', 'settled', '2026-02-16', 'NSE_INDEX', false],
])('at %s with a last candle of %s (%s) on %s, for %s: %s', (now, last, state, date, segment, isPending) => {
  const { sessions } = marketStateAt(calendar, ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT'], at(now, date), null);
  const row = [at(last, date), 1, 1, 1, 1, 0, null, state, false] as const;
  expect(isClosePending([...row], segment, sessions, at(now, date))).toBe(isPending);
});
