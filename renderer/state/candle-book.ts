import type { DeskBridge } from '../../src/contract/bridge.ts';
import type { CandleRow, CandlesValue } from '../../src/contract/commands.ts';
import type { CandleUpdate } from '../../src/contract/tick-lane.ts';
import { removeCandle, upsertCandle } from './candle-rows.ts';

/** One day of candles of one instrument, as a component sees it. A new object whenever a minute comes, goes or closes. */
export interface CandleDay {
  readonly status: 'loading' | 'ready' | 'failed';
  /** What the desk says of the day beside its rows; null until the first answer. */
  readonly value: CandlesValue | null;
  /** Ascending by start; changed in place. */
  readonly rows: readonly CandleRow[];
  /** Why the last question failed; null otherwise. */
  readonly error: string | null;
}

/** What became of a day's rows. */
export interface CandleChange {
  /** All of them as they are now, ascending by start. */
  readonly rows: readonly CandleRow[];
  /**
   * Those that were replaced or came after the last, in that order; null: minutes have been put between others or taken
   * away.
   */
  readonly changed: readonly CandleRow[] | null;
}

interface Entry {
  readonly key: string;
  readonly date: string | null;
  day: CandleDay;
  rows: CandleRow[];
  /** Number of the last question asked; an answer to an earlier one is of no use. */
  request: number;
  isAsking: boolean;
  /** What is held may be incomplete: the next batch of this instrument has all of its candles. */
  expectsWhole: boolean;
  readonly listeners: Set<() => void>;
  readonly changeListeners: Set<(change: CandleChange) => void>;
}

/** Earlier days that nobody looks at any more and that are kept all the same, to step back to. */
const EARLIER_DAYS_KEPT = 8;
const nothingYet: CandleDay = { status: 'loading', value: null, rows: [], error: null };

/**
 * Candles by instrument key and IST date; `null` for the market's current day. The desk alone decides what a candle is.
 * Rows of the current day come by the tick lane, whole for a slot that comes into the interest and then each change, and
 * are put here as they come, whatever their minute; `candles.get` adds what the lane does not say. An earlier day is
 * asked for once.
 */
export class CandleBook {
  private readonly bridge: Pick<DeskBridge, 'invoke'>;
  private readonly entries = new Map<string, Entry>();

  constructor(bridge: Pick<DeskBridge, 'invoke'>) {
    this.bridge = bridge;
  }

  /** The day as known now. */
  day(key: string, date: string | null): CandleDay {
    return this.entries.get(idOf(key, date))?.day ?? nothingYet;
  }

  /** Calls `listener` when `day(key, date)` has become another object. The first listener has the day asked for. */
  subscribe(key: string, date: string | null, listener: () => void): () => void {
    const entry = this.entry(key, date);
    entry.listeners.add(listener);
    if (entry.day.value === null && !entry.isAsking) void this.ask(entry);
    return () => {
      entry.listeners.delete(listener);
      this.dropEarlierDays();
    };
  }

  /** Calls `listener` with what became of the rows, once for all that came together. */
  onChange(key: string, date: string | null, listener: (change: CandleChange) => void): () => void {
    const entry = this.entry(key, date);
    entry.changeListeners.add(listener);
    return () => {
      entry.changeListeners.delete(listener);
    };
  }

  /** Takes candles of the current day that have come together, in whatever order; the slot of an update is not looked at. */
  put(key: string, updates: readonly CandleUpdate[]): void {
    const entry = this.entry(key, null);
    const placed: CandleRow[] = [];
    let redraw = entry.expectsWhole;
    let hasNewMinute = false;
    if (entry.expectsWhole) entry.rows = [];
    entry.expectsWhole = false;
    for (const update of updates) {
      if (update.removed) {
        if (removeCandle(entry.rows, update.start)) redraw = true;
        continue;
      }
      const row = rowOf(update);
      const placement = upsertCandle(entry.rows, row);
      placed.push(row);
      if (placement === 'appended') hasNewMinute = true;
      else if (placement === 'inserted') redraw = true;
    }
    if (!redraw && placed.length === 0) return;
    tellChange(entry, redraw ? null : placed);
    const isOnlyForming = !redraw && !hasNewMinute && placed.every((row) => row === entry.rows.at(-1));
    if (!isOnlyForming || entry.day.status !== 'ready') this.publish(entry, { status: 'ready' });
    // What could not be loaded once may be there by now, as a candle of Kite's own says it is.
    const mayBeThere = hasNewMinute || placed.some((row) => row[7] === 'settled');
    if (mayBeThere && entry.day.value?.history !== 'complete') this.askAgain(entry);
  }

