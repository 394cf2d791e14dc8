import type { Clock } from '../clock.ts';
import type { CandleRow } from '../contract/commands.ts';
import type { StorageCause } from '../contract/state.ts';
import type { IstDate } from '../market/ist.ts';
import { storageCauseOf } from '../storage/disk-error.ts';
import type { HistoryBatch } from '../storage/disk-tasks.ts';
import type { Disk } from '../storage/disk-thread.ts';
import { RetriedWrite } from '../storage/retried-write.ts';
import type { HistoryStore } from './history-store.ts';
import { isCandle, StoreError } from './store.ts';

export interface WriteBehindPorts {
  /** Real time. */
  readonly clock: Clock;
  readonly disk: Pick<Disk, 'loadJournal' | 'loadCandles' | 'writeHistory' | 'prune'>;
  readonly onTrouble: (cause: StorageCause | null) => void;
  /** Told after each read: why it failed; null when it did not. */
  readonly onRead?: (cause: StorageCause | null) => void;
}

/** Rows written in one transaction: a few tens of ms on a slow disk. */
const BATCH_ROWS = 4_000;
/** A day of 600 instruments, about 30 MB. Beyond it each instrument's oldest are given up in turn: Kite has them still. */
const MOST_WAITING_ROWS = 225_000;

/**
 * The history as the desk writes it: kept in memory until the disk has it, the latest of each journal and candle. What
 * waits is seen by loads as if it were written.
 */
export class WriteBehindHistory implements HistoryStore, AsyncDisposable {
  private readonly ports: WriteBehindPorts;
  private readonly journals = new Map<IstDate, string>();
  private readonly candles = new Map<string, Map<number, CandleRow>>();
  private rows = 0;
  private readonly writer: RetriedWrite;

  constructor(ports: WriteBehindPorts) {
    this.ports = ports;
    const { clock, onTrouble } = ports;
    this.writer = new RetriedWrite({ clock, onTrouble, write: () => this.writeSome() });
  }

  /** Journals and candles that are not on the disk yet. */
  get waiting(): number {
    return this.journals.size + this.rows;
  }

  async loadJournal(date: IstDate): Promise<string | null> {
    return this.journals.get(date) ?? (await this.read(this.ports.disk.loadJournal(date)));
  }

  saveJournal(date: IstDate, json: string): Promise<void> {
    this.journals.set(date, json);
    return this.writer.request();
  }

  async loadCandles(key: string, fromMs: number, toMs: number): Promise<readonly CandleRow[]> {
    const kept = await this.read(this.ports.disk.loadCandles(key, fromMs, toMs));
    const waiting = [...(this.candles.get(key)?.values() ?? [])].filter(([start]) => start >= fromMs && start <= toMs);
    if (waiting.length === 0) return kept;
    const rows = new Map([...kept, ...waiting].map((row) => [row[0], row]));
    return [...rows.values()].filter(isCandle).sort(([a], [b]) => a - b);
  }

  saveCandles(key: string, rows: readonly CandleRow[]): Promise<void> {
    const waiting = this.candles.get(key) ?? new Map<number, CandleRow>();
    this.candles.set(key, waiting);
    this.rows -= waiting.size;
    for (const row of rows) waiting.set(row[0], row);
    this.rows += waiting.size;
    this.shedOldest();
    return this.writer.request();
  }

  /** Quiet when it fails: it is asked for again the next day. */
  async prune(candlesBeforeMs: number, journalsBefore: IstDate): Promise<void> {
    try {
      // In short turns, between which everything else is read and written.
      while (await this.ports.disk.prune(candlesBeforeMs, journalsBefore));
    } catch {
      // As said above.
    }
  }

  /** Writes what waits, if the disk takes it now. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.waiting > 0) await this.writer.flush();
    this.writer[Symbol.dispose]();
  }

  private async writeSome(): Promise<boolean> {
    const batch = this.nextBatch();
    if (batch.journals.length === 0 && batch.candles.length === 0) return false;
    await this.ports.disk.writeHistory(batch);
    for (const [date, json] of batch.journals) if (this.journals.get(date) === json) this.journals.delete(date);
    for (const [key, rows] of batch.candles) this.written(key, rows);
    return this.waiting > 0;
  }

  private nextBatch(): HistoryBatch {
    const candles: (readonly [string, readonly CandleRow[]])[] = [];
    let room = BATCH_ROWS;
    for (const [key, rows] of this.candles) {
      if (room <= 0) break;
      const some = [...rows.values()].slice(0, room);
      candles.push([key, some]);
      room -= some.length;
    }
    return { journals: [...this.journals], candles };
  }

  private async read<Value>(reading: Promise<Value>): Promise<Value> {
    try {
      const value = await reading;
      this.ports.onRead?.(null);
      return value;
    } catch (error) {
      this.ports.onRead?.(storageCauseOf(error));
      throw new StoreError('the history database could not be read', { cause: error });
    }
  }

  private written(key: string, rows: readonly CandleRow[]): void {
    const waiting = this.candles.get(key);
    if (waiting === undefined) return;
    for (const row of rows) if (waiting.get(row[0]) === row && waiting.delete(row[0])) this.rows--;
    if (waiting.size === 0) this.candles.delete(key);
  }

  private shedOldest(): void {
    while (this.rows > MOST_WAITING_ROWS) {
      const [first] = this.candles;
      if (first === undefined) return;
      const [key, rows] = first;
      const [oldest] = rows.keys();
      if (oldest !== undefined && rows.delete(oldest)) this.rows--;
      // Behind all others: the next one gives up next.
      this.candles.delete(key);
      if (rows.size > 0) this.candles.set(key, rows);
    }
  }
}
