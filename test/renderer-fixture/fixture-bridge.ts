import type { DeskBridge, LinkState, TickInterest } from '../../src/contract/bridge.ts';
import type { CandleRow, CandlesValue, CommandArgs, CommandName, CommandValue } from '../../src/contract/commands.ts';
import { failed, ok, type Result } from '../../src/contract/result.ts';
import type { InstrumentState, StateMessage, StatePatch } from '../../src/contract/state.ts';
import { type CandleUpdate, encodeTickBatch, type QuoteRow } from '../../src/contract/tick-lane.ts';
import { marketRate } from '../../src/contract/transport.ts';
import { ist } from './day-plan.ts';
import { candlesOf, closeOf, indicativeOf, noise, openingOf, quoteOf, tick, widened } from './made-up-market.ts';
import type { Scenario } from './scenario.ts';

const TICK_EVERY_MS = 250;

/** A desk made of one scenario: answers commands, sends ticks of what the interface asks for. */
export class FixtureBridge implements DeskBridge {
  private readonly scenario: Scenario;
  private state: Scenario['state'];
  private readonly startedAt = performance.now();
  private readonly random = noise(4711);
  private readonly stateListeners = new Set<(message: StateMessage) => void>();
  private readonly tickListeners = new Set<(batch: ArrayBuffer) => void>();
  private interest: TickInterest = { slots: [], depth: [], candles: [], hidden: false };
  /** The situation stands: its link is lost where it is to be, and what it has of prices has been painted. */
  readonly settled: Promise<void>;
  private readonly linkTold = Promise.withResolvers<void>();
  private readonly pricesSent = Promise.withResolvers<void>();
  /** Slots whose candles have been sent since they came into the interest. */
  private readonly sentWhole = new Set<number>();
  private readonly lastPrices = new Map<number, number>();
  private seq = 1;
  private batchSeq = 1;
  private acknowledged = 0;

  constructor(scenario: Scenario, theme: 'dark' | 'light') {
    this.scenario = scenario;
    this.state = { ...scenario.state, settings: { ...scenario.state.settings, theme } };
    if (!scenario.linkLost) this.linkTold.resolve();
    if (scenario.silent || scenario.state.auth.state === 'unconfigured') this.pricesSent.resolve();
    this.settled = Promise.all([this.linkTold.promise, this.pricesSent.promise]).then(framesPainted);
    if (scenario.ticking) setInterval(() => this.sendTicks(), TICK_EVERY_MS);
  }

  invoke<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<CommandValue<N>>> {
    if (name === 'candles.get' && this.scenario.history === 'hangs') return new Promise(() => {});
    if (name === 'instruments.search') return later(() => this.answer(name, args) as Result<CommandValue<N>>);
    return Promise.resolve(this.answer(name, args) as Result<CommandValue<N>>);
  }

  onState(listener: (message: StateMessage) => void): () => void {
    this.stateListeners.add(listener);
    if (!this.scenario.silent) {
      queueMicrotask(() => listener({ type: 'snapshot', seq: this.seq, now: this.now(), state: this.state }));
    }
    return () => this.stateListeners.delete(listener);
  }

  onTicks(listener: (batch: ArrayBuffer) => void): () => void {
    this.tickListeners.add(listener);
    return () => this.tickListeners.delete(listener);
  }

  onLink(listener: (state: LinkState) => void): () => void {
    listener(this.scenario.silent ? 'connecting' : 'connected');
    if (this.scenario.linkLost) {
      // Prices have come, and have been painted.
      void this.pricesSent.promise.then(framesPainted).then(() => {
        listener('lost');
        this.linkTold.resolve();
      });
    }
    return () => {};
  }

  acknowledgeTicks(seq: number): void {
    this.acknowledged = seq;
  }

  setInterest(interest: TickInterest): void {
    this.interest = interest;
    for (const slot of this.sentWhole) if (!interest.candles.includes(slot)) this.sentWhole.delete(slot);
    this.sendTicks();
  }

  openExternal(): void {}

