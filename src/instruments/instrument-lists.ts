import type { Clock } from '../clock.ts';
import { KiteError, type KiteErrorCode } from '../kite/errors.ts';
import { indexing } from '../kite/instruments.ts';
import type { KiteInstrument, KiteRest } from '../kite/session.ts';
import type { Log } from '../log.ts';
import { type IstDate, istDateOf } from '../market/ist.ts';
import { byTurns } from '../turn.ts';

/** One exchange's instruments, as Kite listed them at one time. */
export interface InstrumentList {
  readonly exchange: string;
  /** The IST date it was taken on. */
  readonly date: IstDate;
  /** When it was asked for, ms since the epoch. */
  readonly takenAtMs: number;
  readonly instruments: readonly KiteInstrument[];
}

/** Where lists outlive a run. Neither call rejects: a list that cannot be read is none. */
export interface InstrumentListStore {
  /** The list of an exchange that was saved last; null when there is none that can be read. */
  load(exchange: string): Promise<InstrumentList | null>;
  save(list: InstrumentList): Promise<void>;
}

export interface ListPorts {
  readonly clock: Clock;
  /** Real time, for how long the disk is waited for. */
  readonly realClock: Clock;
  readonly rest: Pick<KiteRest, 'instruments'>;
  /** Absent: nothing outlives the run. */
  readonly store?: InstrumentListStore;
  /** Nobody can use a list yet, so nobody is told that one is missing. */
  readonly isUnneeded: () => boolean;
  readonly log: Log;
  /** A list has come, or could not be loaded. */
  readonly changed: () => void;
}

/** A list that was asked for and could not be loaded: why, and since when (ms since the epoch). */
export interface ListFailure {
  readonly exchange: string;
  readonly code: KiteErrorCode | 'unknown';
  readonly sinceMs: number;
}

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 120_000;
/** Retries in real time on a fast clock: Kite's pace does not quicken with it. */
const SHORTEST_REAL_RETRY_MS = 1_000;
/** How long Kite is not asked because the disk may know; real ms. A disk that hangs costs no more. */
const DISK_WAIT_MS = 500;
/** A list with a smaller share of the rows of the one at hand is not whole: no expiry takes half of an exchange. */
const LEAST_SHARE = 0.5;
/** Half of fewer rows than this may well be gone. */
const FEWEST_COMPARABLE = 10;
/** A list at hand that is older than this says nothing about how long today's must be. */
const COMPARABLE_MS = 7 * 24 * 3_600_000;

interface Entry {
  list: InstrumentList | null;
  /** Resolves when the disk has been looked at. */
  kept: Promise<void> | null;
  running: Promise<void> | null;
  failures: number;
  failure: ListFailure | null;
  retry: Disposable | null;
}

/**
 * The instrument lists, each exchange by itself: asked for in parallel, kept until a newer one comes, and asked for again
 * with back-off where that failed. A failure takes nothing away, and a list that hangs holds up no other.
 */
export class InstrumentLists implements Disposable {
  private readonly ports: ListPorts;
  private readonly entries = new Map<string, Entry>();
  private wanted: ReadonlySet<string> = new Set();
  /** Lists that were taken before this are not good enough; ms since the epoch. */
  private neededSinceMs = 0;
  private isOutageLogged = false;
  private isDisposed = false;

  constructor(ports: ListPorts) {
    this.ports = ports;
  }

  /** The best list at hand of each exchange that has one. */
  get all(): ReadonlyMap<string, InstrumentList> {
    return new Map(
      [...this.entries].flatMap(([exchange, { list }]) => (list === null ? [] : [[exchange, list] as const])),
    );
  }

  /** Whether there is any list of the exchange that this instrument key is of. */
  has(key: string): boolean {
    return this.entries.get(key.slice(0, key.indexOf(':')))?.list != null;
  }

  /** Of the exchanges that are wanted now. */
  get failures(): readonly ListFailure[] {
    return [...this.wanted].flatMap((exchange) => this.entries.get(exchange)?.failure ?? []);
  }

  /** Only these exchanges' lists are asked for again by themselves. */
  want(exchanges: Iterable<string>): void {
    this.wanted = new Set(exchanges);
  }

  /** Whether the list of `exchange` was taken at `sinceMs` or later. */
  isTakenSince(exchange: string, sinceMs: number): boolean {
    const takenAtMs = this.entries.get(exchange)?.list?.takenAtMs ?? Number.NEGATIVE_INFINITY;
    return takenAtMs >= sinceMs && takenAtMs <= this.ports.clock.now();
  }

  /**
   * Asks for those lists that were not taken at `sinceMs` or later; resolves when each has come or failed once. A list
   * that waits for its next try is asked for at once, or `in-turn` not before that.
   */
  async take(exchanges: Iterable<string>, sinceMs: number, when: 'now' | 'in-turn' = 'now'): Promise<void> {
    this.neededSinceMs = Math.max(this.neededSinceMs, sinceMs);
    await Promise.all([...new Set(exchanges)].map((exchange) => this.takeOne(exchange, sinceMs, when)));
  }

