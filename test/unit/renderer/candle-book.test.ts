import { expect, test } from 'vitest';
import { CandleBook } from '../../../renderer/state/candle-book.ts';
import type { DeskBridge } from '../../../src/contract/bridge.ts';
import type { CandleRow, CandlesValue } from '../../../src/contract/commands.ts';
import { failed, ok, type Result } from '../../../src/contract/result.ts';

const KEY = 'NSE:NIFTY 50';

function row(minute: number, close = 100): CandleRow {
  return [minute * 60_000, 100, 101, 99, close, 0, null, 'provisional', false];
}

function answerOf(candles: readonly CandleRow[]): Result<CandlesValue> {
  return ok({ key: KEY, date: '2026-11-23', candles, indicative: [], history: 'complete', reason: null, gaps: [] });
}

/** A bridge whose answers the test gives when it likes. */
function heldBridge() {
  const asked: { readonly args: unknown; readonly answer: (result: Result<CandlesValue>) => Promise<void> }[] = [];
  const invoke = (_name: string, args: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      asked.push({
        args,
        answer: async (result) => {
          resolve(result);
          await Promise.resolve();
          await Promise.resolve();
        },
      });
    });
  return { bridge: { invoke } as Pick<DeskBridge, 'invoke'>, asked };
}

test('a day is asked for once, and what came live meanwhile is kept', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  expect(book.day(KEY, null).status).toBe('loading');
  book.day(KEY, null);
  book.put(KEY, row(3, 300));
  await asked[0]?.answer(answerOf([row(1), row(2), row(3)]));
  expect(asked.map(({ args }) => args)).toEqual([{ key: KEY, date: null }]);
  expect(book.day(KEY, null)).toMatchObject({ status: 'ready', loads: 1, rows: [row(1), row(2), row(3, 300)] });
});

test('live candles are told one by one, except late ones; a new minute makes a new day object', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  const told: string[] = [];
  let published = 0;
  book.subscribe(KEY, null, () => published++);
  book.onLive(KEY, (candle, effect) => told.push(`${candle[0] / 60_000} ${effect}`));
  await asked[0]?.answer(answerOf([row(1)]));
  const loaded = book.day(KEY, null);
  book.put(KEY, row(1, 101));
  expect(book.day(KEY, null)).toBe(loaded);
  book.put(KEY, row(2));
  book.put(KEY, row(1));
  expect(told).toEqual(['1 replaced', '2 appended']);
  expect(published).toBe(2);
  expect(book.day(KEY, null)).not.toBe(loaded);
});

test('an older answer that comes after a newer one is dropped', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  book.day(KEY, '2026-11-20');
  book.retry(KEY, '2026-11-20');
  await asked[1]?.answer(answerOf([row(1), row(2)]));
  await asked[0]?.answer(answerOf([row(1)]));
  expect(book.day(KEY, '2026-11-20').rows).toEqual([row(1), row(2)]);
});

test('a failure is an empty day with its reason; after a good answer it only adds the reason', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  book.day(KEY, null);
  await asked[0]?.answer(failed('network', 'Kite cannot be reached.'));
  expect(book.day(KEY, null)).toMatchObject({ status: 'failed', error: 'Kite cannot be reached.' });
  book.retry(KEY, null);
  await asked[1]?.answer(answerOf([row(1)]));
  expect(book.day(KEY, null)).toMatchObject({ status: 'ready', error: null });
  book.retry(KEY, null);
  await asked[2]?.answer(failed('network', 'Kite cannot be reached.'));
  expect(book.day(KEY, null)).toMatchObject({ status: 'ready', rows: [row(1)], error: 'Kite cannot be reached.' });
});

test('a reload asks again for what is looked at, forgets the rest, and empties the day when it is a new one', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  book.subscribe(KEY, null, () => {});
  book.day('BSE:SENSEX', null);
  await asked[0]?.answer(answerOf([row(1)]));
  book.reload('new-day');
  expect(asked.slice(2).map(({ args }) => args)).toEqual([{ key: KEY, date: null }]);
  await asked[2]?.answer(answerOf([row(9)]));
  expect(book.day(KEY, null).rows).toEqual([row(9)]);
  book.day('BSE:SENSEX', null);
  expect(asked).toHaveLength(4);
});

test('of another desk nothing known is kept, earlier days included', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  book.subscribe(KEY, '2026-11-20', () => {});
  await asked[0]?.answer(answerOf([row(1)]));
  book.reload('more-history');
  book.reload('new-day');
  expect(asked).toHaveLength(1);
  book.reload('new-desk');
  await asked[1]?.answer(answerOf([row(2)]));
  expect(book.day(KEY, '2026-11-20').rows).toEqual([row(2)]);
});