  /** The desk sends changes of an instrument no longer: what is held of its current day would go out of date. */
  forget(key: string): void {
    const entry = this.entries.get(idOf(key, null));
    if (entry === undefined) return;
    if (entry.listeners.size === 0 && entry.changeListeners.size === 0) this.entries.delete(idOf(key, null));
    else this.empty(entry);
  }

  /** Changes may be lost from here on: what comes next of an instrument will be all of its candles. */
  expectWhole(): void {
    for (const entry of this.entries.values()) if (entry.date === null) entry.expectsWhole = true;
  }

  /** Asks again for what the tick lane does not say of the current day. */
  refreshToday(): void {
    for (const entry of this.entries.values()) if (entry.date === null) this.askAgain(entry);
  }

  /** It is another day: what was held of the current one is of the day before. */
  startDay(): void {
    for (const entry of this.entries.values()) if (entry.date === null) this.restart(entry);
  }

  /** Another instrument has taken the key: nothing that is held is its own. */
  startInstrument(key: string): void {
    for (const entry of this.entries.values()) if (entry.key === key) this.restart(entry);
  }

  /** It is another desk, of whose days nothing is known. */
  startDesk(): void {
    for (const entry of this.entries.values()) this.restart(entry);
  }

  /** Asks again for one day, after a failure. */
  retry(key: string, date: string | null): void {
    void this.ask(this.entry(key, date));
  }

  /** Asks again for one day unless an answer is on its way. */
  refresh(key: string, date: string | null): void {
    this.askAgain(this.entry(key, date));
  }

  /** Days that are held, watched or not. */
  get size(): number {
    return this.entries.size;
  }

  private entry(key: string, date: string | null): Entry {
    const id = idOf(key, date);
    const entry: Entry = this.entries.get(id) ?? {
      key,
      date,
      day: nothingYet,
      rows: [],
      request: 0,
      isAsking: false,
      expectsWhole: false,
      listeners: new Set(),
      changeListeners: new Set(),
    };
    // In the order of their last use.
    this.entries.delete(id);
    this.entries.set(id, entry);
    return entry;
  }

  private dropEarlierDays(): void {
    const unused = [...this.entries].filter(
      ([, entry]) => entry.date !== null && entry.listeners.size === 0 && entry.changeListeners.size === 0,
    );
    const failed = unused.filter(([, entry]) => entry.day.status === 'failed');
    for (const [id] of [...unused.slice(0, -EARLIER_DAYS_KEPT), ...failed]) this.entries.delete(id);
  }

  private restart(entry: Entry): void {
    if (entry.listeners.size === 0 && entry.changeListeners.size === 0) {
      this.entries.delete(idOf(entry.key, entry.date));
      return;
    }
    this.empty(entry);
    void this.ask(entry);
  }

  private empty(entry: Entry): void {
    entry.rows = [];
    entry.request++;
    entry.isAsking = false;
    entry.day = { ...nothingYet, rows: entry.rows };
    tellChange(entry, null);
    for (const listener of entry.listeners) listener();
  }

  private askAgain(entry: Entry): void {
    if (entry.listeners.size > 0 && !entry.isAsking) void this.ask(entry);
  }

  private async ask(entry: Entry): Promise<void> {
    const request = ++entry.request;
    entry.isAsking = true;
    const result = await this.bridge.invoke('candles.get', { key: entry.key, date: entry.date });
    // An older answer that comes late must not overwrite a newer one.
    if (request !== entry.request) return;
    entry.isAsking = false;
    if (!result.ok) {
      const hasSomething = entry.day.value !== null || entry.rows.length > 0;
      this.publish(entry, { status: hasSomething ? 'ready' : 'failed', error: result.error.message });
      return;
    }
    if (entry.date !== null) {
      entry.rows = [...result.value.candles];
      tellChange(entry, null);
    }
    this.publish(entry, { status: 'ready', value: result.value, error: null });
  }

  private publish(entry: Entry, change: Partial<CandleDay>): void {
    entry.day = { ...entry.day, ...change, rows: entry.rows };
    for (const listener of entry.listeners) listener();
  }
}

/** Whoever is told of a change and looks at the day finds the same rows there. */
function tellChange(entry: Entry, changed: readonly CandleRow[] | null): void {
  const { rows, changeListeners } = entry;
  if (entry.day.rows !== rows) entry.day = { ...entry.day, rows };
  for (const listener of changeListeners) listener({ rows, changed });
}

function rowOf(update: CandleUpdate): CandleRow {
  const { start, open, high, low, close, volume, openInterest, state, corrected } = update;
  return [start, open, high, low, close, volume, openInterest, state, corrected];
}

function idOf(key: string, date: string | null): string {
  return `${date ?? 'today'} ${key}`;
}
