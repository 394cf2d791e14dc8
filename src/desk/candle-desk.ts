import type { Clock } from '../clock.ts';
import type { CandleGap } from '../contract/commands.ts';
import type { FeedState, InstrumentState } from '../contract/state.ts';
import type { QuoteBook } from '../feed/quote-book.ts';
import type { QuoteRequests } from '../feed/quote-requests.ts';
import type { TickOrigin } from '../feed/tick-listeners.ts';
import { Backfill } from '../history/backfill.ts';
import { CandleBook } from '../history/candles.ts';
import { CloseCheck } from '../history/close-check.ts';
import { HistoryRequests } from '../history/history-requests.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { KiteInstrument, KiteQuote, KiteRest, SessionCredentials } from '../kite/session.ts';
import type { TouchedSlots } from '../kite/touched-slots.ts';
import type { Log } from '../log.ts';
import type { MarketCalendar } from '../market/calendar.ts';
import type { IstDate } from '../market/ist.ts';
import { CandlesApi } from './candles-api.ts';
import { ChartHistory } from './chart-history.ts';
import { KeptCandles } from './kept-candles.ts';

export interface CandleDeskPorts {
  readonly clock: Clock;
  /** Real time. */
  readonly realClock: Clock;
  readonly calendar: MarketCalendar;
  readonly rest: KiteRest;
  readonly store: HistoryStore;
  readonly book: QuoteBook;
  /** Every question for quotes goes this way. */
  readonly quoteRequests: Pick<QuoteRequests, 'ask'>;
  readonly session: () => SessionCredentials | null;
  readonly reportRejected: () => void;
  /** What Kite's clock shows at least, ms since the epoch; null while it has not been heard. */
  readonly kiteTime: () => number | null;
  readonly instruments: () => readonly InstrumentState[];
  /** Slots whose candles somebody sees. */
  readonly shown: () => ReadonlySet<number>;
  /** The instrument of today's lists with this key. */
  readonly listed: (key: string) => KiteInstrument | null;
  readonly gapsOf: (key: string, date: IstDate) => Promise<readonly CandleGap[]>;
  readonly log: Log;
}

/** All that decides, completes and keeps the candles, put together. */
export class CandleDesk implements Disposable {
  readonly candles: CandleBook;
  readonly requests: HistoryRequests;
  readonly backfill: Backfill;
  readonly charts: ChartHistory;
  readonly api: CandlesApi;
  private readonly ports: CandleDeskPorts;
  private readonly kept: KeptCandles;
  private readonly closeCheck: CloseCheck;
  private readonly resources = new DisposableStack();
  private lastGapMs = 0;

  constructor(ports: CandleDeskPorts) {
    this.ports = ports;
    this.candles = new CandleBook(ports.book);
    this.requests = this.resources.use(new HistoryRequests(ports));
    const parts = { ...ports, candles: this.candles, requests: this.requests };
    this.backfill = new Backfill({
      ...parts,
      isSignedIn: () => ports.session() !== null,
      lastPrice: (slot, sinceMs) => this.lastPrice(slot, sinceMs),
    });
    this.charts = new ChartHistory({ ...parts, backfill: this.backfill });
    this.api = new CandlesApi({
      ...parts,
      backfill: this.backfill,
      quote: (slot) => ports.book.row(slot, false),
    });
    this.closeCheck = new CloseCheck({
      ...parts,
      isSignedIn: () => ports.session() !== null,
      indices: () => ports.instruments().filter(({ role, retired }) => role === 'spot' && !retired),
      quotes: (keys) => this.quotes(keys),
    });
    this.kept = this.resources.use(new KeptCandles(this.candles, ports.store));
  }

  /** Takes the ticks just written to the book. */
  apply(touched: TouchedSlots, origin: TickOrigin): void {
    this.candles.apply(touched, origin);
  }

  /** Whatever may have cost a tick puts the minutes it touched in doubt. */
  feedChanged(before: FeedState, next: FeedState): void {
    const gapMs = next.gaps.reduce((latest, { from }) => Math.max(latest, from), 0);
    const hasStopped = before.state === 'live' && next.state !== 'live';
    if (hasStopped || next.reconnects > before.reconnects || gapMs > this.lastGapMs) this.candles.interrupted();
    this.lastGapMs = gapMs;
  }

  /** The clock was paused, goes on or runs at another speed. */
  paceChanged(): void {
    this.requests.paceChanged();
  }

  /** To be called about once a second; `jumpMs`: what the wall clock jumped, 0 for not at all. */
  look(jumpMs: number): void {
    if (jumpMs !== 0) this.candles.interrupted();
    this.backfill.look();
    this.closeCheck.look();
    this.kept.save(this.ports.instruments());
  }

  /** The files are new ones, and hold nothing of today. */
  keepAgain(): void {
    this.kept.keepAgain(this.ports.instruments().length);
  }

  [Symbol.dispose](): void {
    this.resources.dispose();
  }

  private async lastPrice(slot: number, sinceMs: number): Promise<number | null> {
    const { book } = this.ports;
    const row = book.row(slot, false);
    if (row !== null && row.exchangeTime >= sinceMs) return row.lastPrice;
    const key = this.ports.instruments()[slot]?.key;
    if (key === undefined) return null;
    try {
      return (await this.quotes([key])).get(key)?.lastPrice ?? null;
    } catch {
      return null;
    }
  }

  private async quotes(keys: readonly string[]): Promise<ReadonlyMap<string, KiteQuote>> {
    const session = this.ports.session();
    return session === null ? new Map() : await this.ports.quoteRequests.ask(session, keys);
  }
}
