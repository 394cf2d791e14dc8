import { expect, test } from 'vitest';
import type { CandleRow } from '../../../src/contract/commands.ts';
import { type CheckedIndex, CloseCheck } from '../../../src/history/close-check.ts';
import type { HistoryResult } from '../../../src/history/history-requests.ts';
import { StoreError } from '../../../src/history/store.ts';
import { KiteError } from '../../../src/kite/errors.ts';
import type { KiteCandle, KiteQuote } from '../../../src/kite/session.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { DiskError } from '../../../src/storage/disk-error.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { at } from '../feed/instruments.ts';

const friday = '2026-11-20';
const index: CheckedIndex = { key: 'NSE:NIFTY 50', token: 256265, title: 'NIFTY 50', segment: 'NSE_INDEX' };
const lastMs = at('15:29:00', friday);

const keptRow = (close: number, state: CandleRow[7] = 'settled'): CandleRow => {
  return [lastMs, 26_000, 26_100, 25_900, close, 0, null, state, false];
};
const listedRow = (close: number, startMs = lastMs): KiteCandle => {
  return { startMs, open: 26_000, high: 26_100, low: 25_900, close, volume: 0, openInterest: null };
};

/** The check on a morning, with what was kept and what Kite says. */
class Morning {
  readonly clock: VirtualClock;
  kept: CandleRow[] = [keptRow(26_050)];
  /** Kite's quote: last price and previous close, rupees; null: it cannot be had. */
  quote: { lastPrice: number; close: number } | null = { lastPrice: 26_050, close: 26_050 };
  /** Kite's rows of the last session; null: they cannot be had. */
  listed: readonly KiteCandle[] | null = [listedRow(26_050)];
  /** Starts of rows of Kite's that cannot be right. */
  refused: readonly number[] = [];
  signedIn = true;
  /** What a question for quotes fails with. */
  fault: Error = new KiteError('network', 'no answer');
  readonly said: string[] = [];
  readonly asked = { quotes: 0, history: 0 };
  private readonly check: CloseCheck;

  constructor(time: string, date = '2026-11-23') {
    this.clock = new VirtualClock(at(time, date));
    this.check = new CloseCheck({
      clock: this.clock,
      calendar: bundledCalendar(),
      indices: () => [index],
      isSignedIn: () => this.signedIn,
      log: (level, _area, text) => void this.said.push(`${level}: ${text}`),
      quotes: async () => {
        this.asked.quotes++;
        if (this.quote === null) throw this.fault;
        return new Map([[index.key, this.quote as KiteQuote]]);
      },
      requests: {
        ask: async (): Promise<HistoryResult> => {
          this.asked.history++;
          if (this.listed === null) return { ok: false, reason: 'no answer', code: 'network' };
          return { ok: true, candles: this.listed, refused: this.refused };
        },
      },
      store: {
        loadCandles: async (_key, fromMs, toMs) => this.kept.filter(([start]) => start >= fromMs && start <= toMs),
        saveCandles: async (_key, rows) => {
          const saved = new Map([...this.kept, ...rows].map((row) => [row[0], row]));
          this.kept = [...saved.values()].filter(([, open]) => open !== 0).sort(([a], [b]) => a - b);
        },
      },
    });
  }

  to(time: string, date = '2026-11-23'): Promise<void> {
    return this.run(at(time, date) - this.clock.now());
  }

  async run(ms: number): Promise<void> {
    const untilMs = this.clock.now() + ms;
    while (this.clock.now() < untilMs) {
      await this.clock.advance(1_000);
      this.check.look();
    }
    await this.clock.advance(0);
  }
}

test('a kept close that is Kite’s previous close is not touched, and asked about once, at 08:55', async () => {
  const morning = new Morning('08:54:00');
  await morning.to('08:54:59');
  expect(morning.asked.quotes).toBe(0);
  await morning.to('11:00:00');
  expect([morning.asked, morning.said, morning.kept]).toEqual([{ quotes: 1, history: 0 }, [], [keptRow(26_050)]]);
});

test('one that differs is asked for again and corrected, and the trader is told in words', async () => {
  const morning = new Morning('08:54:00');
  morning.quote = { lastPrice: 26_090.45, close: 26_090.45 };
  morning.listed = [listedRow(26_010, lastMs - 60_000), listedRow(26_090.45)];
  await morning.to('08:56:00');
  expect(morning.kept).toEqual([
    [lastMs - 60_000, 26_000, 26_100, 25_900, 26_010, 0, null, 'settled', false],
    [lastMs, 26_000, 26_100, 25_900, 26_090.45, 0, null, 'settled', true],
  ]);
  expect(morning.said).toEqual(['warning: NIFTY 50 closed at 26,090.45 on 20 Nov: the kept 26,050.00 was corrected.']);
  await morning.to('11:00:00');
  expect(morning.asked).toEqual({ quotes: 1, history: 1 });
});

test.each<[string, number, number]>([
  ['at another price', 25_910, 1],
  ['at the very price of the close', 26_090.45, 1],
])('a day that was kept to 12:59 only, %s, is filled in and nothing is said: no close was kept', async (_, kept, asked) => {
  const morning = new Morning('08:54:00');
  const noonMs = at('12:59:00', friday);
  morning.kept = [[noonMs, 25_900, 26_100, 25_900, kept, 0, null, 'provisional', false]];
  morning.quote = { lastPrice: 26_090.45, close: 26_090.45 };
  morning.listed = [listedRow(kept, noonMs), listedRow(26_090.45)];
  await morning.to('11:00:00');
  expect(morning.kept.map(([start, , , , close, , , state]) => [start, close, state])).toEqual([
    [noonMs, kept, 'settled'],
    [lastMs, 26_090.45, 'settled'],
  ]);
  expect([morning.said, morning.asked.history]).toEqual([[], asked]);
});

