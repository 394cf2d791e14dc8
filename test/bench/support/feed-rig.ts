import type { Clock } from '../../../src/clock.ts';
import { StateStore } from '../../../src/desk/state-store.ts';
import { AttachedInterface } from '../../../src/desk/ui-attachment.ts';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import { CandleBook } from '../../../src/history/candles.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { goodDay } from '../../renderer-fixture/base-state.ts';

/** As many rows as a tall window has on screen; one of them with its order book and chart open. */
const SHOWN = 60;

/** The way of a tick through the main process: quote book, candles, and the tick lane of one interface. */
export class FeedRig {
  readonly book = new QuoteBook(bundledCalendar());
  private readonly candles = new CandleBook(this.book);
  private sent = 0;

  /** `clock`: market time; `uiClock`: the display's. */
  constructor(tokens: readonly number[], clock: Clock, uiClock: Clock) {
    const { book, candles } = this;
    for (const token of tokens) book.add({ key: `NFO:${token}`, token, role: 'watch', segment: 'NFO_FUT' });
    book.onTicks((touched) => candles.apply(touched));
    const attached = new AttachedInterface(
      { clock, uiClock, book, candles, state: new StateStore(clock, goodDay('2026-11-23', '10:00')) },
      {
        state: () => undefined,
        ticks: (batch) => {
          this.sent += batch.byteLength;
          attached.acknowledge(new DataView(batch).getUint32(4, true));
        },
      },
    );
    const slots = Array.from({ length: Math.min(SHOWN, tokens.length) }, (_, slot) => slot);
    attached.setInterest({ slots, depth: [0], candles: [0], hidden: false });
  }

  /** Bytes handed to the interface. */
  get bytesSent(): number {
    return this.sent;
  }

  /** Takes a frame; returns its ticks. */
  frame(bytes: Uint8Array, receivedAtMs: number): number {
    return this.book.applyFrame(bytes, receivedAtMs);
  }

  /** What the desk does of itself once a second. */
  everySecond(nowMs: number): void {
    this.book.refreshKinds(nowMs);
    this.book.refreshStale(nowMs, () => 0, 1);
  }
}
