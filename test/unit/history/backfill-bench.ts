import type { InstrumentState } from '../../../src/contract/state.ts';
import { type BookInstrument, QuoteBook } from '../../../src/feed/quote-book.ts';
import { Backfill } from '../../../src/history/backfill.ts';
import { CandleBook } from '../../../src/history/candles.ts';
import { HistoryRequests } from '../../../src/history/history-requests.ts';
import { KiteError } from '../../../src/kite/errors.ts';
import type { KiteCandle, KiteRest } from '../../../src/kite/session.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import type { IstDate } from '../../../src/market/ist.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { at, nifty, niftyCall, niftyFuture } from '../feed/instruments.ts';
import { frameOf } from '../feed/packets.ts';

const MINUTE_MS = 60_000;

/** A row as the exchange's history has it; null: one that no trade can have made. */
export type ListedRow = KiteCandle | null;

/** The exchange's history, as a test writes it: rows by instrument token and start, ms since the epoch. */
export class ListedHistory {
  readonly rows = new Map<number, Map<number, ListedRow>>();

  /** One row a minute from `from` to `to` (IST, the end exclusive), by `make`; undefined: no row. */
  list(token: number, from: string, to: string, make: (startMs: number) => ListedRow | undefined): this {
    const rows = this.rows.get(token) ?? new Map<number, ListedRow>();
    this.rows.set(token, rows);
    for (let startMs = at(from); startMs < at(to); startMs += MINUTE_MS) {
      const row = make(startMs);
      if (row === undefined) rows.delete(startMs);
      else rows.set(startMs, row);
    }
    return this;
  }
}

export function rowAt(startMs: number, price: number, volume = 0, openInterest: number | null = null): KiteCandle {
  return { startMs, open: price, high: price + 2, low: price - 2, close: price + 1, volume, openInterest };
}

/** One question to the history, and when it came. */
export interface Asked {
  readonly atMs: number;
  readonly token: number;
  readonly fromMs: number;
}

const followed: readonly BookInstrument[] = [nifty, niftyFuture, niftyCall];

/** A back-fill with an index, its future and a watched option, on virtual time, without a feed, files or sockets. */
export class BackfillBench implements Disposable {
  readonly clock: VirtualClock;
  readonly quotes: QuoteBook;
  readonly candles: CandleBook;
  readonly requests: HistoryRequests;
  readonly backfill: Backfill;
  readonly history = new ListedHistory();
  readonly asked: Asked[] = [];
  readonly shown = new Set<number>();
  /** What Kite fails with; null: it answers. */
  failure: KiteError['code'] | null = null;
  /** So long an answer takes, ms. */
  answerMs = 200;
  signedIn = true;
  /** The quote's last price of the index, rupees; null: it cannot be had. */
  lastPrice: number | null = null;
  /** How far the PC's clock is ahead of Kite's, ms. */
  pcAheadMs = 0;

  constructor(time: string, date?: IstDate) {
    this.clock = new VirtualClock(at(time, date));
    const calendar = bundledCalendar();
    this.quotes = new QuoteBook(calendar);
    for (const instrument of followed) this.quotes.add(instrument);
    this.candles = new CandleBook(this.quotes);
    this.quotes.onTicks((touched, origin) => this.candles.apply(touched, origin));
    this.quotes.refreshKinds(this.clock.now());
    const { clock } = this;
    this.requests = new HistoryRequests({
      clock,
      rest: { candles: (_session, request) => this.answer(request) },
      session: () => (this.signedIn ? { apiKey: 'k', accessToken: 't' } : null),
      reportRejected: () => undefined,
    });
    const instruments = followed.map(stateOf);
    const pcClock = {
      speed: 1,
      now: () => clock.now() + this.pcAheadMs,
      monotonic: () => clock.monotonic(),
      setTimeout: clock.setTimeout.bind(clock),
      setInterval: clock.setInterval.bind(clock),
    };
    this.backfill = new Backfill({
      clock: pcClock,
      calendar,
      candles: this.candles,
      requests: this.requests,
      store: {
        loadJournal: async () => null,
        saveJournal: async () => undefined,
        saveCandles: async () => undefined,
        loadCandles: async () => [],
        prune: async () => undefined,
      },
      instruments: () => instruments,
      kiteTime: () => clock.now(),
      isSignedIn: () => this.signedIn,
      shown: () => this.shown,
      lastPrice: async () => this.lastPrice,
    });
  }

  /** Time goes on by so many ms, with a look at what is missing each second. */
  async run(ms: number): Promise<this> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 1_000) {
      await this.clock.advance(Math.min(1_000, leftMs));
      this.backfill.look();
    }
    await this.clock.advance(0);
    return this;
  }

  to(time: string): Promise<this> {
    return this.run(at(time) - this.clock.now());
  }

  tick(instrument: BookInstrument, price: number, volume = 0): void {
    const exchangeTimeMs = this.clock.now();
    const packet = { token: instrument.token, lastPrice: price, volume, exchangeTimeMs };
    this.quotes.applyFrame(frameOf([packet]), exchangeTimeMs + this.pcAheadMs);
  }

  /** `HH:MM state close` of every candle of a slot. */
  told(slot: number): readonly string[] {
    return this.candles
      .rows(slot, 0, Number.POSITIVE_INFINITY)
      .map(([startMs, , , , close, , , state]) => `${minuteText(startMs)} ${state} ${close}`);
  }

  /** Whether Kite has answered for the minute that starts at a time. */
  isAnswered(slot: number, time: string): boolean {
    const day = this.backfill.dayOf(slot);
    return day !== null && this.candles.isAnswered(slot, day, at(time));
  }

  askedOf({ token }: BookInstrument): readonly Asked[] {
    return this.asked.filter((each) => each.token === token);
  }

  [Symbol.dispose](): void {
    this.requests[Symbol.dispose]();
  }

  private async answer(request: Parameters<KiteRest['candles']>[1]): Promise<readonly KiteCandle[]> {
    const { token, fromMs, toMs, onRefused } = request;
    this.asked.push({ atMs: this.clock.now(), token, fromMs });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.clock.setTimeout(resolve, this.answerMs);
    await promise;
    if (this.failure !== null) throw new KiteError(this.failure, 'as the test has it');
    const listed = [...(this.history.rows.get(token) ?? [])]
      .filter(([startMs]) => startMs >= fromMs && startMs <= toMs && startMs + MINUTE_MS <= this.clock.now())
      .sort(([a], [b]) => a - b);
    const refused = listed.filter(([, row]) => row === null).map(([startMs]) => startMs);
    if (refused.length > 0) onRefused?.(refused);
    return listed.flatMap(([, row]) => row ?? []);
  }
}

function stateOf({ key, token, role, segment }: BookInstrument): InstrumentState {
  const contract = { underlying: key, title: key, expiry: null, lotSize: 1, tickSize: 0.05 };
  return { key, token, role, segment, ...contract, firstTickAt: null, stale: false, retired: false };
}

/** `HH:MM` in IST. */
export function minuteText(startMs: number): string {
  return new Date(startMs + 19_800_000).toISOString().slice(11, 16);
}
