import type { Clock } from '../clock.ts';
import type { ApiCandle, ApiCandles } from '../contract/candles-api.ts';
import type { CandleGap, CandleRow } from '../contract/commands.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { InstrumentState } from '../contract/state.ts';
import type { QuoteRow } from '../contract/tick-lane.ts';
import type { SegmentDay } from '../feed/segment-day.ts';
import type { CandleQuery } from '../history/candle-query.ts';
import { rowsOfDay } from '../history/day-correction.ts';
import { hasOpenInterest } from '../history/day-minutes.ts';
import { joinCandles } from '../history/joined-candles.ts';
import { joinedPrefix, type SettledStretch, settledPrefix } from '../history/settled-prefix.ts';
import { unreadWords } from '../history/unread-minutes.ts';
import type { KiteCandle, KiteInstrument } from '../kite/session.ts';
import { addDays, formatIst, type IstDate, instantOf, istDateOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import type { ChartHistoryPorts } from './chart-history.ts';

export interface CandlesApiPorts extends ChartHistoryPorts {
  /** Real time, for how long an answer is waited for. */
  readonly realClock: Clock;
  /** The instrument of today's lists with this key; null when there is none. */
  readonly listed: (key: string) => KiteInstrument | null;
  readonly quote: (slot: number) => QuoteRow | null;
}

/** Who is asked about: followed in a slot, only listed, or only kept. */
interface Subject {
  readonly key: string;
  readonly slot: number | null;
  readonly token: number | null;
  readonly segment: Segment | null;
}

interface Part extends SettledStretch {
  readonly rows: readonly CandleRow[];
  /** Why Kite has not answered; null: it has. */
  readonly reason: string | null;
  /** What its answer has left out, in words. */
  readonly leftOut?: string | null;
}

/** So long an answer waits for Kite. */
const WAITS_MS = 5_000;
const TOO_LATE = 'Kite did not answer within 5 seconds.';
const OPEN_END = { settledTo: null, isWhole: false } as const;

/** Answers `GET /api/candles`: the desk's own candles of today, and Kite's rows of earlier days. */
export class CandlesApi {
  private readonly ports: CandlesApiPorts;

  constructor(ports: CandlesApiPorts) {
    this.ports = ports;
  }

  /** Fails with `unknown-instrument` for a key that is in no list and was never kept. */
  async answer(query: CandleQuery): Promise<Result<ApiCandles>> {
    const today = istDateOf(this.ports.clock.now());
    const subject = await this.subjectOf(query.key);
    if (subject === null) return failed('unknown-instrument', `${query.key} is in no instrument list.`);
    const { from, to } = query;
    const earlier = from < today ? await this.earlier(subject, query, to < today ? to : addDays(today, -1)) : null;
    const current = from <= today && to >= today ? await this.today(subject, query, today) : null;
    const parts = [earlier, current].filter((part) => part !== null);
    const rows = parts.flatMap((part) => part.rows);
    const fault = parts.findLast(({ reason }) => reason !== null)?.reason ?? null;
    const leftOut = parts.findLast((part) => part.leftOut != null)?.leftOut ?? null;
    const reason = fault ?? leftOut ?? (rows.length === 0 ? this.emptyReason(subject, query, today) : null);
    const settledTo = joinedPrefix(parts);
    return ok({
      key: query.key,
      interval: query.interval,
      settledTo: settledTo === null ? null : formatIst(settledTo),
      history: fault === null ? 'complete' : 'unavailable',
      reason,
      candles: rows.map(apiCandle),
      gaps: await this.gaps(query, today),
    });
  }

  private async subjectOf(key: string): Promise<Subject | null> {
    const instruments: readonly InstrumentState[] = this.ports.instruments();
    const slot = instruments.findIndex((each) => each.key === key && !each.retired);
    const followed = instruments[slot];
    if (followed !== undefined) return { key, slot, token: followed.token, segment: followed.segment };
    const listed = this.ports.listed(key);
    if (listed !== null) return { key, slot: null, token: listed.token, segment: listed.hours };
    const kept = await this.kept(key, 0, Number.MAX_SAFE_INTEGER);
    const segment = instruments.find((each) => each.key === key)?.segment ?? null;
    return kept.length === 0 ? null : { key, slot: null, token: null, segment };
  }

  /** Null: no day of them has trading. */
  private async earlier(subject: Subject, { interval, from }: CandleQuery, to: IstDate): Promise<Part | null> {
    const days = datesBetween(from, to).map((date) => this.ports.backfill.dayOn(subject.segment, date));
    const open = days.filter(({ windows }) => windows.length > 0);
    const [first, last] = [open[0], open.at(-1)];
    if (first === undefined || last === undefined) return null;
    const range = { fromMs: first.startMs, toMs: last.endMs - 1_000 };
    const kiteInterval = interval === 'day' ? ('day' as const) : ('minute' as const);
    const fetched = await this.fetch(subject, kiteInterval, range);
    if (!fetched.ok) {
      const kept = interval === 'day' ? [] : await this.kept(subject.key, range.fromMs, range.toMs);
      const rows = open.flatMap((day) => joined(kept.filter(isOf(day)), interval, day));
      return { rows, reason: fetched.reason, ...OPEN_END };
    }
    const settled = settledPrefix(open, fetched.refused, interval === 'day');
    const answered = { reason: null, leftOut: leftOutOf(fetched.refused), ...settled };
    if (interval === 'day') return { rows: fetched.candles.map((row) => dayRow(row, first)), ...answered };
    const byDate = Map.groupBy(fetched.candles, ({ startMs }) => istDateOf(startMs));
    const rows = open.flatMap((day) => joined(rowsOfDay(byDate.get(day.date) ?? [], day), interval, day));
    return { rows, ...answered };
  }

  /** Null: there is no trading today. */
  private async today(subject: Subject, { interval }: CandleQuery, date: IstDate): Promise<Part | null> {
    const { backfill, candles } = this.ports;
    const day = backfill.dayOn(subject.segment, date);
    if (day.windows.length === 0) return null;
    const { slot } = subject;
    if (interval === 'day') return this.runningDay(subject, day);
    if (slot === null) return await this.unfollowedToday(subject, interval, day);
    const reason = await this.within(backfill.bringUpToDate(slot), TOO_LATE);
    const isDoubtful = (startMs: number): boolean => candles.isDoubtful(slot, day, startMs);
    const rows = candles.rows(slot, day.startMs, day.endMs);
    const all = interval === '1' ? rows : joinCandles(rows, Number(interval), day, candles.presentMs, isDoubtful);
    return { rows: all, reason, leftOut: backfill.leftOut(slot), ...this.settledOf(slot) };
  }

  private async unfollowedToday(subject: Subject, interval: string, day: SegmentDay): Promise<Part> {
    const presentMs = this.ports.candles.presentMs;
    const fetched = await this.fetch(subject, 'minute', { fromMs: day.startMs, toMs: day.endMs - 1_000 });
    if (!fetched.ok) {
      const kept = await this.kept(subject.key, day.startMs, day.endMs - 1);
      return { rows: joined(kept, interval, day, presentMs), reason: fetched.reason, ...OPEN_END };
    }
    const closed = rowsOfDay(fetched.candles, day).filter(([startMs]) => startMs + 60_000 <= presentMs);
    const leftOut = leftOutOf(fetched.refused);
    const lastMs = closed.at(-1)?.[0];
    const { settledTo } = settledPrefix([day], fetched.refused, false);
    const endMs = lastMs === undefined || settledTo === null ? null : Math.min(settledTo, lastMs + 60_000);
    const rows = joined(closed, interval, day, presentMs);
    return { rows, reason: null, leftOut, settledTo: endMs, isWhole: false };
  }

  /** The day so far by the quote's own figures; without a quote of today nothing is known of the day. */
  private runningDay({ key, slot }: Subject, day: SegmentDay): Part {
    const presentMs = this.ports.candles.presentMs;
    const openMs = day.windows[0]?.startMs ?? day.startMs;
    const endMs = day.windows.at(-1)?.endMs ?? day.endMs;
    const quote = slot === null ? null : this.ports.quote(slot);
    const settled = slot === null ? OPEN_END : this.settledOf(slot);
    if (quote === null || quote.exchangeTime < openMs) {
      const isBeforeOpen = Math.max(this.ports.clock.now(), presentMs) < openMs;
      const why =
        slot === null ? `${key} is not followed: its prices of today are not known.` : 'No price of today has come.';
      return { rows: [], reason: isBeforeOpen ? null : why, ...settled };
    }
    if (quote.open <= 0) return { rows: [], reason: null, ...settled };
    const { open, high, low, lastPrice, exchangeTime } = quote;
    const volume = day.isIndex ? 0 : quote.volume;
    const openInterest = hasOpenInterest(day) ? quote.openInterest : null;
    const state = presentMs < endMs ? 'forming' : 'provisional';
    const row: CandleRow = [day.startMs, open, high, low, lastPrice, volume, openInterest, state, false];
    const reason = quote.stale ? `The last price is of ${formatIst(exchangeTime).slice(11, 16)}.` : null;
    return { rows: [row], reason, ...settled };
  }

  private settledOf(slot: number): SettledStretch {
    return { settledTo: this.ports.backfill.settledTo(slot), isWhole: false };
  }

  private async fetch(
    { token, segment }: Subject,
    interval: 'minute' | 'day',
    range: { readonly fromMs: number; readonly toMs: number },
  ) {
    if (token === null) return { ok: false, reason: 'It is in no instrument list today: only what was kept.' } as const;
    const day = this.ports.backfill.dayOn(segment, istDateOf(range.fromMs));
    const request = { token, interval, ...range, openInterest: hasOpenInterest(day) };
    return await this.within(this.ports.requests.ask(request, true), { ok: false, reason: TOO_LATE } as const);
  }

  private async within<Value, Late>(waited: Promise<Value>, late: Late): Promise<Value | Late> {
    const { promise, resolve } = Promise.withResolvers<Late>();
    using _timer = this.ports.realClock.setTimeout(() => resolve(late), WAITS_MS);
    return await Promise.race([waited, promise]);
  }

  private async kept(key: string, fromMs: number, toMs: number): Promise<readonly CandleRow[]> {
    return await this.ports.store.loadCandles(key, fromMs, toMs).catch(() => []);
  }

  private emptyReason({ segment }: Subject, { from, to }: CandleQuery, today: IstDate): string {
    if (from > today) return 'That day is still to come.';
    const days = datesBetween(from, to < today ? to : today).map((date) => this.ports.backfill.dayOn(segment, date));
    if (days.some(({ windows }) => windows.length > 0)) return 'Nothing has traded yet.';
    return `The market is closed: ${this.ports.calendar.day(from).reason}.`;
  }

  private async gaps({ key, from, to }: CandleQuery, today: IstDate): Promise<ApiCandles['gaps']> {
    const found: CandleGap[] = [];
    for (const date of datesBetween(from, to < today ? to : today)) {
      found.push(...(await this.ports.gapsOf(key, date)));
    }
    return found.map((gap) => ({
      from: formatIst(gap.from),
      to: gap.to === null ? null : formatIst(gap.to),
      cause: gap.cause,
    }));
  }
}

function joined(
  rows: readonly CandleRow[],
  interval: string,
  day: SegmentDay,
  presentMs = Number.POSITIVE_INFINITY,
): readonly CandleRow[] {
  return interval === '1' ? rows : joinCandles(rows, Number(interval), day, presentMs);
}

function leftOutOf(refused: readonly unknown[]): string | null {
  return refused.length === 0 ? null : unreadWords(refused.length);
}

function isOf(day: SegmentDay): (row: CandleRow) => boolean {
  return ([startMs]) => startMs >= day.startMs && startMs < day.endMs;
}

function dayRow({ startMs, open, high, low, close, volume, openInterest }: KiteCandle, day: SegmentDay): CandleRow {
  const interest = hasOpenInterest(day) ? openInterest : null;
  return [
    instantOf(istDateOf(startMs), '00:00'),
    open,
    high,
    low,
    close,
    day.isIndex ? 0 : volume,
    interest,
    'settled',
    false,
  ];
}

function datesBetween(from: IstDate, to: IstDate): IstDate[] {
  const dates: IstDate[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  return dates;
}

/** As other programs read it. */
export function apiCandle(row: CandleRow): ApiCandle {
  const [start, open, high, low, close, volume, oi, state, corrected] = row;
  return { start: formatIst(start), open, high, low, close, volume, oi, state, corrected };
}
