import type { Clock } from '../../../src/clock.ts';
import type { FeedState } from '../../../src/contract/state.ts';
import { type BookInstrument, QuoteBook } from '../../../src/feed/quote-book.ts';
import { FeedSupervisor } from '../../../src/feed/supervisor.ts';
import type { KiteQuote } from '../../../src/kite/session.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import type { MarketCalendar } from '../../../src/market/calendar.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { FakeAuth, FakeRest, FakeTicker } from './fake-kite.ts';
import { nifty, niftyFuture } from './instruments.ts';
import type { TickSpec } from './packets.ts';

const bundled = bundledCalendar();

/** A supervisor on a virtual clock with a scripted Kite around it. */
export class FeedBench implements Disposable {
  /** Real time. */
  readonly clock: VirtualClock;
  /** Market time: the same, unless it goes faster. */
  readonly market: Clock;
  readonly book: QuoteBook;
  readonly ticker: FakeTicker;
  readonly rest: FakeRest;
  readonly auth: FakeAuth;
  readonly supervisor: FeedSupervisor;
  readonly log: string[] = [];
  /** Every state told, with the virtual instant. */
  readonly told: { readonly atMs: number; readonly state: FeedState }[] = [];
  /** Receive times of ticks, whatever their origin. */
  readonly tickTimes: { readonly atMs: number; readonly origin: 'websocket' | 'rest' }[] = [];
  private readonly instruments: readonly BookInstrument[];

  constructor(
    start: number,
    instruments: readonly BookInstrument[] = [nifty, niftyFuture],
    calendar: MarketCalendar = bundled,
    speed = 1,
  ) {
    this.clock = new VirtualClock(start);
    this.market = speed === 1 ? this.clock : fastClock(this.clock, speed);
    this.book = new QuoteBook(calendar);
    this.instruments = instruments;
    this.ticker = new FakeTicker(this.market, (tokens) => this.ticksOf(tokens));
    this.rest = new FakeRest(this.market, (key) => this.quoteOf(key));
    this.auth = new FakeAuth(this.market, 'token-1');
    for (const instrument of instruments) this.book.add(instrument);
    this.supervisor = new FeedSupervisor({
      clock: this.market,
      connector: this.ticker,
      rest: this.rest,
      calendar,
      book: this.book,
      random: () => 0.5,
      auth: this.auth,
      log: (level, _area, text) => this.log.push(`${level}: ${text}`),
    });
    this.auth.onVerified = () => this.supervisor.tokenVerified();
    this.supervisor.onChange((state) => this.told.push({ atMs: this.market.now(), state }));
    this.book.onTicks((_touched, origin, atMs) => this.tickTimes.push({ atMs, origin }));
    this.supervisor.setSubscription(instruments);
  }

  get state(): FeedState {
    return this.supervisor.state;
  }

  /** Switches the feed on and waits until it is live. */
  async goLive(): Promise<void> {
    this.supervisor.setDesired({ on: true, reason: 'market hours' });
    await this.clock.advance(1_000);
  }

  /** One tick a token with the second's time stamp, as Kite streams in session. */
  ticksOf(tokens: ReadonlySet<number>): readonly TickSpec[] {
    const exchangeTimeMs = Math.floor(this.market.now() / 1000) * 1000;
    return [...tokens].map((token) => ({ token, lastPrice: 26_000, exchangeTimeMs, volume: 100 }));
  }

  quoteOf(key: string): KiteQuote | null {
    const instrument = this.instruments.find((candidate) => candidate.key === key);
    return instrument === undefined ? null : quote(instrument, 26_001, Math.floor(this.market.now() / 1000) * 1000);
  }

  /** The instant of the first told state that satisfies `is`, at or after `fromMs`; ms after `fromMs`. */
  toldAfter(fromMs: number, is: (state: FeedState) => boolean): number {
    const found = this.told.find(({ atMs, state }) => atMs >= fromMs && is(state));
    return found === undefined ? Number.POSITIVE_INFINITY : found.atMs - fromMs;
  }

  [Symbol.dispose](): void {
    this.supervisor[Symbol.dispose]();
  }
}

/** Market time from the instant `real` shows now, `speed` times as fast. */
function fastClock(real: VirtualClock, speed: number): Clock {
  const startMs = real.now();
  return {
    speed,
    now: () => startMs + (real.now() - startMs) * speed,
    monotonic: () => real.monotonic() * speed,
    setTimeout: (run, delayMs) => real.setTimeout(run, delayMs / speed),
    setInterval: (run, periodMs) => real.setInterval(run, periodMs / speed),
  };
}

/** An answer of `/quote` with one price everywhere. */
export function quote(instrument: BookInstrument, lastPrice: number, exchangeTimeMs: number | null): KiteQuote {
  return {
    key: instrument.key,
    token: instrument.token,
    lastPrice,
    lastQuantity: null,
    averagePrice: null,
    volume: 250,
    buyQuantity: null,
    sellQuantity: null,
    open: lastPrice,
    high: lastPrice,
    low: lastPrice,
    close: lastPrice,
    openInterest: null,
    exchangeTimeMs,
    lastTradeTimeMs: exchangeTimeMs,
    bids: [{ price: lastPrice - 1, quantity: 65, orders: 2 }],
    asks: [],
  };
}
