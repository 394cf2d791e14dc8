import { expect, test } from 'vitest';
import { CandleBook, type CandleChange } from '../../../renderer/state/candle-book.ts';
import type { DeskBridge } from '../../../src/contract/bridge.ts';
import type { CandleRow, CandlesValue } from '../../../src/contract/commands.ts';
import { failed, ok, type Result } from '../../../src/contract/result.ts';
import type { CandleUpdate } from '../../../src/contract/tick-lane.ts';

const KEY = 'NSE:NIFTY 50';
const EARLIER = '2026-11-20';

function row(minute: number, close = 100): CandleRow {
  return [minute * 60_000, 100, 101, 99, close, 0, null, 'provisional', false];
}

/** The same as the tick lane has it. */
function update(minute: number, close = 100, removed = false): CandleUpdate {
  const [start, open, high, low, , volume] = row(minute);
  return {
    slot: 0,
    start,
    open,
    high,
    low,
    close,
    volume,
    openInterest: null,
    state: 'provisional',
    corrected: false,
    removed,
  };
}

function answerOf(candles: readonly CandleRow[], history: CandlesValue['history'] = 'complete'): Result<CandlesValue> {
  const [date, reason] = ['2026-11-23', history === 'complete' ? null : 'Sign in to load earlier candles.'];
  return ok({ key: KEY, date, candles, indicative: [], history, reason, gaps: [], official: null });
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

/** A book somebody looks at the current day of. */
function watched() {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  const changes: CandleChange[] = [];
  let published = 0;
  const stop = book.subscribe(KEY, null, () => published++);
  book.onChange(KEY, null, (change) => changes.push(change));
  return { book, asked, stop, changes, published: () => published };
}

const minutesOf = (book: CandleBook): number[] => book.day(KEY, null).rows.map(([start]) => start / 60_000);

test('looking asks nothing; the first who subscribes has the day asked for, and it is asked for once', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  expect(book.day(KEY, null).status).toBe('loading');
  expect([asked, book.size]).toEqual([[], 0]);
  book.subscribe(KEY, null, () => {});
  book.subscribe(KEY, null, () => {});
  await asked[0]?.answer(answerOf([]));
  book.subscribe(KEY, null, () => {});
  expect(asked.map(({ args }) => args)).toEqual([{ key: KEY, date: null }]);
});

test('of the current day only what the desk sends is a candle, not what an answer holds', async () => {
  const { book, asked } = watched();
  book.put(KEY, [update(2, 300), update(3)]);
  await asked[0]?.answer(answerOf([row(1), row(2, 100)]));
  expect(book.day(KEY, null)).toMatchObject({ status: 'ready', rows: [row(2, 300), row(3)] });
});

test('a correction of an old minute, a minute put in, and one taken away are all taken, whenever they come', () => {
  const { book, changes } = watched();
  book.put(KEY, [update(1), update(2), update(5)]);
  book.put(KEY, [update(2, 150)]);
  book.put(KEY, [update(3), update(4)]);
  book.put(KEY, [update(1, 100, true), update(6)]);
  book.put(KEY, [update(9, 100, true)]);
  expect(book.day(KEY, null).rows).toEqual([row(2, 150), row(3), row(4), row(5), row(6)]);
  expect(changes.map(({ changed }) => changed)).toEqual([[row(1), row(2), row(5)], [row(2, 150)], null, null]);
});

test('a tick within the last minute makes no new day object; a new minute and a correction do', () => {
  const { book, published } = watched();
  book.put(KEY, [update(1), update(2)]);
  const before = book.day(KEY, null);
  book.put(KEY, [update(2, 101)]);
  expect(book.day(KEY, null)).toBe(before);
  book.put(KEY, [update(1, 99)]);
  book.put(KEY, [update(3)]);
  expect(published()).toBe(3);
  expect(book.day(KEY, null)).not.toBe(before);
});

test('coming back to an instrument finds the rows of now, not those of then', async () => {
  const { book, asked, stop } = watched();
  await asked[0]?.answer(answerOf([]));
  book.put(KEY, [update(1), update(2), update(3)]);
  stop();
  book.forget(KEY);
  expect(minutesOf(book)).toEqual([]);
  book.subscribe(KEY, null, () => {});
  book.put(KEY, [update(1), update(2, 150), update(61), update(62)]);
  expect(minutesOf(book)).toEqual([1, 2, 61, 62]);
});

test('after a lost link the whole replaces what was held, minutes that have gone meanwhile included', () => {
  const { book, changes } = watched();
  book.put(KEY, [update(1), update(2), update(3)]);
  book.expectWhole();
  expect(minutesOf(book)).toEqual([1, 2, 3]);
  book.put(KEY, [update(1), update(3, 150), update(4)]);
  book.put(KEY, [update(4, 101)]);
  expect(book.day(KEY, null).rows).toEqual([row(1), row(3, 150), row(4, 101)]);
  expect(changes.at(-2)?.changed).toBeNull();
});

