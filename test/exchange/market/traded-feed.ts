import { indicativeLots, indicativePrice } from './auction.ts';
import type { MinuteCandles } from './candles.ts';
import type { AuctionPlan, DayPlan } from './day-plan.ts';
import type { Feed } from './feed.ts';
import type { Instrument } from './instruments.ts';
import { emptyTick, type MarketTick } from './market-tick.ts';
import type { MinuteGrid } from './minute-grid.ts';
import type { OpenInterest } from './open-interest.ts';
import { clearBook, writeBook } from './order-book.ts';
import type { Pricing } from './pricing.ts';
import { hash32, subSeed, wander } from './random.ts';
import { type DayTotals, TradeDay } from './trade-day.ts';
import { CELL_MS, TradeMinutes, type TradeRhythm } from './trade-minutes.ts';
import { unseenOdds } from './unseen.ts';

/** Everything a tradable's day is made of. */
export interface TradedFeedParts {
  readonly instrument: Instrument;
  readonly plan: DayPlan;
  readonly pricing: Pricing;
  readonly rhythm: TradeRhythm;
  readonly openInterest: OpenInterest | null;
  /** The call auction before trading, null where the instrument has none. */
  readonly preOpen: AuctionPlan | null;
  /** Price at which the pre-open matches, paise on the instrument's tick. */
  readonly equilibrium: number;
  /** The call auction after trading and its price; null where there is none. */
  readonly closingAuction: { readonly plan: AuctionPlan; readonly price: number } | null;
  /** Whether candles built from the ticks are Kite's exactly. */
  readonly exactTicks: boolean;
  readonly seed: number;
  /** The instrument's session before this one. */
  readonly previous: () => Feed | null;
}

/** Where in the day an instant is: the last thing that was sent by then. */
interface Place {
  sort: 'none' | 'indicative' | 'matched' | 'trade' | 'auctioned';
  atMs: number;
  minute: number;
  index: number;
}

const AUCTION_LOTS = 240;
/** Total quantities on either side wander to a new value every so many ms. */
const TOTALS_MS = 5_000;

/** A share, future or option on a day on which its segment trades. */
export class TradedFeed implements Feed {
  readonly instrument: Instrument;
  private readonly parts: TradedFeedParts;
  private readonly grid: MinuteGrid;
  private readonly minutes: TradeMinutes;
  private readonly day: TradeDay;
  private readonly seed: number;
  private readonly matchedLots: number;
  private readonly place: Place = { sort: 'none', atMs: 0, minute: -1, index: -1 };
  private readonly totals: DayTotals = { open: 0, high: 0, low: 0, volume: 0, value: 0 };

  constructor(parts: TradedFeedParts) {
    const { instrument, plan, pricing, rhythm } = parts;
    this.parts = parts;
    this.instrument = instrument;
    this.seed = subSeed(parts.seed, 'trades', instrument.token, plan.dayNumber);
    this.grid = plan.segment(instrument.hours).continuous;
    this.minutes = new TradeMinutes(this.grid, pricing, rhythm, instrument, this.seed);
    this.matchedLots = Math.round(AUCTION_LOTS * (0.5 + rhythm.meanLots));
    const matched = { price: parts.equilibrium, quantity: this.matchedLots * instrument.lotSize };
    this.day = new TradeDay(this.grid, this.minutes, parts.openInterest, instrument, {
      preOpen: parts.preOpen === null ? null : matched,
      unseen: parts.exactTicks ? null : { odds: unseenOdds(instrument.exchange), seed: subSeed(this.seed, 'unseen') },
    });
  }

  get closingPrice(): number {
    if (this.parts.closingAuction !== null) return this.parts.closingAuction.price;
    const last = this.minutes.of(this.grid.length - 1);
    return last.price[last.count - 1] ?? 0;
  }

