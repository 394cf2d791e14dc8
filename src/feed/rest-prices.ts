import type { Clock } from '../clock.ts';
import type { SilentInstrument } from '../contract/state.ts';
import type { KiteQuote, KiteRest, SessionCredentials } from '../kite/session.ts';
import type { FeedConnection } from './feed-connection.ts';
import { polledKeys } from './polled-keys.ts';
import type { BookInstrument, QuoteBook } from './quote-book.ts';
import { QuoteRequests } from './quote-requests.ts';
import { RestFallback } from './rest-fallback.ts';
import { type SilenceFacts, SilentInstruments } from './silent-instruments.ts';

export interface RestPricesPorts {
  readonly clock: Clock;
  readonly rest: KiteRest;
  readonly book: QuoteBook;
  /** Whether some interface shows the token. */
  readonly isShown: (token: number) => boolean;
}

export interface RestPricesEvents {
  /** Kite turned the token down. */
  tokenRejected(): void;
  /** Kite itself says that this token may not have quotes. */
  denied(session: SessionCredentials): void;
  /** Whether REST delivers has changed, or who is silent, or may have. */
  changed(): void;
}

/** All prices that do not come over the socket: of every instrument while it is down, of a silent one while it works. */
export class RestPrices implements Disposable {
  readonly requests: QuoteRequests;
  private readonly ports: RestPricesPorts;
  private readonly fallback: RestFallback;
  private readonly silence: SilentInstruments;
  private instruments: readonly BookInstrument[] = [];
  /** Whose quotes are asked for: one letter a connection, empty for nobody's; and for which list. */
  private polled = '';
  private listVersion = 0;

  constructor(ports: RestPricesPorts, events: RestPricesEvents) {
    const { clock, rest, book } = ports;
    this.ports = ports;
    this.requests = new QuoteRequests(clock, rest);
    const quotes = (answer: Iterable<KiteQuote>, receivedAtMs: number): void => {
      book.applyQuotes(answer, receivedAtMs);
    };
    this.fallback = new RestFallback(clock, this.requests, { ...events, quotes });
    this.silence = new SilentInstruments(clock, book, this.requests, { ...events, quotes });
  }

  /** Whether prices of a connection that is down are coming this way. */
  get isDelivering(): boolean {
    return this.fallback.isDelivering;
  }

  /** Instruments that send nothing while others of their connection tick. */
  get silent(): readonly SilentInstrument[] {
    return this.silence.list;
  }

  /** `parts`: the tokens of each connection. */
  follow(instruments: readonly BookInstrument[], parts: readonly (readonly number[])[]): void {
    this.instruments = instruments;
    this.silence.follow(instruments, parts);
    this.listVersion++;
  }

  /** What is shown has changed. */
  shownChanged(): void {
    this.listVersion++;
  }

  /** Brings the prices of the connections that are `lost`; null: of none. */
  steer(
    session: SessionCredentials | null,
    lost: readonly FeedConnection[],
    parts: readonly (readonly number[])[],
  ): void {
    if (session === null || lost.length === 0) {
      this.fallback.stop();
      return;
    }
    const polled = `${lost.map(({ number }) => number).join(',')} of ${this.listVersion}`;
    if (polled !== this.polled) {
      const tokens = new Set(lost.flatMap(({ number }) => parts[number] ?? []));
      this.fallback.follow(polledKeys(this.instruments, tokens, this.ports.isShown));
    }
    this.polled = polled;
    this.fallback.start(session);
  }

  /** Looks for silent instruments; to be called several times a second. */
  look(session: SessionCredentials | null, facts: Omit<SilenceFacts, 'restDelivers' | 'isShown'>): void {
    if (session === null) this.silence.stop();
    else this.silence.look(session, { ...facts, restDelivers: this.isDelivering, isShown: this.ports.isShown });
  }

  /** Gives a token that was denied quotes another chance. */
  forgive(): void {
    this.fallback.forgive();
  }

  stop(): void {
    this.fallback.stop();
    this.silence.stop();
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