test('an older answer that comes after a newer one is dropped', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  book.subscribe(KEY, EARLIER, () => {});
  book.retry(KEY, EARLIER);
  await asked[1]?.answer(answerOf([row(1), row(2)]));
  await asked[0]?.answer(answerOf([row(1)]));
  expect(book.day(KEY, EARLIER).rows).toEqual([row(1), row(2)]);
});

test('a failure is an empty day with its reason; where there is something it only adds the reason', async () => {
  const { book, asked } = watched();
  await asked[0]?.answer(failed('network', 'Kite cannot be reached.'));
  expect(book.day(KEY, null)).toMatchObject({ status: 'failed', error: 'Kite cannot be reached.' });
  book.retry(KEY, null);
  await asked[1]?.answer(answerOf([]));
  expect(book.day(KEY, null)).toMatchObject({ status: 'ready', error: null });
  book.retry(KEY, null);
  await asked[2]?.answer(failed('network', 'Kite cannot be reached.'));
  expect(book.day(KEY, null)).toMatchObject({ status: 'ready', error: 'Kite cannot be reached.' });
});

test('candles that come after a failed question are shown', async () => {
  const { book, asked } = watched();
  await asked[0]?.answer(failed('network', 'Kite cannot be reached.'));
  book.put(KEY, [update(1)]);
  expect(book.day(KEY, null)).toMatchObject({ status: 'ready', rows: [row(1)] });
});

test('while history is not to be had it is asked for again, once a minute at most', async () => {
  const { book, asked } = watched();
  await asked[0]?.answer(answerOf([], 'unavailable'));
  book.put(KEY, [update(1)]);
  book.put(KEY, [update(1, 101)]);
  book.put(KEY, [update(2)]);
  expect(asked).toHaveLength(2);
  await asked[1]?.answer(answerOf([]));
  book.put(KEY, [update(3)]);
  expect(asked).toHaveLength(2);
});

test('a new day begins empty and is asked for; an earlier day stays', async () => {
  const { book, asked } = watched();
  book.subscribe(KEY, EARLIER, () => {});
  await asked[0]?.answer(answerOf([]));
  await asked[1]?.answer(answerOf([row(7)]));
  book.put(KEY, [update(1)]);
  book.startDay();
  expect([minutesOf(book), book.day(KEY, null).status, asked.length]).toEqual([[], 'loading', 3]);
  expect(book.day(KEY, EARLIER).rows).toEqual([row(7)]);
});

test('of another desk nothing known is kept, earlier days included, nor an answer of the desk before', async () => {
  const { book, asked } = watched();
  book.subscribe(KEY, EARLIER, () => {});
  book.startDesk();
  await asked[1]?.answer(answerOf([row(1)]));
  expect(book.day(KEY, EARLIER).rows).toEqual([]);
  await asked[3]?.answer(answerOf([row(2)]));
  expect(book.day(KEY, EARLIER).rows).toEqual([row(2)]);
});

test('days that nobody looks at are few, whatever was looked at', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  for (let day = 1; day <= 28; day++) {
    const date = `2026-10-${String(day).padStart(2, '0')}`;
    const stop = book.subscribe(KEY, date, () => {});
    await asked.at(-1)?.answer(day % 2 === 0 ? answerOf([row(day)]) : failed('network', 'No.'));
    stop();
  }
  expect(book.size).toBeLessThanOrEqual(8);
  book.subscribe(KEY, '2026-10-28', () => {});
  expect(asked).toHaveLength(28);
  book.subscribe(KEY, '2026-10-01', () => {});
  expect(asked).toHaveLength(29);
});

test('a refresh waits for the answer that is on its way', async () => {
  const { book, asked } = watched();
  book.refresh(KEY, null);
  expect(asked).toHaveLength(1);
  await asked[0]?.answer(answerOf([], 'unavailable'));
  book.refresh(KEY, null);
  expect(asked).toHaveLength(2);
});

test('whoever is told of a change finds the same rows in the day, an earlier one asked for again too', async () => {
  const { bridge, asked } = heldBridge();
  const book = new CandleBook(bridge);
  const seen: [number, number][] = [];
  for (const date of [null, EARLIER]) {
    book.subscribe(KEY, date, () => undefined);
    book.onChange(KEY, date, ({ rows }) => void seen.push([rows.length, book.day(KEY, date).rows.length]));
  }
  await asked[1]?.answer(answerOf([], 'unavailable'));
  book.refresh(KEY, EARLIER);
  await asked[2]?.answer(answerOf([row(1), row(2)]));
  book.put(KEY, [update(1)]);
  book.expectWhole();
  book.put(KEY, [update(1), update(2)]);
  expect(seen).toEqual([
    [0, 0],
    [2, 2],
    [1, 1],
    [2, 2],
  ]);
});