  /** Asks now for what is waiting for its next try. */
  retryNow(): void {
    if (this.isDisposed) return;
    for (const exchange of this.wanted) {
      const entry = this.entries.get(exchange);
      if (entry?.retry != null) void this.fetch(exchange, entry);
    }
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
    for (const { retry } of this.entries.values()) retry?.[Symbol.dispose]();
  }

  private async takeOne(exchange: string, sinceMs: number, when: 'now' | 'in-turn'): Promise<void> {
    const entry = this.entryOf(exchange);
    entry.kept ??= this.loadKept(exchange, entry);
    await this.withinReason(entry.kept);
    if (this.isTakenSince(exchange, sinceMs) || this.isDisposed) return;
    if (when === 'now' || entry.retry === null) await this.fetch(exchange, entry);
  }

  private entryOf(exchange: string): Entry {
    const known = this.entries.get(exchange);
    if (known !== undefined) return known;
    const entry: Entry = { list: null, kept: null, running: null, failures: 0, failure: null, retry: null };
    this.entries.set(exchange, entry);
    return entry;
  }

  private async loadKept(exchange: string, entry: Entry): Promise<void> {
    const kept = (await this.ports.store?.load(exchange)) ?? null;
    if (kept === null || this.isDisposed) return;
    await byTurns(indexing(kept.instruments));
    if (this.isDisposed) return;
    if (entry.list !== null && entry.list.takenAtMs >= kept.takenAtMs) return;
    entry.list = kept;
    this.ports.changed();
  }

  private withinReason(kept: Promise<void>): Promise<void> {
    if (this.ports.store === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.ports.realClock.setTimeout(resolve, DISK_WAIT_MS);
      void kept.then(() => {
        timer[Symbol.dispose]();
        resolve();
      });
    });
  }

  /** One request an exchange at a time; whoever asks meanwhile waits for the same. */
  private fetch(exchange: string, entry: Entry): Promise<void> {
    entry.retry?.[Symbol.dispose]();
    entry.retry = null;
    entry.running ??= this.ask(exchange, entry).finally(() => {
      entry.running = null;
    });
    return entry.running;
  }

  private async ask(exchange: string, entry: Entry): Promise<void> {
    const { clock, rest, store } = this.ports;
    const takenAtMs = clock.now();
    try {
      const instruments = await rest.instruments(exchange);
      if (isFarShorter(instruments, entry.list, takenAtMs)) {
        throw new KiteError('bad-response', `Only ${instruments.length} rows of the ${exchange} instrument list came.`);
      }
      await byTurns(indexing(instruments));
      if (this.isDisposed) return;
      entry.list = { exchange, date: istDateOf(takenAtMs), takenAtMs, instruments };
      entry.failures = 0;
      entry.failure = null;
      void store?.save(entry.list);
    } catch (error) {
      if (this.isDisposed) return;
      const code = error instanceof KiteError ? error.code : 'unknown';
      entry.failure = { exchange, code, sinceMs: entry.failure?.sinceMs ?? takenAtMs };
      this.retryLater(exchange, entry);
    }
    this.noteOutage();
    this.ports.changed();
  }

  private retryLater(exchange: string, entry: Entry): void {
    const { clock } = this.ports;
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** entry.failures, LONGEST_RETRY_MS);
    entry.failures++;
    entry.retry = clock.setTimeout(
      () => {
        entry.retry = null;
        const isNeeded = this.wanted.has(exchange) && !this.isTakenSince(exchange, this.neededSinceMs);
        if (isNeeded) void this.fetch(exchange, entry);
        else entry.failure = null;
      },
      Math.max(delayMs, SHORTEST_REAL_RETRY_MS * clock.speed),
    );
  }

  /** One line for an outage, however many lists it concerns and however long it lasts. */
  private noteOutage(): void {
    const [first] = this.failures;
    if (first === undefined) this.isOutageLogged = false;
    if (first === undefined || this.isOutageLogged || this.ports.isUnneeded()) return;
    this.isOutageLogged = true;
    const reason = listFailureWords(first.code);
    this.ports.log(
      'warning',
      'instruments',
      `Kite's ${first.exchange} instrument list could not be loaded: ${reason}. Trying again by itself.`,
    );
  }
}

/** Whether so much is missing from a list that it cannot be the whole one. */
function isFarShorter(instruments: readonly KiteInstrument[], held: InstrumentList | null, nowMs: number): boolean {
  if (held === null || nowMs - held.takenAtMs > COMPARABLE_MS) return false;
  const { length } = held.instruments;
  return length >= FEWEST_COMPARABLE && instruments.length < length * LEAST_SHARE;
}

/** Why a list could not be loaded, to stand after a colon. */
export function listFailureWords(code: ListFailure['code']): string {
  switch (code) {
    case 'server-error':
      return "Kite's server reports an error of its own";
    case 'bad-response':
      return "what came is not Kite's whole list";
    case 'network':
      return 'Kite cannot be reached';
    case 'timeout':
      return 'Kite did not answer in time';
    case 'rate-limited':
      return 'Kite is asked for too much at once';
    case 'cancelled':
      return 'the app gave up waiting for it';
    case 'unknown':
      return 'it could not be read';
    case 'token-rejected':
    case 'credentials-invalid':
    case 'not-permitted':
    case 'bad-request':
      return 'Kite refuses it';
  }
}