  private now(): number {
    return this.scenario.now + (performance.now() - this.startedAt) * marketRate(this.state);
  }

  private answer(name: CommandName, args: unknown): Result<unknown> {
    switch (name) {
      case 'candles.get':
        return this.candles(args as CommandArgs<'candles.get'>);
      case 'settings.update':
        this.patch({ settings: { ...this.state.settings, ...(args as CommandArgs<'settings.update'>) } as never });
        return ok(null);
      case 'login.start':
        this.patch({ auth: { ...this.state.auth, pendingLogin: { startedAt: this.now(), stage: 'waiting' } } });
        return ok({ url: 'https://kite.zerodha.com/connect/login' });
      case 'login.cancel':
        this.patch({ auth: { ...this.state.auth, pendingLogin: null } });
        return ok(null);
      case 'instruments.search':
        return ok(this.search(args as CommandArgs<'instruments.search'>));
      case 'alert.dismiss':
        this.patch({ alerts: this.state.alerts.slice(1) });
        return ok(null);
      case 'ticks.painted':
        return ok({
          fromReceipt: { samples: 9_120, p50Ms: 9, p95Ms: 21, p99Ms: 30 },
          fromExchange: { samples: 41_220, p50Ms: 440, p95Ms: 1_080, p99Ms: 1_500 },
        });
      case 'doctor.report':
        return ok({ text: 'A made-up report.' });
      case 'token.set':
        return failed('token-rejected', 'Kite does not accept this token.');
      default:
        return ok(null);
    }
  }

  private search({ text }: CommandArgs<'instruments.search'>): { key: string; title: string; expiry: string | null }[] {
    return this.state.instruments
      .filter((instrument) => instrument.title.toLowerCase().includes(text.toLowerCase()))
      .map(({ key, title, expiry }) => ({ key, title, expiry }));
  }

  private patch(patch: StatePatch): void {
    this.state = { ...this.state, ...patch };
    this.seq++;
    for (const listener of this.stateListeners) listener({ type: 'patch', seq: this.seq, now: this.now(), patch });
  }

  private candles({ key, date }: CommandArgs<'candles.get'>): Result<CandlesValue> {
    if (this.scenario.history === 'fails') return failed('network', 'Kite’s history cannot be reached right now.');
    const instrument = this.state.instruments.find((candidate) => candidate.key === key);
    if (instrument === undefined) return failed('unknown-instrument', `${key} is not known.`);
    const marketDate = this.state.market.date;
    const preOpen =
      date === null &&
      this.scenario.kindOf(instrument) !== 'previous-close' &&
      this.scenario.candles?.date !== '2026-11-20' &&
      this.state.market.sessions.length > 0;
    const closed = date === null ? undefined : this.rowsOf(instrument, date).at(-1);
    return ok({
      key,
      date: date ?? marketDate,
      candles: date === null ? [] : this.rowsOf(instrument, date),
      indicative: preOpen
        ? indicativeOf(instrument, ist(marketDate, '09:00'), Math.min(this.scenario.now, ist(marketDate, '09:12')))
        : [],
      ...(this.scenario.history === 'partial'
        ? { history: 'unavailable', reason: 'Kite’s history cannot be reached; prices go on.' }
        : { history: 'complete', reason: null }),
      gaps: this.state.feed.gaps.filter(({ keys }) => keys.length === 0 || keys.includes(key)),
      official: closed === undefined ? null : { close: closed[4], previousClose: closeOf(instrument) },
    });
  }

  private rowsOf(instrument: InstrumentState, date: string | null): CandleRow[] {
    const { candles } = this.scenario;
    if (date !== null) return candlesOf(instrument, ist(date, '09:15'), ist(date, '15:14'));
    if (candles === null) return [];
    const last = instrument.role === 'future' || candles.until < '15:15' ? candles.until : '15:14';
    const rows = candlesOf(instrument, ist(candles.date, '09:15'), ist(candles.date, last));
    const { gaps } = this.scenario.state.feed;
    return rows.filter((row) => !gaps.some((gap) => gap.to !== null && row[0] > gap.from && row[0] < gap.to));
  }

