import type { Clock } from '../clock.ts';
import type { DeskState, InstrumentState } from '../contract/state.ts';
import type { QuoteBook } from '../feed/quote-book.ts';
import type { QuoteRequests } from '../feed/quote-requests.ts';
import { KEYS_PER_REQUEST } from '../feed/rest-fallback.ts';
import { KiteError } from '../kite/errors.ts';
import type { SessionCredentials } from '../kite/session.ts';
import { type IstDate, istDateOf } from '../market/ist.ts';

export interface LastClosePorts {
  readonly clock: Clock;
  readonly book: QuoteBook;
  readonly quoteRequests: Pick<QuoteRequests, 'ask'>;
  readonly session: () => SessionCredentials | null;
  readonly instruments: () => readonly InstrumentState[];
  /** Kite turned the token down. */
  readonly reportRejected: () => void;
  /** Prices have come. */
  readonly changed: () => void;
}

/** Until Kite is asked again after a failure; ms. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

/**
 * The last prices of what is followed while the feed is off for the day's own reasons: before it starts, after it has
 * stopped, on a day without trading. One question for each instrument, login and day, and none without a proven login.
 * Level-triggered: `look` may be called as often as one likes.
 */
export class LastCloses {
  private readonly ports: LastClosePorts;
  /** For whom, and on what day, the slots in `answered` were asked. */
  private asker = { token: '', date: '' as IstDate };
  private readonly answered = new Set<number>();
  private isAsking = false;
  private failures = 0;
  /** Monotonic ms. */
  private nextAskMs = Number.NEGATIVE_INFINITY;

  constructor(ports: LastClosePorts) {
    this.ports = ports;
  }

  look({ auth, feed }: Pick<DeskState, 'auth' | 'feed'>): void {
    const { clock } = this.ports;
    const session = this.ports.session();
    // A feed that is wanted, or that the trader has paused, is not for this to stand in for.
    if (session === null || auth.state !== 'valid' || feed.desired === 'on' || feed.paused) return;
    const date = istDateOf(clock.now());
    if (this.asker.token !== session.accessToken || this.asker.date !== date) this.begin(session.accessToken, date);
    if (this.isAsking || clock.monotonic() < this.nextAskMs) return;
    const wanted = this.wanted();
    if (wanted.length > 0) void this.ask(session, wanted);
  }

  private begin(token: string, date: IstDate): void {
    this.asker = { token, date };
    this.answered.clear();
    this.failures = 0;
    this.nextAskMs = Number.NEGATIVE_INFINITY;
  }

  /** What no price of today is held of; the indices and futures first. */
  private wanted(): readonly { readonly slot: number; readonly key: string }[] {
    const { book } = this.ports;
    const missing = this.ports.instruments().flatMap(({ key, role, retired }, slot) => {
      const isKnown = book.row(slot, false) !== null && book.kind(slot) !== 'previous-close';
      return retired || isKnown || this.answered.has(slot) ? [] : [{ slot, key, role }];
    });
    const first = missing.filter(({ role }) => role !== 'watch');
    const others = missing.filter(({ role }) => role === 'watch');
    return [...first, ...others].slice(0, KEYS_PER_REQUEST);
  }

  private async ask(session: SessionCredentials, asked: readonly { slot: number; key: string }[]): Promise<void> {
    const { asker } = this;
    this.isAsking = true;
    try {
      const quotes = await this.ports.quoteRequests.ask(
        session,
        asked.map(({ key }) => key),
      );
      if (this.asker !== asker) return;
      for (const { slot } of asked) this.answered.add(slot);
      this.failures = 0;
      // What the feed has brought meanwhile is newer, and stays.
      if (this.ports.book.applyQuotes(quotes.values(), this.ports.clock.now()) > 0) this.ports.changed();
    } catch (error) {
      if (this.asker === asker) this.failed(error);
    } finally {
      this.isAsking = false;
    }
  }

  private failed(error: unknown): void {
    this.nextAskMs = this.ports.clock.monotonic() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.failures++;
    if (error instanceof KiteError && error.code === 'token-rejected') this.ports.reportRejected();
  }
}
