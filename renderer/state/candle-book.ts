import type { DeskBridge } from '../../src/contract/bridge.ts';
import type { CandleRow, CandlesValue } from '../../src/contract/commands.ts';
import { type CandleEffect, mergeCandles, putCandle } from './candle-rows.ts';

/** One day of candles of one instrument, as a component sees it. A new object at every load and every new bar. */
export interface CandleDay {
  readonly status: 'loading' | 'ready' | 'failed';
  /** Null until the first answer. */
  readonly value: CandlesValue | null;
  /** Ascending; the last one may still be forming and is replaced in place. */
  readonly rows: readonly CandleRow[];
  /** Why the last load failed; null otherwise. */
  readonly error: string | null;
  /** Counts answers: when it moves, `rows` is to be drawn afresh. */
  readonly loads: number;
}

/**
 * Why candles are asked for again. `more-history`: the current day may have become more complete. `new-day`: it is
 * another day. `new-desk`: it is another desk, of whose days nothing is known.
 */
export type ReloadReason = 'more-history' | 'new-day' | 'new-desk';

interface Entry {
  readonly key: string;
  readonly date: string | null;
  day: CandleDay;
  rows: CandleRow[];
  request: number;
  readonly listeners: Set<() => void>;
  readonly liveListeners: Set<(row: CandleRow, effect: CandleEffect) => void>;
}

/** Candles by instrument key and IST date; `null` for the desk's current day, which the live candles extend. */
export class CandleBook {
  private readonly bridge: Pick<DeskBridge, 'invoke'>;
  private readonly entries = new Map<string, Entry>();

  constructor(bridge: Pick<DeskBridge, 'invoke'>) {
    this.bridge = bridge;
  }

  /** The day as known now; the first call starts loading it. */
  day(key: string, date: string | null): CandleDay {
    return this.entry(key, date).day;
  }

  /** Calls `listener` when `day(key, date)` has become another object. */
  subscribe(key: string, date: string | null, listener: () => void): () => void {
    const entry = this.entry(key, date);
    entry.listeners.add(listener);
    return () => {
      entry.listeners.delete(listener);
    };
  }

  /** Calls `listener` with every live candle of the current day that was not late. */
  onLive(key: string, listener: (row: CandleRow, effect: CandleEffect) => void): () => void {
    const entry = this.entry(key, null);
    entry.liveListeners.add(listener);
    return () => {
      entry.liveListeners.delete(listener);
    };
  }

  /** Takes a live candle of `key`; ignored for instruments nobody has asked about. */
  put(key: string, row: CandleRow): void {
    const entry = this.entries.get(idOf(key, null));
    if (entry === undefined) return;
    const effect = putCandle(entry.rows, row);
    if (effect === 'late') return;
    for (const listener of entry.liveListeners) listener(row, effect);
    if (effect === 'appended') this.publish(entry, {});
  }

  /** Asks again for what is being looked at, as far as `reason` makes it doubtful, and drops the rest. */
  reload(reason: ReloadReason): void {
    for (const [id, entry] of this.entries) {
      if (entry.listeners.size === 0 && entry.liveListeners.size === 0) {
        this.entries.delete(id);
        continue;
      }
      if (entry.date !== null && reason !== 'new-desk') continue;
      if (reason !== 'more-history') entry.rows = [];
      void this.load(entry);
    }
  }

  /** Asks again for one day, after a failure. */
  retry(key: string, date: string | null): void {
    void this.load(this.entry(key, date));
  }

  private entry(key: string, date: string | null): Entry {
    const known = this.entries.get(idOf(key, date));
    if (known !== undefined) return known;
    const entry: Entry = {
      key,
      date,
      day: { status: 'loading', value: null, rows: [], error: null, loads: 0 },
      rows: [],
      request: 0,
      listeners: new Set(),
      liveListeners: new Set(),
    };
    this.entries.set(idOf(key, date), entry);
    void this.load(entry);
    return entry;
  }

  private async load(entry: Entry): Promise<void> {
    const request = ++entry.request;
    const result = await this.bridge.invoke('candles.get', { key: entry.key, date: entry.date });
    // An older answer that comes late must not overwrite a newer one.
    if (request !== entry.request) return;
    if (!result.ok) {
      this.publish(entry, { status: entry.day.value === null ? 'failed' : 'ready', error: result.error.message });
      return;
    }
    entry.rows = mergeCandles(result.value.candles, entry.date === null ? entry.rows : []);
    this.publish(entry, { status: 'ready', value: result.value, error: null, loads: entry.day.loads + 1 });
  }

  private publish(entry: Entry, change: Partial<CandleDay>): void {
    entry.day = { ...entry.day, ...change, rows: entry.rows };
    for (const listener of entry.listeners) listener();
  }
}

function idOf(key: string, date: string | null): string {
  return `${date ?? 'today'} ${key}`;
}