  lastTickAt(instantMs: number): number {
    this.locate(instantMs);
    return this.place.sort === 'none' ? Number.NEGATIVE_INFINITY : this.place.atMs;
  }

  read(instantMs: number, out: MarketTick): void {
    this.locate(instantMs);
    const { sort, atMs } = this.place;
    const previous = this.parts.previous();
    if (sort === 'none') {
      previous?.read(this.parts.plan.startMs - 1, out);
      return;
    }
    out.close = previous?.closingPrice ?? 0;
    out.exchangeTimeS = Math.floor(atMs / 1000);
    this.writeInterest(atMs, out);
    if (sort === 'indicative') this.writeIndicative(atMs, previous, out);
    else this.writeTraded(out);
  }

  candles(instantMs: number): { columns: MinuteCandles; complete: number } {
    const complete = this.grid.completedBy(instantMs);
    return { columns: this.day.minuteCandles(complete), complete };
  }

  private locate(instantMs: number): void {
    const { place } = this;
    const { preOpen, closingAuction } = this.parts;
    place.sort = 'none';
    place.minute = -1;
    place.index = -1;
    if (closingAuction !== null && instantMs >= closingAuction.plan.matchMs) {
      place.sort = 'auctioned';
      place.atMs = closingAuction.plan.matchMs;
      this.atLastTrade(this.grid.length - 1);
    } else if (instantMs >= this.grid.startMs && this.locateTrade(instantMs)) {
      place.sort = 'trade';
    } else if (preOpen !== null && instantMs >= preOpen.matchMs) {
      place.sort = 'matched';
      place.atMs = preOpen.matchMs;
    } else if (preOpen !== null && instantMs >= preOpen.startMs) {
      place.sort = 'indicative';
      place.atMs = this.indicativeTick(preOpen, instantMs);
    }
  }

  /** Finds the last trade at or before the instant; false before the day's first. */
  private locateTrade(instantMs: number): boolean {
    const minute = this.grid.at(instantMs);
    if (minute >= 0) {
      const startMs = this.grid.starts[minute] ?? 0;
      const trades = this.minutes.of(minute);
      const index = trades.lastAtCell[Math.floor((instantMs - startMs) / CELL_MS)] ?? -1;
      if (index >= 0) {
        this.place.minute = minute;
        this.place.index = index;
        this.place.atMs = startMs + (trades.offsetMs[index] ?? 0);
        return true;
      }
    }
    const before = (minute >= 0 ? minute : this.grid.completedBy(instantMs)) - 1;
    if (before < 0) return false;
    this.place.atMs = this.atLastTrade(before);
    return true;
  }

  /** Moves to the last trade by the end of a minute and returns its instant. The first minute of all has one. */
  private atLastTrade(by: number): number {
    let minute = by;
    while (this.minutes.of(minute).count === 0) minute--;
    const trades = this.minutes.of(minute);
    this.place.minute = minute;
    this.place.index = trades.count - 1;
    return (this.grid.starts[minute] ?? 0) + (trades.offsetMs[trades.count - 1] ?? 0);
  }

  /** One indicative tick a second, the first as the pre-open starts. */
  private indicativeTick({ startMs }: AuctionPlan, instantMs: number): number {
    const tickOf = (second: number): number =>
      startMs + second * 1000 + (second === 0 ? 0 : CELL_MS * (hash32(this.seed, second, 7) & 3));
    const second = Math.floor((instantMs - startMs) / 1000);
    return tickOf(second) <= instantMs ? tickOf(second) : tickOf(second - 1);
  }