test('an answer without rows, or without one that can be read, names no close', async () => {
  const morning = new Morning('08:54:00');
  morning.quote = { lastPrice: 26_090, close: 26_090 };
  morning.listed = [];
  await morning.to('09:30:00');
  morning.listed = [listedRow(26_010, lastMs - 60_000)];
  morning.refused = [lastMs];
  await morning.to('10:00:00');
  expect([morning.said, morning.kept.at(-1)]).toEqual([[], keptRow(26_050)]);
});

test('a fault of the app’s own is said once a day; Kite’s and the disk’s are said elsewhere', async () => {
  const morning = new Morning('08:54:00');
  morning.quote = null;
  for (const fault of [
    new KiteError('network', 'no answer'),
    new DiskError('locked', 'busy'),
    new StoreError('busy'),
  ]) {
    morning.fault = fault;
    await morning.run(11 * 60_000);
  }
  expect([morning.said, morning.asked.quotes]).toEqual([[], 7]);
  morning.fault = new TypeError('quotes is not iterable');
  await morning.to('11:00:00');
  expect(morning.said).toEqual(['error: The last close could not be checked: quotes is not iterable']);
});

test('a kept minute that Kite does not list goes', async () => {
  const morning = new Morning('08:54:00');
  morning.kept = [keptRow(26_050), [lastMs + 60_000, 1, 1, 1, 1, 0, null, 'provisional', false]];
  await morning.to('08:56:00');
  expect(morning.kept).toEqual([keptRow(26_050)]);
});

test('a row that was kept before it was sure is settled by the quote that agrees', async () => {
  const morning = new Morning('08:54:00');
  morning.kept = [keptRow(26_050, 'provisional')];
  await morning.to('08:56:00');
  expect([morning.kept, morning.asked.history]).toEqual([[keptRow(26_050)], 0]);
});

test('while Kite still shows the last session its last price speaks, and its close does when prices begin', async () => {
  const morning = new Morning('08:54:00');
  morning.quote = { lastPrice: 26_050, close: 25_700 };
  await morning.to('09:09:00');
  expect([morning.asked.history, morning.said]).toEqual([0, []]);
  morning.quote = { lastPrice: 26_120, close: 26_050 };
  await morning.to('11:00:00');
  expect([morning.asked, morning.said]).toEqual([{ quotes: 4, history: 0 }, []]);
});

test('a quote and candles of Kite’s that contradict each other are said once, and asked about every five minutes', async () => {
  const morning = new Morning('08:54:00');
  morning.quote = { lastPrice: 26_090, close: 26_090 };
  await morning.to('09:30:30');
  expect(morning.said).toEqual([
    'warning: Kite’s candles of 20 Nov end NIFTY 50 at 26,050.00, its quote says 26,090.00.',
  ]);
  expect(morning.asked.quotes).toBe(8);
  morning.listed = [listedRow(26_090)];
  await morning.to('09:36:00');
  expect(morning.kept[0]?.[4]).toBe(26_090);
});

test.each<[string, (morning: Morning) => void, (morning: Morning) => void]>([
  [
    'without a login',
    (morning) => {
      morning.signedIn = false;
    },
    (morning) => {
      morning.signedIn = true;
    },
  ],
  [
    'while quotes cannot be had',
    (morning) => {
      morning.quote = null;
    },
    (morning) => {
      morning.quote = { lastPrice: 26_120, close: 26_090 };
    },
  ],
  [
    'while history cannot be had',
    (morning) => {
      morning.listed = null;
    },
    (morning) => {
      morning.listed = [listedRow(26_090)];
    },
  ],
])('%s the check is only later', async (_, fail, mend) => {
  const morning = new Morning('08:54:00');
  morning.quote = { lastPrice: 26_090, close: 26_090 };
  morning.listed = [listedRow(26_090)];
  fail(morning);
  await morning.to('09:40:00');
  expect(morning.kept[0]?.[4]).toBe(26_050);
  mend(morning);
  await morning.to('09:46:00');
  expect(morning.kept[0]?.[4]).toBe(26_090);
});

test('an app that starts at noon checks then; a day without trading and an empty store ask nothing', async () => {
  const noon = new Morning('12:00:00');
  noon.quote = { lastPrice: 26_300, close: 26_090 };
  noon.listed = [listedRow(26_090)];
  await noon.to('12:00:10');
  expect(noon.kept[0]?.[4]).toBe(26_090);
  const sunday = new Morning('08:50:00', '2026-11-22');
  await sunday.to('20:00:00', '2026-11-22');
  const empty = new Morning('08:54:00');
  empty.kept = [];
  await empty.to('12:00:00');
  expect([sunday.asked, empty.asked]).toEqual([
    { quotes: 0, history: 0 },
    { quotes: 0, history: 0 },
  ]);
});

test('each morning checks anew', async () => {
  const morning = new Morning('08:54:00');
  await morning.to('08:56:00');
  morning.kept = [[at('15:29:00'), 26_000, 26_100, 25_900, 26_075, 0, null, 'settled', false]];
  morning.quote = { lastPrice: 26_080, close: 26_080 };
  morning.listed = [listedRow(26_080, at('15:29:00'))];
  await morning.clock.advance(at('08:54:00', '2026-11-25') - morning.clock.now());
  await morning.to('08:56:00', '2026-11-25');
  expect([morning.asked, morning.kept[0]?.[4]]).toEqual([{ quotes: 2, history: 1 }, 26_080]);
});
