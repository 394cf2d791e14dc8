import type { Clock } from '../clock.ts';
import type { CandleGap, CandleRow, CandlesValue } from '../contract/commands.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { InstrumentState } from '../contract/state.ts';
import type { CandleBook } from '../history/candles.ts';
import type { HistoryStore } from '../history/history-store.ts';
import { KiteError } from '../kite/errors.ts';
import type { KiteCandle, KiteRest, SessionCredentials } from '../kite/session.ts';
import { addDays, type IstDate, instantOf, istDateOf } from '../market/ist.ts';

export interface ChartHistoryPorts {
  readonly clock: Clock;
  readonly rest: KiteRest;
  readonly candles: CandleBook;
  readonly store: HistoryStore;
  readonly session: () => SessionCredentials | null;
  readonly instruments: () => readonly InstrumentState[];
  /** When an instrument's live data was missing on an IST date. */
  readonly gapsOf: (key: string, date: IstDate) => Promise<readonly CandleGap[]>;
  /** Kite turned the token down. */
  readonly reportRejected: () => void;
}

/** Kite allows three historical requests a second; asking for the same day again sooner than this gives what is held. */
const REFETCH_AFTER_MS = 30_000;
/** Between two requests, ms: a third of a second and a little. */
const REQUEST_GAP_MS = 350;

type Fetched =
  | { readonly ok: true; readonly candles: readonly KiteCandle[] }
  | { readonly ok: false; readonly reason: string };

/** One-minute candles for charts: the exchange's history, joined with what the ticks have built today. */
export class ChartHistory {
  private readonly ports: ChartHistoryPorts;
  private readonly fetchedAt = new Map<string, number>();
  private queue: Promise<unknown> = Promise.resolve();
  private lastRequestMs = Number.NEGATIVE_INFINITY;
  private running: Promise<void> | null = null;

  constructor(ports: ChartHistoryPorts) {
    this.ports = ports;
  }

  /** The candles of one instrument on one IST date (null: today). */
  async candlesOf(key: string, date: IstDate | null): Promise<Result<CandlesValue>> {
    const today = istDateOf(this.ports.clock.now());
    const slot = this.ports.instruments().findIndex((each) => each.key === key && !each.retired);
    const instrument = this.ports.instruments()[slot];
    if (instrument === undefined) return failed('unknown-instrument', `${key} is not followed.`);
    return ok(
      date === null || date === today
        ? await this.today(slot, instrument, today)
        : await this.earlier(instrument, date),
    );
  }

  /** Fills and corrects today's candles from history, after an outage; quiet when it cannot. One at a time. */
  backfill(): Promise<void> {
    this.running ??= this.fillToday().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async fillToday(): Promise<void> {
    const today = istDateOf(this.ports.clock.now());
    for (const [slot, instrument] of this.ports.instruments().entries()) {
      if (!instrument.retired && instrument.role !== 'watch') await this.mergeToday(slot, instrument, today);
    }
  }

  private async today(slot: number, instrument: InstrumentState, date: IstDate): Promise<CandlesValue> {
    const { candles, clock } = this.ports;
    const isFresh =
      clock.monotonic() - (this.fetchedAt.get(instrument.key) ?? Number.NEGATIVE_INFINITY) < REFETCH_AFTER_MS;
    const reason = isFresh ? null : await this.mergeToday(slot, instrument, date);
    if (reason !== null) await this.mergeKept(slot, instrument, date);
    return {
      key: instrument.key,
      date,
      candles: candles.rows(slot, instantOf(date, '00:00'), instantOf(date, '24:00')),
      indicative: candles.indicative(slot),
      history: reason === null ? 'complete' : 'unavailable',
      reason,
      gaps: await this.ports.gapsOf(instrument.key, date),
      official: null,
    };
  }

  /** Null when history has been merged, otherwise why not. */
  private async mergeToday(slot: number, instrument: InstrumentState, date: IstDate): Promise<string | null> {
    const { candles, clock } = this.ports;
    const fetched = await this.fetch(instrument, date);
    if (!fetched.ok) return fetched.reason;
    candles.mergeHistory(slot, fetched.candles, clock.now());
    this.fetchedAt.set(instrument.key, clock.monotonic());
    return null;
  }

  /** What an earlier run of the same day has kept, for want of better. */
  private async mergeKept(slot: number, instrument: InstrumentState, date: IstDate): Promise<void> {
    const { candles, clock } = this.ports;
    const kept = await this.keptCandles(instrument.key, instantOf(date, '00:00'), clock.now());
    candles.mergeHistory(slot, kept.map(candleOf), clock.now());
  }

  /** None while the database cannot be read. */
  private async keptCandles(key: string, fromMs: number, toMs: number): Promise<readonly CandleRow[]> {
    return await this.ports.store.loadCandles(key, fromMs, toMs).catch(() => []);
  }

  private async earlier(instrument: InstrumentState, date: IstDate): Promise<CandlesValue> {
    const [fromMs, toMs] = [instantOf(date, '00:00'), instantOf(addDays(date, 1), '00:00') - 1];
    const gaps = await this.ports.gapsOf(instrument.key, date);
    const value = { key: instrument.key, date, indicative: [], gaps, official: null };
    const fetched = await this.fetch(instrument, date);
    if (!fetched.ok) {
      const kept = await this.keptCandles(instrument.key, fromMs, toMs);
      return { ...value, candles: kept, history: 'unavailable', reason: fetched.reason };
    }
    return { ...value, candles: fetched.candles.map(rowOf), history: 'complete', reason: null };
  }

  /** One request after another, at Kite's pace. */
  private fetch(instrument: InstrumentState, date: IstDate): Promise<Fetched> {
    const result = this.queue.then(() => this.request(instrument, date));
    this.queue = result;
    return result;
  }

  private async request(instrument: InstrumentState, date: IstDate): Promise<Fetched> {
    const session = this.ports.session();
    if (session === null) return { ok: false, reason: 'Sign in to load earlier candles.' };
    await this.pause();
    const [fromMs, toMs] = [instantOf(date, '00:00'), instantOf(date, '23:59:59')];
    try {
      const request = { token: instrument.token, interval: 'minute' as const, fromMs, toMs, openInterest: false };
      return { ok: true, candles: await this.ports.rest.candles(session, request) };
    } catch (error) {
      if (error instanceof KiteError && error.code === 'token-rejected') this.ports.reportRejected();
      return { ok: false, reason: reasonOf(error) };
    }
  }

  private async pause(): Promise<void> {
    const { clock } = this.ports;
    const waitMs = this.lastRequestMs + REQUEST_GAP_MS - clock.monotonic();
    if (waitMs > 0) {
      await new Promise<void>((resolve) => {
        clock.setTimeout(resolve, waitMs);
      });
    }
    this.lastRequestMs = clock.monotonic();
  }
}

function rowOf({ startMs, open, high, low, close, volume, openInterest }: KiteCandle): CandleRow {
  return [startMs, open, high, low, close, volume, openInterest, 'settled', false];
}

function candleOf([startMs, open, high, low, close, volume, openInterest]: CandleRow): KiteCandle {
  return { startMs, open, high, low, close, volume, openInterest };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof KiteError)) return 'Earlier candles could not be loaded.';
  switch (error.code) {
    case 'rate-limited':
      return 'Kite is asked for too much at once; earlier candles follow shortly.';
    case 'token-rejected':
      return 'Sign in to load earlier candles.';
    default:
      return `Kite could not give earlier candles (${error.code}).`;
  }
}
