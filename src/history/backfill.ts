import type { Clock } from '../clock.ts';
import type { InstrumentState } from '../contract/state.ts';
import { type SegmentDay, segmentDay } from '../feed/segment-day.ts';
import type { MarketCalendar, MarketDay } from '../market/calendar.ts';
import { type IstDate, instantOf, istDateOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { type FollowedMinutes, wanted } from './backfill-wanted.ts';
import { MINUTE_MS } from './candle-series.ts';
import type { CandleBook } from './candles.ts';
import { hasOpenInterest, minutesOf } from './day-minutes.ts';
import type { HistoryRequests } from './history-requests.ts';
import type { HistoryStore } from './history-store.ts';
import { UnreadMinutes, unreadWords } from './unread-minutes.ts';

/** What is followed of a slot: every minute is to be Kite's, or only those that ticks cannot answer for. */
export type CandleNeed = 'every' | 'doubtful';

export interface BackfillPorts {
  readonly clock: Clock;
  readonly calendar: MarketCalendar;
  readonly candles: CandleBook;
  readonly requests: HistoryRequests;
  readonly store: HistoryStore;
  readonly instruments: () => readonly InstrumentState[];
  /** What Kite's clock shows at least, ms since the epoch; null while it has not been heard. */
  readonly kiteTime: () => number | null;
  /** Whether Kite can be asked at all. */
  readonly isSignedIn: () => boolean;
  /** Slots whose candles an interface shows. */
  readonly shown: () => ReadonlySet<number>;
  /** The last price of a slot's quote, in rupees, as of `sinceMs` or later; null when it cannot be had. */
  readonly lastPrice: (slot: number, sinceMs: number) => Promise<number | null>;
}

/** What is remembered of one slot on one day. */
interface SlotRecord {
  readonly date: IstDate;
  failures: number;
  notBeforeMs: number;
  /** The exchange's present when the whole day was last asked for; 0: never. */
  wholeDayMs: number;
  /** Who asks by the API is followed for the rest of the day. */
  isAskedFor: boolean;
  waiting: number;
  reason: string | null;
  hasAnswer: boolean;
  running: Promise<void> | null;
  isRestored: boolean;
  /** The quote agrees with the day's last row: an index's official close. */
  isCloseConfirmed: boolean;
  readonly unread: UnreadMinutes;
}

/** Days whose hours are remembered. */
const MOST_DAYS = 500;
/** After a minute's end, for Kite to have its row. */
const SETTLE_AFTER_MS = 4_000;
/** Beside a chart that waits, the back-fill takes one of Kite's three requests a second. */
const SPACING_MS = 1_000;
/** After an answer that left something open. */
const AGAIN_AFTER_MS = 6_000;
const FIRST_BACKOFF_MS = 2_000;
const LONGEST_BACKOFF_MS = 60_000;
/** After the opening auction its price is corrected; so long after the first trade the whole day is asked for again. */
const OPENING_CORRECTED_MS = 6 * MINUTE_MS;
/** And once more so long after the last minute. */
const AFTER_CLOSE_MS = MINUTE_MS;
const CLOSE_AGAIN_MS = 5 * MINUTE_MS;
/** IST. */
const CLOSE_ASKED_UNTIL = '18:00';

/**
 * Sees to it that no closed minute of what is followed stays in doubt, and that every minute of the index desk and of what
 * is charted becomes Kite's own. Level-triggered: what has to be asked follows from what is known, at every look anew. It
 * needs a login, and no feed.
 */
export class Backfill {
  private readonly ports: BackfillPorts;
  private readonly records = new Map<number, SlotRecord>();
  private readonly days = new Map<string, { readonly source: MarketDay; readonly day: SegmentDay }>();
  private inFlight = 0;
  private lastStartMs = Number.NEGATIVE_INFINITY;
  private pausedUntilMs = Number.NEGATIVE_INFINITY;
  private faults = 0;

  constructor(ports: BackfillPorts) {
    this.ports = ports;
  }

  /** Looks at what is known and asks for what is missing; to be called about once a second. */
  look(): void {
    const { clock, candles } = this.ports;
    this.advance();
    if (!this.ports.isSignedIn() || this.inFlight > 0) return;
    const nowMs = clock.monotonic();
    if (nowMs < this.pausedUntilMs || nowMs - this.lastStartMs < SPACING_MS) return;
    const [next] = wanted(this.followed(), candles.presentMs);
    if (next === undefined) return;
    this.lastStartMs = nowMs;
    this.inFlight++;
    void this.ask(next.slot, next.fromMs, false).finally(() => {
      this.inFlight--;
    });
  }

  /**
   * Brings a slot's day up to the exchange's history for somebody who waits, and follows it for the rest of the day. Null
   * when Kite has answered for it, otherwise why not. Never rejects.
   */
  async bringUpToDate(slot: number): Promise<string | null> {
    const { candles } = this.ports;
    this.advance();
    const record = this.recordOf(slot);
    if (record === null) return null;
    record.isAskedFor = true;
    const day = this.dayOf(slot);
    if (day === null) return null;
    const firstMs = this.firstOpen(slot, day, 'every', candles.presentMs);
    if (firstMs === null) return null;
    if (!this.ports.isSignedIn()) {
      await this.restore(slot, day, record);
      return 'Sign in to load earlier candles.';
    }
    // A minute that has only just ended is confirmed in a few seconds by itself.
    if (record.hasAnswer && record.reason === null && firstMs >= candles.presentMs - 2 * MINUTE_MS) return null;
    record.waiting++;
    try {
      await this.ask(slot, firstMs, true);
    } finally {
      record.waiting--;
    }
    return record.reason;
  }

  /** What Kite's answer for the slot's day has left out, in words; null: nothing. */
  leftOut(slot: number): string | null {
    const { candles } = this.ports;
    const day = this.dayOf(slot);
    const unread = this.recordOf(slot)?.unread.starts ?? [];
    const open = [...unread].filter((startMs) => day !== null && !candles.isAnswered(slot, day, startMs));
    return open.length === 0 ? null : unreadWords(open.length);
  }

  /** Every minute of the slot's day that starts before it has been answered for by Kite; null: none. */
  settledTo(slot: number): number | null {
    const { candles } = this.ports;
    const day = this.dayOf(slot);
    const first = day?.windows[0];
    if (day === null || first === undefined) return null;
    const closed = minutesOf(day, day.startMs, candles.presentMs);
    const heldMs = candles.heldStart(slot);
    const open = closed.find((startMs) => startMs === heldMs || !candles.isAnswered(slot, day, startMs));
    const lastMs = closed.at(-1);
    const endMs = open ?? (lastMs === undefined ? first.startMs : lastMs + MINUTE_MS);
    return endMs <= first.startMs ? null : endMs;
  }

  /** The hours of an instrument's segment on a date. */
  dayOn(segment: Segment | null, date: IstDate): SegmentDay {
    const id = `${date} ${segment}`;
    const source = this.ports.calendar.day(date);
    const known = this.days.get(id);
    // A calendar that is changed in the day changes its days.
    if (known?.source === source) return known.day;
    const day = segmentDay(source, segment);
    if (this.days.size >= MOST_DAYS) this.days.clear();
    this.days.set(id, { source, day });
    return day;
  }

  /** Today's hours of a slot; null for one that is not followed. */
  dayOf(slot: number): SegmentDay | null {
    const instrument = this.ports.instruments()[slot];
    if (instrument === undefined || instrument.retired) return null;
    return this.dayOn(instrument.segment, istDateOf(this.ports.clock.now()));
  }

  private advance(): void {
    const { candles, clock, kiteTime } = this.ports;
    candles.advance(clock.now(), kiteTime());
  }

  private followed(): FollowedMinutes[] {
    const { candles } = this.ports;
    const shown = this.ports.shown();
    const found: FollowedMinutes[] = [];
    for (const [slot, instrument] of this.ports.instruments().entries()) {
      if (instrument.retired) continue;
      const isDesk = instrument.role !== 'watch' || shown.has(slot);
      if (!isDesk && this.records.get(slot)?.isAskedFor !== true) continue;
      const day = this.dayOf(slot);
      const record = this.recordOf(slot);
      const dayOpenMs = day?.windows[0]?.startMs;
      if (day === null || record === null || dayOpenMs === undefined) continue;
      const need: CandleNeed = isDesk ? 'every' : 'doubtful';
      const firstMs = this.firstOpen(slot, day, need, candles.presentMs - SETTLE_AFTER_MS);
      found.push({
        slot,
        isWaitedFor: record.waiting > 0,
        firstMs,
        dayOpenMs,
        hasDoubt: firstMs !== null && candles.isDoubtful(slot, day, firstMs),
        isWholeDayDue: this.isWholeDayDue(slot, day, record),
        notBeforeMs: record.notBeforeMs,
      });
    }
    return found;
  }

  private firstOpen(slot: number, day: SegmentDay, need: CandleNeed, untilMs: number): number | null {
    const { candles } = this.ports;
    const unread = this.recordOf(slot)?.unread;
    const isOpen =
      need === 'every'
        ? (startMs: number) => !candles.isAnswered(slot, day, startMs)
        : (startMs: number) => candles.isDoubtful(slot, day, startMs);
    const isDue = (startMs: number): boolean => unread?.isDue(startMs, candles.presentMs) !== false;
    return minutesOf(day, day.startMs, untilMs).find((startMs) => isOpen(startMs) && isDue(startMs)) ?? null;
  }

  /** One question, joined by whoever wants the same slot meanwhile. */
  private ask(slot: number, fromMs: number, isWaitedFor: boolean): Promise<void> {
    const record = this.recordOf(slot);
    const day = this.dayOf(slot);
    if (record === null || day === null) return Promise.resolve();
    record.running ??= this.request(slot, day, record, fromMs, isWaitedFor).finally(() => {
      record.running = null;
    });
    return record.running;
  }

  private async request(
    slot: number,
    day: SegmentDay,
    record: SlotRecord,
    fromMs: number,
    isWaitedFor: boolean,
  ): Promise<void> {
    const { candles, requests } = this.ports;
    const token = this.ports.instruments()[slot]?.token ?? 0;
    const askedMs = candles.presentMs;
    const interest = hasOpenInterest(day);
    const range = { fromMs, toMs: day.endMs - 1_000 };
    const result = await requests.ask({ token, interval: 'minute', ...range, openInterest: interest }, isWaitedFor);
    if (!result.ok) {
      record.reason = result.reason;
      record.failures++;
      this.backOff(record, result.code);
      await this.restore(slot, day, record);
      return;
    }
    // By the time of the answer Kite has said what time it is: no clock of ours makes a minute over that is not.
    this.advance();
    const overMs = Math.min(askedMs, candles.presentMs);
    this.faults = 0;
    record.failures = 0;
    record.reason = null;
    record.hasAnswer = true;
    record.notBeforeMs = candles.presentMs + AGAIN_AFTER_MS;
    if (fromMs <= (day.windows[0]?.startMs ?? 0)) record.wholeDayMs = overMs;
    const { unread } = candles.settle(slot, day, {
      rows: result.candles,
      refused: result.refused,
      fromMs,
      askedMs: overMs,
    });
    record.unread.note(unread, candles.presentMs);
    if (day.isIndex) await this.judgeClose(slot, day, record, overMs);
  }

  /**
   * An index's official close is the close of the exchange's last row of the day. Kite may enter it late: the row counts
   * as provisional until an answer from after the derivatives' close agrees with the quote's last price.
   */
  private async judgeClose(slot: number, day: SegmentDay, record: SlotRecord, askedMs: number): Promise<void> {
    const { candles } = this.ports;
    const closesMs = this.derivativesCloseMs(day);
    const last = candles.lastRow(slot, day.startMs, askedMs - MINUTE_MS + 1);
    if (record.isCloseConfirmed || last === null || closesMs === null || day.tradedUntilMs === null) return;
    const isLastOfDay = last[0] + MINUTE_MS >= day.tradedUntilMs || askedMs >= closesMs;
    if (!isLastOfDay) return;
    candles.hold(slot, day, last[0]);
    if (askedMs < closesMs) return;
    const price = await this.ports.lastPrice(slot, closesMs);
    if (price === null || Math.round(price * 100) !== Math.round(last[4] * 100)) return;
    record.isCloseConfirmed = true;
    candles.hold(slot, day, null);
  }

  /** When the futures of an index's exchange have closed; null on a day without trading. */
  private derivativesCloseMs(day: SegmentDay): number | null {
    const futures: Segment = day.segment?.startsWith('BSE') ? 'BFO_FUT' : 'NFO_FUT';
    const ends = [day, this.dayOn(futures, day.date)].flatMap(({ windows }) => windows.at(-1)?.endMs ?? []);
    return ends.length === 0 ? null : Math.max(...ends);
  }

  /** Kite corrects the opening price some minutes later, and enters the official close when the auction is over. */
  private isWholeDayDue(slot: number, day: SegmentDay, { wholeDayMs }: SlotRecord): boolean {
    const { presentMs } = this.ports.candles;
    const openMs = day.windows[0]?.startMs;
    const endMs = day.windows.at(-1)?.endMs;
    if (openMs === undefined || endMs === undefined) return false;
    const dueMs = [openMs + OPENING_CORRECTED_MS, endMs + AFTER_CLOSE_MS];
    const closesMs = (this.derivativesCloseMs(day) ?? endMs) + AFTER_CLOSE_MS;
    const untilMs = instantOf(day.date, CLOSE_ASKED_UNTIL);
    if (this.ports.candles.isHeld(slot) && presentMs >= closesMs && presentMs < untilMs) {
      dueMs.push(closesMs + Math.floor((presentMs - closesMs) / CLOSE_AGAIN_MS) * CLOSE_AGAIN_MS);
    }
    return dueMs.some((each) => each <= presentMs && wholeDayMs < each);
  }

  /** What has to do with all of Kite holds everything up, what has to do with one instrument only that. */
  private backOff(record: SlotRecord, code: string): void {
    const waitMs = (failures: number): number => Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
    record.notBeforeMs = this.ports.candles.presentMs + waitMs(record.failures);
    if (code === 'bad-request' || code === 'bad-response' || code === 'cancelled') return;
    this.faults++;
    this.pausedUntilMs = this.ports.clock.monotonic() + waitMs(this.faults);
  }

  /** Without Kite: what an earlier run of this day has kept. */
  private async restore(slot: number, day: SegmentDay, record: SlotRecord): Promise<void> {
    const key = this.ports.instruments()[slot]?.key;
    if (record.isRestored || key === undefined) return;
    // Under a key that has had another token today, nobody knows whose candles were kept.
    if (this.ports.instruments().some((each, other) => other !== slot && each.key === key)) return;
    record.isRestored = true;
    const kept = await this.ports.store.loadCandles(key, day.startMs, day.endMs - 1).catch(() => null);
    if (kept === null) record.isRestored = false;
    else this.ports.candles.restore(slot, day, kept);
  }

  private recordOf(slot: number): SlotRecord | null {
    const day = this.dayOf(slot);
    if (day === null) return null;
    const known = this.records.get(slot);
    if (known?.date === day.date) return known;
    const record: SlotRecord = {
      date: day.date,
      failures: 0,
      notBeforeMs: 0,
      wholeDayMs: 0,
      isAskedFor: false,
      waiting: 0,
      reason: null,
      hasAnswer: false,
      running: null,
      isRestored: false,
      isCloseConfirmed: false,
      unread: new UnreadMinutes(),
    };
    this.records.set(slot, record);
    return record;
  }
}
