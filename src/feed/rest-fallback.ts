import type { Clock } from '../clock.ts';
import { KiteError } from '../kite/errors.ts';
import type { KiteQuote, SessionCredentials } from '../kite/session.ts';
import type { QuoteRequests } from './quote-requests.ts';

/** Kite allows one quote request a second for an api key; the margin is for clocks that differ. */
export const POLL_PERIOD_MS = 1_200;
/** Keys that one `/quote` takes. */
export const KEYS_PER_REQUEST = 500;
const LONGEST_BACKOFF_MS = 10_000;
/** Without a good answer for this long the fallback delivers nothing. */
const DELIVERS_FOR_MS = 5_000;

/** What is asked for. `first` is in every request, `rest` is taken in turns where all do not fit. */
export interface PolledKeys {
  readonly first: readonly string[];
  readonly rest: readonly string[];
}

export interface RestFallbackEvents {
  /** A good answer, `receivedAtMs` by the wall clock. */
  quotes(quotes: Iterable<KiteQuote>, receivedAtMs: number): void;
  /** Kite turned the token down; polling has stopped. */
  tokenRejected(): void;
  /** Kite itself says that this token may not have quotes; polling has stopped. */
  denied(session: SessionCredentials): void;
  /** Whether it delivers has changed, or may have. */
  changed(): void;
}

/** Asks for all quotes about once a second, while it is told to. */
export class RestFallback implements Disposable {
  private readonly clock: Clock;
  private readonly requests: QuoteRequests;
  private readonly events: RestFallbackEvents;
  private keys: PolledKeys = { first: [], rest: [] };
  private session: SessionCredentials | null = null;
  /** Counts starts and stops: an answer to an earlier one's request is nobody's. */
  private run = 0;
  private timer: Disposable | null = null;
  private turn = 0;
  private failures = 0;
  private lastStartMs = Number.NEGATIVE_INFINITY;
  private lastGoodMs: number | null = null;
  /** A token that Kite gives no quotes: asking again changes nothing. */
  private deniedToken: string | null = null;

  constructor(clock: Clock, requests: QuoteRequests, events: RestFallbackEvents) {
    this.clock = clock;
    this.requests = requests;
    this.events = events;
  }

  /** Whether prices are coming this way. */
  get isDelivering(): boolean {
    return this.lastGoodMs !== null && this.clock.monotonic() - this.lastGoodMs <= DELIVERS_FOR_MS;
  }

  follow(keys: PolledKeys): void {
    this.keys = keys;
  }

  /** Starts, or goes on with another session. At most one request per period is made however often this is called. */
  start(session: SessionCredentials): void {
    if (this.session?.accessToken === session.accessToken || this.deniedToken === session.accessToken) return;
    this.stop();
    this.session = session;
    this.schedule(0);
  }

  /** Gives a token that was denied quotes another chance. */
  forgive(): void {
    this.deniedToken = null;
  }

  stop(): void {
    this.run++;
    this.timer?.[Symbol.dispose]();
    this.timer = null;
    this.session = null;
    this.failures = 0;
    this.lastGoodMs = null;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  private schedule(waitMs: number): void {
    const untilAllowedMs = this.lastStartMs + POLL_PERIOD_MS - this.clock.monotonic();
    this.timer = this.clock.setTimeout(() => void this.poll(), Math.max(waitMs, untilAllowedMs));
  }

  private async poll(): Promise<void> {
    const { run, session } = this;
    const keys = this.nextKeys();
    this.lastStartMs = this.clock.monotonic();
    if (session === null) return;
    if (keys.length === 0) {
      this.schedule(POLL_PERIOD_MS);
      return;
    }
    try {
      const quotes = await this.requests.ask(session, keys);
      if (run === this.run) this.onAnswer(quotes);
    } catch (error) {
      if (run === this.run) this.onError(error, session);
    }
  }

  private onAnswer(quotes: ReadonlyMap<string, KiteQuote>): void {
    this.failures = 0;
    this.schedule(0);
    if (quotes.size > 0) {
      this.lastGoodMs = this.clock.monotonic();
      this.events.quotes(quotes.values(), this.clock.now());
    }
    this.events.changed();
  }

  private onError(error: unknown, session: SessionCredentials): void {
    const code = error instanceof KiteError ? error.code : 'unknown';
    if (code === 'token-rejected' || code === 'credentials-invalid') {
      this.stop();
      this.deniedToken = session.accessToken;
      this.events.tokenRejected();
    } else if (code === 'not-permitted') {
      this.stop();
      this.deniedToken = session.accessToken;
      this.events.denied(session);
    } else {
      this.failures++;
      this.lastGoodMs = null;
      this.schedule(Math.min(LONGEST_BACKOFF_MS, POLL_PERIOD_MS * 2 ** this.failures));
    }
    this.events.changed();
  }

  private nextKeys(): readonly string[] {
    const { first, rest } = this.keys;
    const always = first.slice(0, KEYS_PER_REQUEST);
    const room = Math.min(rest.length, KEYS_PER_REQUEST - always.length);
    if (room === rest.length) return [...always, ...rest];
    const from = this.turn % rest.length;
    this.turn = from + room;
    return [...always, ...rest.slice(from, from + room), ...rest.slice(0, Math.max(0, from + room - rest.length))];
  }
}
