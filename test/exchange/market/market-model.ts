import type { MarketCalendar } from '../../../src/market/calendar.ts';
import { addDays, type IstDate, istDateOf } from '../../../src/market/ist.ts';
import { contractsOn } from './contracts.ts';
import { type DailyLevels, dailyLevels } from './daily-levels.ts';
import { type DayPlan, dayNumberOf, planDay } from './day-plan.ts';
import type { Feed } from './feed.ts';
import { IdleFeed } from './idle-feed.ts';
import { IndexFeed } from './index-feed.ts';
import { type Instrument, type InstrumentList, instrumentList, keyOf, permanentInstruments } from './instruments.ts';
import { futureInterestLots, type OpenInterest, openInterest } from './open-interest.ts';
import { type PathDay, pathDay } from './price-path.ts';
import { type PriceSpec, priceSpecs } from './price-specs.ts';
import { futurePricing, optionPricing, type Pricing, sharePricing } from './pricing.ts';
import { subSeed } from './random.ts';
import type { RecordedDays } from './recorded-bars.ts';
import type { TradeRhythm } from './trade-minutes.ts';
import { TradedFeed } from './traded-feed.ts';

export interface MarketModelOptions {
  readonly calendar: MarketCalendar;
  readonly seed: number;
  readonly recordings: RecordedDays;
  /** Options listed, about. */
  readonly optionCount: number;
  /** Whether candles built from the ticks are Kite's exactly, as real ones are not: false unless given. */
  readonly exactTicks?: boolean;
  /** Share of the minutes without a trade, by key such as `BFO:SENSEX26NOVFUT`, where it is another than usual; 1: never traded. */
  readonly idleMinutes?: Readonly<Record<string, number>>;
}

/** Everything that happens on one IST date, made as it is asked for. */
interface DateMarket {
  readonly plan: DayPlan;
  readonly feeds: Map<string, Feed>;
  readonly paths: Map<string, PathDay>;
}

/** Dates kept in memory: today, the sessions it leans on, and a chart's history while it is being read. */
const DATES_KEPT = 8;
/** A day counts as the session before another when its index trades at least this long: Muhurat trading does not. */
const FULL_SESSION_MINUTES = 180;
const LOOK_BACK_DAYS = 20;
/** The next month's future joins the pre-open in the last so many sessions of the current one. */
const NEXT_MONTH_SESSIONS = 5;

const rhythms: Record<'share' | 'front' | 'later' | 'calm' | 'option', TradeRhythm> = {
  share: { everySeconds: 1, busy: false, meanLots: 120, idleMinutes: 0 },
  front: { everySeconds: 1, busy: true, meanLots: 1.2, idleMinutes: 0 },
  later: { everySeconds: 2, busy: true, meanLots: 0.4, idleMinutes: 0 },
  calm: { everySeconds: 2, busy: true, meanLots: 0.4, idleMinutes: 0.4 },
  option: { everySeconds: 4, busy: false, meanLots: 3, idleMinutes: 0.03 },
};
/** Not one minute of theirs has a trade. */
const NEVER = 1;
const OPTION_INTEREST_LOTS = 9_000;

/**
 * The simulated market: prices of every instrument at every instant, a function of the calendar, the seed and the
 * recordings alone. Nothing in it moves; callers bring the time.
 */
export class MarketModel {
  readonly seed: number;
  private readonly options: MarketModelOptions;
  private readonly specs: ReadonlyMap<string, PriceSpec>;
  private readonly levels = new Map<string, DailyLevels>();
  private readonly dates = new Map<IstDate, DateMarket>();
  private readonly lists = new Map<IstDate, InstrumentList>();
  private readonly sessionsBefore = new Map<IstDate, IstDate | null>();
  private current: DateMarket | null = null;

  constructor(options: MarketModelOptions) {
    this.options = options;
    this.seed = options.seed;
    this.specs = new Map(priceSpecs.map((spec) => [spec.path, spec]));
  }

  /** The timetable of the IST date that contains the instant. */
  planAt(instantMs: number): DayPlan {
    return this.dateAt(instantMs).plan;
  }

  /** What is listed on a date; a contract is gone the day after its expiry. */
  instruments(date: IstDate): InstrumentList {
    const known = this.lists.get(date);
    if (known !== undefined) return known;
    const contracts = contractsOn(this.options.calendar, date, this.options.optionCount, (path, day) =>
      this.level(path, day),
    );
    const list = instrumentList(date, [...permanentInstruments, ...contracts]);
    keepLast(this.lists, date, list, 4);
    return list;
  }

