import type { Clock } from '../clock.ts';
import type { KiteRest } from '../kite/session.ts';
import type { TickerConnector } from '../kite/ticker-events.ts';
import type { Log } from '../log.ts';
import type { MarketCalendar } from '../market/calendar.ts';
import type { FeedAuth } from './login-block.ts';
import type { QuoteBook } from './quote-book.ts';

/** Everything outside itself that the feed works with. */
export interface FeedPorts {
  readonly clock: Clock;
  readonly connector: TickerConnector;
  readonly rest: KiteRest;
  readonly calendar: MarketCalendar;
  readonly book: QuoteBook;
  /** Uniform in [0, 1): spreads retries. */
  readonly random: () => number;
  readonly auth: FeedAuth;
  readonly log: Log;
}

/** A raw data frame, before it is decoded; the bytes are valid only during the call. */
export type FrameListener = (bytes: Uint8Array, receivedAtMs: number) => void;
