import { expect, test } from 'vitest';
import type { CandleRow } from '../../../src/contract/commands.ts';
import { KeptCandles } from '../../../src/desk/kept-candles.ts';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import { CandleBook } from '../../../src/history/candles.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { at, niftyFuture } from '../feed/instruments.ts';
import { frameOf } from '../feed/packets.ts';

const MINUTE_MS = 60_000;
const slot = 0;

/** A future's candles, a tick a minute, and a store that can be made to fail. */
function kept() {
  const quotes = new QuoteBook(bundledCalendar());
  quotes.add(niftyFuture);
  const candles = new CandleBook(quotes);
  quotes.onTicks((touched, origin) => candles.apply(touched, origin));
  const saved = new Map<number, CandleRow>();
  const store = {
    fails: false,
    loadCandles: async () => {
      if (store.fails) throw new Error('database is locked');
      return [...saved.values()];
    },
    saveCandles: async (_key: string, rows: readonly CandleRow[]) => {
      if (store.fails) throw new Error('database or disk is full');
      for (const row of rows) {
        if (row[1] === 0) saved.delete(row[0]);
        else saved.set(row[0], row);
      }
    },
  };
  const keeper = new KeptCandles(candles, store);
  const instruments = [{ ...niftyFuture, retired: false }];
  return {
    candles,
    saved,
    store,
    /** Another token takes the key over. */
    renew: (token: number) => {
      instruments[slot] = { ...niftyFuture, retired: true };
      quotes.retire(slot);
      quotes.add({ ...niftyFuture, token });
      instruments.push({ ...niftyFuture, token, retired: false });
    },
    tick: (time: number, token = niftyFuture.token) =>
      quotes.applyFrame(frameOf([{ token, lastPrice: 100, volume: 1, exchangeTimeMs: time }]), time),
    save: async () => {
      keeper.save(instruments);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
    settle: (rows: readonly number[], fromMs: number, askedMs: number) => {
      const day = quotes.dayOfSlot(slot);
      if (day === undefined) throw new Error('no day');
      candles.settle(slot, day, {
        rows: rows.map((startMs) => ({ startMs, open: 1, high: 3, low: 1, close: 2, volume: 5, openInterest: 7 })),
        fromMs,
        askedMs,
      });
    },
  };
}

test('what could not be written is written when it can be, whatever failed before', async () => {
  const { tick, save, store, saved } = kept();
  store.fails = true;
  for (let minute = 0; minute < 10; minute++) {
    tick(at('10:00:05') + minute * MINUTE_MS);
    await save();
  }
  expect(saved.size).toBe(0);
  store.fails = false;
  await save();
  expect([...saved.keys()]).toEqual(Array.from({ length: 9 }, (_, minute) => at('10:00:00') + minute * MINUTE_MS));
});

test('minutes that history fills after a long outage reach the store, however old they are', async () => {
  const { tick, save, settle, saved } = kept();
  tick(at('10:00:05'));
  await save();
  tick(at('10:40:05'));
  await save();
  const missed = Array.from({ length: 39 }, (_, minute) => at('10:01:00') + minute * MINUTE_MS);
  settle(missed, at('10:01:00'), at('10:40:10'));
  await save();
  expect(missed.filter((startMs) => !saved.has(startMs))).toEqual([]);
  expect(saved.get(at('10:01:00'))).toEqual([at('10:01:00'), 1, 3, 1, 2, 5, 7, 'settled', false]);
});

test('a minute that the exchange does not list is taken out of the store', async () => {
  const { tick, save, settle, saved } = kept();
  for (const time of ['10:00:05', '10:01:05', '10:02:05', '10:03:05']) tick(at(time));
  await save();
  expect(saved.has(at('10:01:00'))).toBe(true);
  settle([at('10:00:00'), at('10:02:00')], at('10:00:00'), at('10:03:10'));
  await save();
  expect([...saved.keys()].sort()).toEqual([at('10:00:00'), at('10:02:00')]);
});

test('the forming minute is not kept, and keeping a candle is not giving it out', async () => {
  const { candles, tick, save, settle, saved } = kept();
  tick(at('10:00:05'));
  await save();
  expect(saved.size).toBe(0);
  tick(at('10:01:05'));
  await save();
  settle([at('10:00:00')], at('10:00:00'), at('10:01:10'));
  expect(candles.rows(slot, 0, at('10:01:00')).map((row) => row[8])).toEqual([false]);
});

test('what was kept under a key goes when another token takes it over, as soon as the database can be read', async () => {
  const { tick, save, store, saved, renew } = kept();
  for (const time of ['10:00:05', '10:01:05', '10:02:05']) tick(at(time));
  await save();
  expect([...saved.keys()]).toEqual([at('10:00:00'), at('10:01:00')]);
  renew(99_001);
  store.fails = true;
  for (const time of ['10:03:05', '10:04:05']) tick(at(time), 99_001);
  await save();
  store.fails = false;
  tick(at('10:05:05'), 99_001);
  await save();
  await save();
  expect([...saved.keys()].sort()).toEqual([at('10:03:00'), at('10:04:00')]);
});
