import type { Clock } from '../clock.ts';
import type { CandleGap, CandleRow, CandlesValue, OfficialCloses } from '../contract/commands.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { InstrumentState } from '../contract/state.ts';
import type { SegmentDay } from '../feed/segment-day.ts';
import type { Backfill } from '../history/backfill.ts';
import type { CandleBook } from '../history/candles.ts';
import { rowsOfDay } from '../history/day-correction.ts';
import { hasOpenInterest } from '../history/day-minutes.ts';
import type { HistoryRequests } from '../history/history-requests.ts';
import type { HistoryStore } from '../history/history-store.ts';
import { unreadWords } from '../history/unread-minutes.ts';
import type { MarketCalendar } from '../market/calendar.ts';
import { type IstDate, instantOf, istDateOf } from '../market/ist.ts';

export interface ChartHistoryPorts {
  readonly clock: Clock;
  readonly calendar: MarketCalendar;
  readonly candles: CandleBook;
  readonly backfill: Backfill;
  readonly requests: HistoryRequests;
  readonly store: HistoryStore;
  readonly instruments: () => readonly InstrumentState[];
  /** When an instrument's live data was missing on an IST date. */
  readonly gapsOf: (key: string, date: IstDate) => Promise<readonly CandleGap[]>;
}

/** One-minute candles of one day for a chart. */
export class ChartHistory {
  private readonly ports: ChartHistoryPorts;

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

  private async today(slot: number, instrument: InstrumentState, date: IstDate): Promise<CandlesValue> {
    const { candles, backfill } = this.ports;
    const reason = await backfill.bringUpToDate(slot);
    const gaps = await this.ports.gapsOf(instrument.key, date);
    return {
      key: instrument.key,
      date,
      candles: candles.rows(slot, instantOf(date, '00:00'), instantOf(date, '24:00')),
      indicative: candles.indicative(slot),
      history: reason === null ? 'complete' : 'unavailable',
      reason: reason ?? backfill.leftOut(slot),
      gaps,
      official: null,
    };
  }

  private async earlier(instrument: InstrumentState, date: IstDate): Promise<CandlesValue> {
    const { backfill, requests } = this.ports;
    const day = backfill.dayOn(instrument.segment, date);
    const gaps = await this.ports.gapsOf(instrument.key, date);
    const value = { key: instrument.key, date, indicative: [], gaps };
    const { token } = instrument;
    const range = { fromMs: day.startMs, toMs: day.endMs - 1_000, openInterest: hasOpenInterest(day) };
    const fetched = await requests.ask({ token, interval: 'minute', ...range }, true);
    if (!fetched.ok) {
      const kept = await this.keptCandles(instrument.key, day.startMs, day.endMs - 1);
      return { ...value, candles: kept, history: 'unavailable', reason: fetched.reason, official: null };
    }
    const rows = rowsOfDay(fetched.candles, day);
    const official = await this.officialCloses(token, day, day.isIndex ? (rows.at(-1)?.[4] ?? null) : null);
    const reason = fetched.refused.length === 0 ? null : unreadWords(fetched.refused.length);
    return { ...value, candles: rows, history: 'complete', reason, official };
  }

  /** `close`: of an index, that of its last row. The others are Kite's rows of whole days. */
  private async officialCloses(token: number, day: SegmentDay, close: number | null): Promise<OfficialCloses> {
    const previous = this.ports.calendar.previousTradingDay(day.date);
    const fromMs = previous === null ? day.startMs : instantOf(previous, '00:00');
    const request = { token, interval: 'day', fromMs, toMs: day.endMs - 1_000, openInterest: false } as const;
    const fetched = await this.ports.requests.ask(request, true);
    const closeOn = (date: IstDate | null): number | null =>
      (fetched.ok ? fetched.candles.find(({ startMs }) => istDateOf(startMs) === date)?.close : null) ?? null;
    return { close: close ?? closeOn(day.date), previousClose: closeOn(previous) };
  }

  /** None while the database cannot be read. */
  private async keptCandles(key: string, fromMs: number, toMs: number): Promise<readonly CandleRow[]> {
    return await this.ports.store.loadCandles(key, fromMs, toMs).catch(() => []);
  }
}