  /** The feed of a token on the IST date that contains the instant; null when it is not listed or has no prices. */
  feed(token: number, instantMs: number): Feed | null {
    const market = this.dateAt(instantMs);
    const instrument = this.instruments(market.plan.date).byToken(token);
    return instrument === null || instrument.path === null ? null : this.feedIn(market, instrument);
  }

  /** The feed of an instrument on a date, whether or not it was listed then. */
  feedOn(instrument: Instrument, date: IstDate): Feed {
    return this.feedIn(this.dateMarket(date), instrument);
  }

  /** The last date before `date` with a full session; null beyond the calendar. */
  previousSession(date: IstDate): IstDate | null {
    const known = this.sessionsBefore.get(date);
    if (known !== undefined) return known;
    let found: IstDate | null = null;
    for (let back = 1; back <= LOOK_BACK_DAYS && found === null; back++) {
      const candidate = addDays(date, -back);
      const minutes = planDay(this.options.calendar, candidate, this.seed).index('NSE').continuous.length;
      if (minutes >= FULL_SESSION_MINUTES) found = candidate;
    }
    keepLast(this.sessionsBefore, date, found, 4096);
    return found;
  }

  private dateAt(instantMs: number): DateMarket {
    const { current } = this;
    if (current !== null && instantMs >= current.plan.startMs && instantMs < current.plan.endMs) return current;
    this.current = this.dateMarket(istDateOf(instantMs));
    return this.current;
  }

  private dateMarket(date: IstDate): DateMarket {
    const known = this.dates.get(date);
    const market = known ?? {
      plan: planDay(this.options.calendar, date, this.seed),
      feeds: new Map(),
      paths: new Map(),
    };
    this.dates.delete(date);
    keepLast(this.dates, date, market, DATES_KEPT);
    return market;
  }

  private feedIn(market: DateMarket, instrument: Instrument): Feed {
    const key = `${instrument.exchange}:${instrument.tradingSymbol}`;
    const known = market.feeds.get(key);
    if (known !== undefined) return known;
    const feed = this.makeFeed(market, instrument);
    market.feeds.set(key, feed);
    return feed;
  }

  private makeFeed(market: DateMarket, instrument: Instrument): Feed {
    const { plan } = market;
    const before = this.previousSession(plan.date);
    const previous = (): Feed | null => (before === null ? null : this.feedOn(instrument, before));
    const hasSession = before !== null && plan.trading.length > 0;
    if (instrument.segment === 'INDICES') {
      const exchange = instrument.exchange === 'BSE' ? 'BSE' : 'NSE';
      const isPublished = hasSession && plan.index(exchange).continuous.length > 0;
      const path = isPublished ? this.path(market, instrument, before) : null;
      return new IndexFeed({ instrument, exchange, plan, path, seed: this.seed, previous });
    }
    const isOpen = hasSession && plan.segment(instrument.hours).continuous.length > 0;
    if (!isOpen) return new IdleFeed(instrument, plan.startMs, previous);
    if (this.idleMinutes(instrument) === NEVER) return new IdleFeed(instrument, plan.startMs, () => null);
    return this.tradedFeed(market, instrument, before, previous);
  }

  private tradedFeed(
    market: DateMarket,
    instrument: Instrument,
    before: IstDate,
    previous: () => Feed | null,
  ): TradedFeed {
    const { plan } = market;
    const hours = plan.segment(instrument.hours);
    const path = this.path(market, instrument, before);
    const pricing = this.pricing(instrument, path);
    const rank = this.expiryRank(instrument, plan.date);
    const preOpen = this.joinsPreOpen(instrument, rank, plan.date) ? hours.preOpen : null;
    const equilibrium = instrument.type === 'EQ' ? path.open : pricing.mid(hours.continuous.startMs);
    const isShare = instrument.type === 'EQ';
    const usual = rhythms[rhythmOf(instrument, rank)];
    return new TradedFeed({
      instrument,
      plan,
      pricing,
      rhythm: { ...usual, idleMinutes: this.idleMinutes(instrument) ?? usual.idleMinutes },
      openInterest: isShare ? null : this.interest(instrument, plan, before),
      preOpen,
      equilibrium: instrument.tickPaise * Math.round(equilibrium / instrument.tickPaise),
      exactTicks: this.options.exactTicks ?? false,
      closingAuction: hours.closingAuction === null ? null : { plan: hours.closingAuction, price: path.close },
      seed: this.seed,
      previous,
    });
  }