  private writeIndicative(atMs: number, previous: Feed | null, out: MarketTick): void {
    const { preOpen, equilibrium, pricing } = this.parts;
    if (preOpen === null) return;
    const { tickPaise, lotSize } = this.instrument;
    const close = previous?.closingPrice ?? equilibrium;
    const seed = subSeed(this.seed, 'indicative');
    const price = tickPaise * Math.round(indicativePrice(preOpen, seed, close, equilibrium, atMs) / tickPaise);
    // Nothing has traded: the last trade is still the previous session's.
    previous?.read(this.parts.plan.startMs - 1, scratch);
    out.lastTradeTimeS = previous === null ? 0 : scratch.lastTradeTimeS;
    out.lastQuantity = 0;
    out.averagePrice = 0;
    out.lastPrice = price;
    out.open = 0;
    out.high = 0;
    out.low = 0;
    out.volume = indicativeLots(preOpen, this.matchedLots, atMs) * lotSize;
    this.writeOrders(atMs, price, pricing.spread(price), out);
  }

  private writeTraded(out: MarketTick): void {
    const { place, totals } = this;
    const { preOpen, equilibrium, closingAuction, pricing } = this.parts;
    const { lotSize } = this.instrument;
    const matched = preOpen === null ? 0 : this.matchedLots * lotSize;
    const trades = place.minute >= 0 ? this.minutes.of(place.minute) : null;
    let last = trades?.price[place.index] ?? equilibrium;
    let quantity = trades?.quantity[place.index] ?? matched;
    if (trades === null) {
      totals.volume = 0;
      totals.value = 0;
      totals.high = equilibrium;
      totals.low = equilibrium;
    } else {
      this.day.totals(place.minute, place.index, totals);
    }
    if (preOpen !== null) {
      totals.open = equilibrium;
      totals.high = Math.max(totals.high, equilibrium);
      totals.low = Math.min(totals.low, equilibrium);
      totals.volume += matched;
      totals.value += matched * equilibrium;
    }
    const isAuctioned = place.sort === 'auctioned' && closingAuction !== null;
    if (isAuctioned) {
      last = closingAuction.price;
      quantity = this.matchedLots * lotSize;
      totals.high = Math.max(totals.high, last);
      totals.low = Math.min(totals.low, last);
      totals.volume += quantity;
      totals.value += quantity * last;
    }
    out.lastPrice = last;
    out.lastQuantity = quantity;
    out.lastTradeTimeS = Math.floor(place.atMs / 1000);
    out.open = totals.open;
    out.high = totals.high;
    out.low = totals.low;
    out.volume = totals.volume;
    out.averagePrice = Math.round(totals.value / totals.volume);
    const mid = isAuctioned || trades === null ? last : pricing.mid(place.atMs);
    this.writeOrders(place.atMs, mid, pricing.spread(mid), out);
    // Leftover orders of the closing auction are cancelled.
    if (isAuctioned) clearOrders(out);
  }

  private writeOrders(atMs: number, mid: number, spread: number, out: MarketTick): void {
    const { lotSize, tickPaise } = this.instrument;
    const scale = lotSize * (600 + 900 * this.parts.rhythm.meanLots);
    out.buyQuantity = lotSize * Math.round((scale / lotSize) * (1 + 0.4 * wander(this.seed ^ 1, atMs / TOTALS_MS)));
    out.sellQuantity = lotSize * Math.round((scale / lotSize) * (1 + 0.4 * wander(this.seed ^ 2, atMs / TOTALS_MS)));
    writeBook(out, mid, spread, tickPaise, lotSize, hash32(this.seed, atMs / CELL_MS, 3));
  }

  private writeInterest(atMs: number, out: MarketTick): void {
    const { lotSize } = this.instrument;
    const interest = this.parts.openInterest?.at(atMs) ?? null;
    out.openInterest = (interest?.now ?? 0) * lotSize;
    out.openInterestHigh = (interest?.high ?? 0) * lotSize;
    out.openInterestLow = (interest?.low ?? 0) * lotSize;
  }
}

function clearOrders(out: MarketTick): void {
  out.buyQuantity = 0;
  out.sellQuantity = 0;
  clearBook(out);
}

/** For reading another session's tick while writing this one's; never held across calls. */
const scratch: MarketTick = emptyTick();
