import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { FrameContent } from './feed-connection.ts';
import type { FrameListener } from './feed-ports.ts';
import type { QuoteBook } from './quote-book.ts';

const FAILURE_TOLD_EVERY_MS = 60_000;

/** What has come over the sockets since the feed was made; `last…At` are wall times, null before the first. */
export interface IntakeCounts {
  readonly frames: number;
  readonly ticks: number;
  readonly lastFrameAt: number | null;
  readonly lastTickAt: number | null;
}

/** The one way of every frame into the book: told as it came, taken, counted. */
export class FrameIntake {
  private readonly clock: Clock;
  private readonly book: QuoteBook;
  private readonly log: Log;
  private readonly listeners = new Set<FrameListener>();
  private current = { frames: 0, ticks: 0, lastFrameAt: null as number | null, lastTickAt: null as number | null };
  private failureToldMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, book: QuoteBook, log: Log) {
    this.clock = clock;
    this.book = book;
    this.log = log;
    book.listenerFailed = (error) => this.onListenerFailed(error);
  }

  get counts(): IntakeCounts {
    return this.current;
  }

  /** Every data frame as it came, before the book has it. */
  onFrame(listener: FrameListener): Disposable {
    this.listeners.add(listener);
    return { [Symbol.dispose]: () => void this.listeners.delete(listener) };
  }

  /** A data frame. */
  take(bytes: Uint8Array, receivedAtMs: number): FrameContent {
    this.heartbeat(receivedAtMs);
    for (const listener of this.listeners) {
      try {
        listener(bytes, receivedAtMs);
      } catch (error) {
        this.onListenerFailed(error);
      }
    }
    const ticks = this.book.applyFrame(bytes, receivedAtMs);
    if (ticks > 0) this.current.lastTickAt = receivedAtMs;
    this.current.ticks += ticks;
    return { ticks, ...this.book.lastFrame };
  }

  /** A frame without data. */
  heartbeat(receivedAtMs: number): void {
    this.current.frames++;
    this.current.lastFrameAt = receivedAtMs;
  }

  /** Whoever uses prices and fails at it does so four times a second: it is said now and then. */
  private onListenerFailed(error: unknown): void {
    const nowMs = this.clock.monotonic();
    if (nowMs - this.failureToldMs < FAILURE_TOLD_EVERY_MS) return;
    this.failureToldMs = nowMs;
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.log('error', 'feed', `A part of this app failed on new prices, which go on: ${what}`);
  }
}
