import type { CandleRow } from '../../../src/contract/commands.ts';
import type { InstrumentState } from '../../../src/contract/state.ts';
import { CandlesApi } from '../../../src/desk/candles-api.ts';
import { KeptCandles } from '../../../src/desk/kept-candles.ts';
import { type BookInstrument, QuoteBook } from '../../../src/feed/quote-book.ts';
import { Backfill } from '../../../src/history/backfill.ts';
import { CandleBook } from '../../../src/history/candles.ts';
import { HistoryRequests } from '../../../src/history/history-requests.ts';
import type { HistoryStore } from '../../../src/history/history-store.ts';
import { KiteError } from '../../../src/kite/errors.ts';
import type { KiteCandle, KiteInstrument, KiteQuote, KiteRest } from '../../../src/kite/session.ts';
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
  list(
    token: number,
    from: string,
    to: string,
    make: (startMs: number) => ListedRow | undefined,
    date?: IstDate,
  ): this {
    const rows = this.rows.get(token) ?? new Map<number, ListedRow>();
    this.rows.set(token, rows);
    for (let startMs = at(from, date); startMs < at(to, date); startMs += MINUTE_MS) {
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

/** What a running app has of its own. */
interface App {
  readonly quotes: QuoteBook;
  readonly candles: CandleBook;
  readonly requests: HistoryRequests;
  readonly backfill: Backfill;
  readonly keeper: KeptCandles;
  readonly api: CandlesApi;
  readonly instruments: InstrumentState[];
}

const followed: readonly BookInstrument[] = [nifty, niftyFuture, niftyCall];

/** A back-fill with an index, its future and a watched option, on virtual time, without a feed, files or sockets. */
export class BackfillBench implements Disposable {
  readonly clock: VirtualClock;
  readonly history = new ListedHistory();
  readonly asked: Asked[] = [];
  readonly shown = new Set<number>();
  /** What Kite fails with; null: it answers. */
  failure: KiteError['code'] | null = null;
  /** So long an answer takes, ms. */
  answerMs = 200;
  signedIn = true;
  /** Every quote has gone stale. */
  staleQuotes = false;
  /** What today's lists have beside what is followed. */
  readonly listed = new Map<string, KiteInstrument>();
  /** The quote's last price of the index, rupees; null: it cannot be had. */
  lastPrice: number | null = null;
  /** How far the PC's clock is ahead of Kite's, ms. */
  pcAheadMs = 0;
  private readonly kept = new Map<string, Map<number, CandleRow>>();
  private readonly calendar = bundledCalendar();
  private app: App;

  constructor(time: string, date?: IstDate) {
    this.clock = new VirtualClock(at(time, date));
    this.app = this.begin();
  }

  get quotes(): QuoteBook {
    return this.app.quotes;
  }

  get candles(): CandleBook {
    return this.app.candles;
  }

  get backfill(): Backfill {
    return this.app.backfill;
  }

  get api(): CandlesApi {
    return this.app.api;
  }

  /** The app ends and starts again, with what it has kept. */
  restart(): void {
    this.end();
    this.app = this.begin();
  }

  /** Time goes on by so many ms, with a look at what is missing each second. */
  async run(ms: number): Promise<this> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 1_000) {
      await this.clock.advance(Math.min(1_000, leftMs));
      this.backfill.look();
      this.app.keeper.save(this.app.instruments);
    }
    await this.clock.advance(0);
    return this;
  }

  /** The lists give an instrument another token: a new slot under the same key. */
  renew(instrument: BookInstrument, token: number): BookInstrument {
    const { instruments } = this.app;
    const slot = instruments.findIndex(({ key, retired }) => key === instrument.key && !retired);
    instruments[slot] = { ...stateOf(instrument), retired: true };
    this.quotes.retire(slot);
    const renewed = { ...instrument, token };
    this.quotes.add(renewed);
    instruments.push(stateOf(renewed));
    this.quotes.refreshKinds(this.clock.now());
    return renewed;
  }

  /** Starts of the kept candles of a key. */
  keptStarts(key: string): readonly number[] {
    return [...(this.kept.get(key)?.keys() ?? [])].sort((a, b) => a - b);
  }

  to(time: string): Promise<this> {
    return this.run(at(time) - this.clock.now());
  }

  /** A price of `atMs` (now unless given), over the socket or as an answer of REST. */
  tick(
    instrument: BookInstrument,
    price: number,
    options: { readonly volume?: number; readonly origin?: 'websocket' | 'rest'; readonly atMs?: number } = {},
  ): void {
    const { volume = 0, origin = 'websocket', atMs = this.clock.now() } = options;
    const exchangeTimeMs = Math.floor(atMs / 1_000) * 1_000;
    const receivedAtMs = this.clock.now() + this.pcAheadMs;
    if (origin === 'rest') {
      this.quotes.applyQuotes([quoteOf(instrument, price, volume, exchangeTimeMs)], receivedAtMs);
      return;
    }
    const packet = { token: instrument.token, lastPrice: price, volume, exchangeTimeMs };
    this.quotes.applyFrame(frameOf([packet]), receivedAtMs);
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
    this.end();
  }

  private end(): void {
    this.app.keeper[Symbol.dispose]();
    this.app.requests[Symbol.dispose]();
  }

  private begin(): App {
    const { clock, calendar } = this;
    const quotes = new QuoteBook(calendar);
    for (const instrument of followed) quotes.add(instrument);
    const candles = new CandleBook(quotes);
    quotes.onTicks((touched, origin) => candles.apply(touched, origin));
    quotes.refreshKinds(clock.now());
    const requests = new HistoryRequests({
      clock,
      rest: { candles: (_session, request) => this.answer(request) },
      session: () => (this.signedIn ? { apiKey: 'k', accessToken: 't' } : null),
      reportRejected: () => undefined,
    });
    const instruments = followed.map(stateOf);
    const backfill = new Backfill({
      clock: {
        speed: 1,
        now: () => clock.now() + this.pcAheadMs,
        monotonic: () => clock.monotonic(),
        setTimeout: clock.setTimeout.bind(clock),
        setInterval: clock.setInterval.bind(clock),
      },
      calendar,
      candles,
      requests,
      store: this.store,
      instruments: () => instruments,
      kiteTime: () => clock.now(),
      isSignedIn: () => this.signedIn,
      shown: () => this.shown,
      lastPrice: async () => this.lastPrice,
    });
    const api = new CandlesApi({
      clock,
      realClock: clock,
      calendar,
      candles,
      requests,
      backfill,
      store: this.store,
      instruments: () => instruments,
      gapsOf: async () => [],
      listed: (key) => this.listed.get(key) ?? null,
      quote: (slot) => {
        const row = quotes.row(slot, false);
        return row === null ? null : { ...row, stale: row.stale || this.staleQuotes };
      },
    });
    return { quotes, candles, requests, backfill, api, instruments, keeper: new KeptCandles(candles, this.store) };
  }

  private get store(): HistoryStore {
    const { kept } = this;
    return {
      loadJournal: async () => null,
      saveJournal: async () => undefined,
      saveCandles: async (key, rows) => {
        const own = kept.get(key) ?? new Map<number, CandleRow>();
        kept.set(key, own);
        for (const row of rows) {
          if (row[1] === 0) own.delete(row[0]);
          else own.set(row[0], row);
        }
      },
      loadCandles: async (key, fromMs, toMs) =>
        [...(kept.get(key)?.values() ?? [])].filter(([startMs]) => startMs >= fromMs && startMs <= toMs),
      prune: async () => undefined,
    };
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
  return { key, token, role, segment, ...contract, followedSince: 0, firstTickAt: null, stale: false, retired: false };
}

/** `HH:MM` in IST. */
export function minuteText(startMs: number): string {
  return new Date(startMs + 19_800_000).toISOString().slice(11, 16);
}

function quoteOf({ key, token }: BookInstrument, price: number, volume: number, atMs: number): KiteQuote {
  const prices = { lastPrice: price, open: price, high: price, low: price, close: price };
  const rest = { lastQuantity: null, averagePrice: null, buyQuantity: null, sellQuantity: null, openInterest: null };
  return { key, token, ...prices, ...rest, volume, exchangeTimeMs: atMs, lastTradeTimeMs: atMs, bids: [], asks: [] };
}
