import { expect, test } from 'vitest';
import { historyNote } from '../../../renderer/features/chart/history-note.ts';
import type { CandleDay } from '../../../renderer/state/candle-book.ts';
import type { CandlesValue } from '../../../src/contract/commands.ts';

const SIGN_IN = 'Sign in to load earlier candles.';
const UNREAD = 'Kite’s candle of one minute cannot be right and was left out.';
const KEPT = 'Only what this app has seen and kept today.';

function day(history: CandlesValue['history'], reason: string | null, change: Partial<CandleDay> = {}): CandleDay {
  const value: CandlesValue = {
    key: 'NSE:NIFTY 50',
    date: '2026-11-23',
    candles: [],
    indicative: [],
    gaps: [],
    history,
    reason,
    official: null,
  };
  return { status: 'ready', value, rows: [], error: null, ...change };
}

test.each<[string, CandleDay, boolean, string | null]>([
  ['a whole day', day('complete', null), true, null],
  ['a day that is being loaded', day('unavailable', SIGN_IN, { status: 'loading' }), true, null],
  [
    'today without history, candles of an earlier run among them',
    day('unavailable', SIGN_IN),
    true,
    `${KEPT} ${SIGN_IN}`,
  ],
  ['today without history for no known reason', day('unavailable', null), true, `${KEPT} History unavailable.`],
  ['today when the question failed', day('complete', null, { error: 'No answer.' }), true, `${KEPT} No answer.`],
  ['a row that was left out', day('complete', UNREAD), true, UNREAD],
  ['an earlier day without history', day('unavailable', SIGN_IN), false, SIGN_IN],
])('%s', (_, candles, isToday, note) => {
  expect(historyNote(candles, isToday)).toBe(note);
});