  /** What the desk sends of the current day; a scenario that stands on another day has none. */
  private rowsToday(instrument: InstrumentState): CandleRow[] {
    return this.scenario.candles?.date === this.state.market.date ? this.rowsOf(instrument, null) : [];
  }

  private sendTicks(): void {
    const { instruments } = this.state;
    const quotes: QuoteRow[] = [];
    const candles: CandleUpdate[] = [];
    for (const slot of this.interest.slots) {
      const instrument = instruments[slot];
      const kind = instrument === undefined ? null : this.scenario.kindOf(instrument);
      if (instrument === undefined || kind === null) continue;
      const rows = this.rowsOf(instrument, null);
      const lastPrice = this.nextPrice(slot, rows.at(-1)?.[4] ?? openingOf(instrument), kind === 'live');
      const plain = quoteOf(instrument, {
        slot,
        kind,
        rows: kind === 'previous-close' && !this.scenario.carriesLastSession ? [] : rows,
        lastPrice: kind === 'previous-close' ? closeOf(instrument) : lastPrice,
        at: this.receivedAt(kind, instrument),
        stale: this.scenario.isStale(instrument),
        fromRest: this.scenario.fromRest,
      });
      const quote = this.scenario.widest ? widened(plain, instrument) : plain;
      quotes.push(this.interest.depth.includes(slot) ? quote : { ...quote, depth: null });
      const last = rows.at(-1);
      if (kind === 'live' && this.scenario.ticking && last !== undefined && this.interest.candles.includes(slot))
        candles.push(updateOf(slot, movedTo(lastPrice, last)));
    }
    for (const slot of this.interest.candles) {
      if (this.sentWhole.has(slot)) continue;
      const instrument = instruments[slot];
      if (instrument === undefined || this.scenario.history === 'hangs') continue;
      this.sentWhole.add(slot);
      candles.unshift(...this.rowsToday(instrument).map((row) => updateOf(slot, row)));
    }
    const batch = encodeTickBatch({ seq: this.batchSeq++, sentAt: this.now(), quotes, candles });
    for (const listener of this.tickListeners) listener(batch);
    if (this.tickListeners.size > 0 && this.acknowledged !== this.batchSeq - 1)
      throw new Error('the last batch was not acknowledged');
    if (this.tickListeners.size > 0 && this.interest.slots.length > 0) this.pricesSent.resolve();
  }

  private receivedAt(kind: QuoteRow['kind'], instrument: InstrumentState): number {
    if (kind === 'frozen') {
      const close = ist(this.state.market.date, /^[NB]FO_/.test(instrument.segment ?? '') ? '15:40' : '15:15');
      return Math.min(close, this.state.feed.lastTickAt ?? close);
    }
    if (kind === 'previous-close') return ist('2026-11-20', '15:40');
    return this.scenario.isStale(instrument) ? (this.state.feed.lastTickAt ?? this.now()) : this.now();
  }

  private nextPrice(slot: number, start: number, moving: boolean): number {
    const before = this.lastPrices.get(slot) ?? start;
    const price = moving && this.scenario.ticking ? tick(before * (1 + this.random() * 0.000_03)) : before;
    this.lastPrices.set(slot, price);
    return price;
  }
}

function updateOf(slot: number, row: CandleRow): CandleUpdate {
  const [start, open, high, low, close, volume, openInterest, state, corrected] = row;
  return { slot, start, open, high, low, close, volume, openInterest, state, corrected, removed: false };
}

/** The candle while it forms, with its price of now. */
function movedTo(price: number, [start, open, high, low, , volume]: CandleRow): CandleRow {
  return [start, open, Math.max(high, price), Math.min(low, price), price, volume, null, 'forming', false];
}

/** Resolves two frames on: the first one draws what has just come, the second one has it on the screen. */
function framesPainted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

/** A search takes its time, and whoever types is quicker. */
async function later<Value>(answer: () => Value): Promise<Value> {
  for (let painted = 0; painted < 2; painted++) await framesPainted();
  return answer();
}
