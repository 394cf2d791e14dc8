import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CandleRow } from '../../../src/contract/commands.ts';
import type { StorageCause } from '../../../src/contract/state.ts';
import { WriteBehindHistory } from '../../../src/history/write-behind.ts';
import { DiskError } from '../../../src/storage/disk-error.ts';
import type { HistoryBatch } from '../../../src/storage/disk-tasks.ts';
import { settleMicrotasks, VirtualClock } from '../../support/virtual-clock.ts';

const MINUTE_MS = 60_000;
const OPEN_MS = Date.parse('2026-11-23T09:15:00+05:30');
const causes: readonly StorageCause[] = ['full', 'read-only', 'locked', 'removed', 'no-answer', 'failed'];

/** A database that takes what it is given unless it has a fault. */
function database() {
  const clock = new VirtualClock('2026-11-23T11:00:00+05:30');
  const kept = { journals: new Map<string, string>(), candles: new Map<string, Map<number, CandleRow>>() };
  const batches: HistoryBatch[] = [];
  const told: (StorageCause | null)[] = [];
  const state: { fault: StorageCause | null } = { fault: null };
  const check = (): void => {
    if (state.fault !== null) throw new DiskError(state.fault, state.fault);
  };
  const history = new WriteBehindHistory({
    clock,
    onTrouble: (cause) => told.push(cause),
    disk: {
      loadJournal: async (date) => {
        check();
        return kept.journals.get(date) ?? null;
      },
      loadCandles: async (key, fromMs, toMs) => {
        check();
        const rows = [...(kept.candles.get(key)?.values() ?? [])];
        return rows.filter(([start]) => start >= fromMs && start <= toMs).sort(([a], [b]) => a - b);
      },
      writeHistory: async (batch) => {
        check();
        batches.push(batch);
        for (const [date, json] of batch.journals) kept.journals.set(date, json);
        for (const [key, rows] of batch.candles) {
          const known = kept.candles.get(key) ?? new Map<number, CandleRow>();
          kept.candles.set(key, known);
          for (const row of rows) {
            if (row[1] === 0) known.delete(row[0]);
            else known.set(row[0], row);
          }
        }
      },
      prune: async () => {
        check();
        return false;
      },
    },
  });
  return { clock, kept, batches, told, state, history };
}

function row(minute: number, close = 100): CandleRow {
  return [OPEN_MS + minute * MINUTE_MS, close === 0 ? 0 : 100, 110, 90, close, 5, null, 'provisional', false];
}

