import type { Clock } from '../clock.ts';
import type { CandleRow } from '../contract/commands.ts';
import { type SegmentDay, segmentDay } from '../feed/segment-day.ts';
import { KiteError } from '../kite/errors.ts';
import { isPrice } from '../kite/figure-range.ts';
import type { KiteQuote } from '../kite/session.ts';
import type { Log } from '../log.ts';
import type { MarketCalendar } from '../market/calendar.ts';
import { dayWords } from '../market/date-words.ts';
import { type IstDate, istDateOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { DiskError } from '../storage/disk-error.ts';
import { MINUTE_MS } from './candle-series.ts';
import { correctionOf } from './day-correction.ts';
import type { HistoryRequests } from './history-requests.ts';
import type { HistoryStore } from './history-store.ts';
import { StoreError } from './store.ts';

/** An index whose kept close is checked. */
export interface CheckedIndex {
  readonly key: string;
  readonly token: number;
  /** What the trader reads. */
  readonly title: string;
  readonly segment: Segment | null;
}

export interface CloseCheckPorts {
  readonly clock: Clock;
  readonly calendar: MarketCalendar;
  readonly store: Pick<HistoryStore, 'loadCandles' | 'saveCandles'>;
  readonly requests: Pick<HistoryRequests, 'ask'>;
  readonly indices: () => readonly CheckedIndex[];
  readonly isSignedIn: () => boolean;
  /** Kite's quotes by key; rejects where they cannot be had. */
  readonly quotes: (keys: readonly string[]) => Promise<ReadonlyMap<string, KiteQuote>>;
  readonly log: Log;
}

/** What came of one index's check. */
type Outcome = 'agrees' | 'ask-again' | 'corrected';

/** Before prices begin, as the feed's own start. */
const LEAD_MS = 5 * 60_000;
const AGAIN_MS = 5 * 60_000;

/**
 * Each morning from five minutes before prices begin: whether the official close of the last session, as it was kept, is
 * the one Kite's quote of today names as the previous close. Where it is not, the day is asked for again, what was kept is
 * corrected, and the trader is told. A day whose last minute was not kept is filled in without a word: nobody has seen its
 * close. Level-triggered: a late start, a login or a network that returns late only delay it.
 */
export class CloseCheck {
  private readonly ports: CloseCheckPorts;
  private date: IstDate | null = null;
  private readonly settled = new Set<string>();
  private readonly words = new Set<string>();
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  private isRunning = false;

  constructor(ports: CloseCheckPorts) {
    this.ports = ports;
  }

  /** To be called about once a second. */
  look(): void {
    const { clock, calendar } = this.ports;
    const nowMs = clock.now();
    const today = istDateOf(nowMs);
    if (today !== this.date) {
      this.date = today;
      this.settled.clear();
      this.words.clear();
      this.notBeforeMs = Number.NEGATIVE_INFINITY;
    }
    const previous = calendar.previousTradingDay(today);
    if (previous === null || this.isRunning || nowMs < this.notBeforeMs || !this.ports.isSignedIn()) return;
    const due = this.ports.indices().filter((index) => {
      const day = segmentDay(calendar.day(today), index.segment);
      return !this.settled.has(index.key) && isWithin(day, nowMs);
    });
    if (due.length === 0) return;
    this.isRunning = true;
    this.notBeforeMs = nowMs + AGAIN_MS;
    void this.check(due, previous)
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.isRunning = false;
      });
  }

  private async check(due: readonly CheckedIndex[], previous: IstDate): Promise<void> {
    const { store, calendar } = this.ports;
    const kept: { index: CheckedIndex; day: SegmentDay; rows: readonly CandleRow[] }[] = [];
    for (const index of due) {
      const day = segmentDay(calendar.day(previous), index.segment);
      const rows = await store.loadCandles(index.key, day.startMs, day.endMs - 1);
      if (rows.length > 0) kept.push({ index, day, rows });
      else this.settled.add(index.key);
    }
    if (kept.length === 0) return;
    const quotes = await this.ports.quotes(kept.map(({ index }) => index.key));
    for (const { index, day, rows } of kept) {
      const quote = quotes.get(index.key);
      if (quote === undefined || !isPrice(quote.close, index.token)) continue;
      if ((await this.checkOne(index, day, rows, quote)) !== 'ask-again') this.settled.add(index.key);
    }
  }

  private async checkOne(
    index: CheckedIndex,
    day: SegmentDay,
    kept: readonly CandleRow[],
    quote: KiteQuote,
  ): Promise<Outcome> {
    const last = kept.at(-1);
    const close = last?.[4] ?? 0;
    // A day that was kept to noon only holds no close, whatever its last price happens to be.
    const endsEarly = last === undefined || last[0] + MINUTE_MS < (day.tradedUntilMs ?? 0);
    if (!endsEarly && isSame(close, quote.close)) {
      if (last[7] === 'provisional') await this.ports.store.saveCandles(index.key, [settled(last)]);
      return 'agrees';
    }
    // Until prices begin Kite may still show the last session: its last price is what will be the previous close.
    if (!endsEarly && this.isBeforeTrading(index) && isSame(close, quote.lastPrice)) return 'ask-again';
    const range = { fromMs: day.startMs, toMs: day.endMs - 1_000 };
    const request = { token: index.token, interval: 'minute', ...range, openInterest: false } as const;
    const answer = await this.ports.requests.ask(request, false);
    if (!answer.ok) return 'ask-again';
    const { rows, changes } = correctionOf(day, kept, answer);
    if (changes.length > 0) await this.ports.store.saveCandles(index.key, changes);
    const final = rows.at(-1);
    // Without its last row an answer names no close.
    if (final === undefined || answer.refused.length > 0) return 'ask-again';
    const corrected = final[4];
    const official = [quote.close, ...(this.isBeforeTrading(index) ? [quote.lastPrice] : [])];
    if (official.some((each) => isSame(each, corrected))) {
      if (last?.[0] === final[0] && !isSame(close, corrected)) {
        const on = dayWords(day.date);
        this.tell(
          'warning',
          `${index.title} closed at ${priceText(corrected)} on ${on}: the kept ${priceText(close)} was corrected.`,
        );
      }
      return 'corrected';
    }
    this.tell(
      'warning',
      `Kite’s candles of ${dayWords(day.date)} end ${index.title} at ${priceText(corrected)}, its quote says ${priceText(quote.close)}.`,
    );
    return 'ask-again';
  }

  /** That Kite or the disk gives no answer is said elsewhere; anything else is a fault of this app. */
  private failed(error: unknown): void {
    if (error instanceof KiteError || error instanceof StoreError || error instanceof DiskError) return;
    this.tell(
      'error',
      `The last close could not be checked: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  private isBeforeTrading({ segment }: CheckedIndex): boolean {
    const nowMs = this.ports.clock.now();
    const [first] = segmentDay(this.ports.calendar.day(istDateOf(nowMs)), segment).windows;
    return first !== undefined && nowMs < first.startMs;
  }

  /** The same words once a day. */
  private tell(level: 'warning' | 'error', text: string): void {
    if (this.words.has(text)) return;
    this.words.add(text);
    this.ports.log(level, 'instruments', text);
  }
}

/** From shortly before prices begin until trading is over. */
function isWithin(day: SegmentDay, nowMs: number): boolean {
  const pricesMs = day.stages.find(({ stage }) => stage !== 'before' && stage !== 'no-session')?.startMs;
  const endMs = day.windows.at(-1)?.endMs;
  return pricesMs !== undefined && endMs !== undefined && nowMs >= pricesMs - LEAD_MS && nowMs < endMs;
}

/** To the paisa. */
function isSame(a: number, b: number): boolean {
  return Math.round(a * 100) === Math.round(b * 100);
}

function settled([start, open, high, low, close, volume, openInterest, , corrected]: CandleRow): CandleRow {
  return [start, open, high, low, close, volume, openInterest, 'settled', corrected];
}

function priceText(rupees: number): string {
  return rupees.toLocaleString('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