  private idleMinutes(instrument: Instrument): number | undefined {
    return this.options.idleMinutes?.[keyOf(instrument)];
  }

  private pricing(instrument: Instrument, path: PathDay): Pricing {
    if (instrument.expiry === null) return sharePricing(path, instrument.tickPaise);
    return instrument.type === 'FUT'
      ? futurePricing(path, instrument, instrument.expiry, this.seed)
      : optionPricing(path, instrument, instrument.expiry);
  }

  private interest(instrument: Instrument, plan: DayPlan, before: IstDate): OpenInterest {
    const { startMs, endMs } = plan.segment(instrument.hours).continuous;
    const expiryDay = dayNumberOf(instrument.expiry ?? plan.date);
    const lotsOn = (day: number): number =>
      instrument.type === 'FUT' ? futureInterestLots(expiryDay - day) : OPTION_INTEREST_LOTS;
    const seed = subSeed(this.seed, 'interest', instrument.tradingSymbol);
    return openInterest(seed, lotsOn, dayNumberOf(before), plan.dayNumber, startMs, endMs);
  }

  /** Shares, the current month's futures, and the next month's just before the roll. */
  private joinsPreOpen(instrument: Instrument, rank: number, date: IstDate): boolean {
    if (instrument.type === 'EQ') return true;
    if (instrument.type !== 'FUT') return false;
    return rank === 0 || (rank === 1 && this.sessionsToFrontExpiry(instrument, date) <= NEXT_MONTH_SESSIONS);
  }

  private expiryRank(instrument: Instrument, date: IstDate): number {
    if (instrument.type !== 'FUT' || instrument.expiry === null) return 0;
    return this.futuresLike(instrument, date).findIndex(({ expiry }) => expiry === instrument.expiry);
  }

  /** Sessions from `date` to the expiry of the front month, both included. */
  private sessionsToFrontExpiry(instrument: Instrument, date: IstDate): number {
    const expiry = this.futuresLike(instrument, date)[0]?.expiry ?? date;
    let sessions = 0;
    for (let day: IstDate | null = addDays(expiry, 1); day !== null && day > date; day = this.previousSession(day)) {
      sessions++;
    }
    return sessions;
  }

  private futuresLike(instrument: Instrument, date: IstDate): Instrument[] {
    return this.instruments(date).all.filter(({ type, name }) => type === 'FUT' && name === instrument.name);
  }

  private path(market: DateMarket, instrument: Instrument, before: IstDate): PathDay {
    const spec = this.spec(instrument.path ?? instrument.tradingSymbol);
    const known = market.paths.get(spec.path);
    if (known !== undefined) return known;
    const { recordings } = this.options;
    const path = pathDay(
      spec,
      market.plan,
      this.seed,
      this.levelsOf(spec),
      recordings,
      before,
      this.options.exactTicks ?? false,
    );
    market.paths.set(spec.path, path);
    return path;
  }

  private level(path: string, date: IstDate): number {
    return this.levelsOf(this.spec(path)).close(date);
  }

  private levelsOf(spec: PriceSpec): DailyLevels {
    const known = this.levels.get(spec.path);
    if (known !== undefined) return known;
    const levels = dailyLevels(spec, this.seed, this.options.recordings, (date) => this.previousSession(date));
    this.levels.set(spec.path, levels);
    return levels;
  }

  private spec(path: string): PriceSpec {
    const spec = this.specs.get(path);
    if (spec === undefined) throw new RangeError(`no price path "${path}"`);
    return spec;
  }
}

/** The later SENSEX futures are calm: minutes go by without a trade. */
function rhythmOf({ type, name }: Instrument, rank: number): keyof typeof rhythms {
  if (type !== 'FUT') return type === 'EQ' ? 'share' : 'option';
  if (rank === 0) return 'front';
  return name === 'SENSEX' ? 'calm' : 'later';
}

/** Adds to a map and lets go of its oldest entries. */
function keepLast<K, V>(map: Map<K, V>, key: K, value: V, count: number): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= count) return;
    map.delete(oldest);
  }
}