describe('history that is written behind', () => {
  test.each(causes)('is written once the disk takes it again: %s', async (fault) => {
    const { history, clock, kept, told, state } = database();
    state.fault = fault;
    for (let minute = 0; minute < 10; minute++) {
      await history.saveCandles('NSE:NIFTY 50', [row(minute)]);
      await history.saveJournal('2026-11-23', `{"minute":${minute}}`);
      await clock.advance(MINUTE_MS);
    }
    expect([kept.candles.size, kept.journals.size, history.waiting]).toEqual([0, 0, 11]);
    expect(new Set(told)).toEqual(new Set([fault]));
    state.fault = null;
    await clock.advance(15_000);
    expect([...(kept.candles.get('NSE:NIFTY 50')?.keys() ?? [])]).toEqual(
      Array.from({ length: 10 }, (_, minute) => OPEN_MS + minute * MINUTE_MS),
    );
    expect(kept.journals.get('2026-11-23')).toBe('{"minute":9}');
    expect([told.at(-1), history.waiting, clock.pending]).toEqual([null, 0, 0]);
  });

  test('is tried at growing intervals of at most 15 s, with nothing to wake it', async () => {
    const { history, clock, told, state } = database();
    state.fault = 'locked';
    await history.saveCandles('NSE:NIFTY 50', [row(0)]);
    await clock.advance(10 * MINUTE_MS);
    expect(told.length).toBeGreaterThanOrEqual(600 / 15);
    expect(told.length).toBeLessThanOrEqual(600 / 15 + 5);
  });

  test('is seen by loads as if it were written, what was taken away included', async () => {
    const { history, state, clock } = database();
    await history.saveCandles('NSE:NIFTY 50', [row(0), row(1), row(2)]);
    await settleMicrotasks();
    const writes = history.saveCandles('NSE:NIFTY 50', [row(1, 0), row(2, 105), row(3)]);
    await history.saveJournal('2026-11-23', '{}');
    const loaded = await history.loadCandles('NSE:NIFTY 50', OPEN_MS, OPEN_MS + 60 * MINUTE_MS);
    expect(loaded.map(([start, , , , close]) => [(start - OPEN_MS) / MINUTE_MS, close])).toEqual([
      [0, 100],
      [2, 105],
      [3, 100],
    ]);
    expect(await history.loadJournal('2026-11-23')).toBe('{}');
    await writes;
    state.fault = 'locked';
    await expect(history.loadJournal('2026-11-20')).rejects.toMatchObject({ code: 'store' });
    await clock.advance(0);
  });

  test('loses nothing and puts nothing older in the place of what is newer, whatever fails and when', async () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant('candle'), minute: fc.nat(20), close: fc.nat(3), key: fc.nat(3) }),
      fc.record({ do: fc.constant('journal'), text: fc.string({ maxLength: 3 }) }),
      fc.record({ do: fc.constant('fault'), fault: fc.option(fc.constantFrom(...causes)) }),
      fc.record({ do: fc.constant('wait'), ms: fc.nat(40_000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const { history, clock, kept, state } = database();
        const wanted = new Map<string, Map<number, CandleRow>>();
        let journal: string | null = null;
        for (const step of actions) {
          if ('minute' in step) {
            const key = `NSE:${step.key}`;
            const saved = row(step.minute, step.close);
            const rows = wanted.get(key) ?? new Map<number, CandleRow>();
            wanted.set(key, rows);
            if (step.close === 0) rows.delete(saved[0]);
            else rows.set(saved[0], saved);
            void history.saveCandles(key, [saved]);
          } else if ('text' in step) {
            journal = step.text;
            void history.saveJournal('2026-11-23', step.text);
          } else if ('fault' in step) state.fault = step.fault;
          else await clock.advance(step.ms);
        }
        state.fault = null;
        await clock.advance(15_000);
        expect(history.waiting).toBe(0);
        expect(kept.journals.get('2026-11-23') ?? null).toBe(journal);
        for (const [key, rows] of wanted) {
          const inOrder = (map: Map<number, CandleRow>) => [...map.values()].sort(([a], [b]) => a - b);
          expect(inOrder(kept.candles.get(key) ?? new Map())).toEqual(inOrder(rows));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('goes to the disk in batches of at most 4,000 rows, one at a time', async () => {
    const { history, batches } = database();
    const day = Array.from({ length: 375 }, (_, minute) => row(minute));
    await Promise.all(Array.from({ length: 40 }, (_, index) => history.saveCandles(`NSE:${index}`, day)));
    await settleMicrotasks();
    const sizes = batches.map(({ candles }) => candles.reduce((sum, [, rows]) => sum + rows.length, 0));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(40 * 375);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4_000);
  });

  test('keeps a bounded number of rows on a disk that never comes back: each instrument’s latest', async () => {
    const { history, kept, state, clock } = database();
    state.fault = 'no-answer';
    const keys = Array.from({ length: 1_000 }, (_, index) => `NFO:${index}`);
    for (let minute = 0; minute < 300; minute++) {
      for (const key of keys) void history.saveCandles(key, [row(minute)]);
      await settleMicrotasks();
    }
    expect(history.waiting).toBe(225_000);
    state.fault = null;
    await clock.advance(15_000);
    const counts = keys.map((key) => kept.candles.get(key)?.size ?? 0);
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([225, 225]);
    expect(keys.every((key) => kept.candles.get(key)?.has(OPEN_MS + 299 * MINUTE_MS))).toBe(true);
  });

  test('is written at the end of a run without waiting for the next try', async () => {
    const { history, kept, state, clock } = database();
    state.fault = 'locked';
    await history.saveCandles('NSE:NIFTY 50', [row(0)]);
    state.fault = null;
    await history[Symbol.asyncDispose]();
    expect([kept.candles.get('NSE:NIFTY 50')?.size, clock.pending]).toEqual([1, 0]);
  });
});
