import type { Clock } from '../clock.ts';
import type { KiteQuote, KiteRest, SessionCredentials } from '../kite/session.ts';
import { POLL_PERIOD_MS } from './rest-fallback.ts';

export type Quotes = ReadonlyMap<string, KiteQuote>;

/** Every `GET /quote` of the desk goes through here, at Kite's pace, in the order asked for. */
export class QuoteRequests {
  private readonly clock: Clock;
  private readonly rest: Pick<KiteRest, 'quotes'>;
  /** When the next request may start, monotonic ms. */
  private freeAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, rest: Pick<KiteRest, 'quotes'>) {
    this.clock = clock;
    this.rest = rest;
  }

  /** Waits its turn; up to 500 keys. Rejects with a `KiteError`. */
  async ask(session: SessionCredentials, keys: readonly string[]): Promise<Quotes> {
    const nowMs = this.clock.monotonic();
    const startMs = Math.max(nowMs, this.freeAtMs);
    this.freeAtMs = startMs + POLL_PERIOD_MS;
    if (startMs > nowMs) {
      await new Promise<void>((resolve) => void this.clock.setTimeout(resolve, startMs - nowMs));
    }
    return await this.rest.quotes(session, keys);
  }
}
