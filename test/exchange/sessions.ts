import { createHash } from 'node:crypto';
import type { Clock } from '../../src/clock.ts';
import { addDays, instantOf, istDateOf } from '../../src/market/ist.ts';

/** The registered app; `redirectUrl` is where a login ends. */
export interface ExchangeApp {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly redirectUrl: string;
}

/** A user of the simulated broker. */
export interface ExchangeUser {
  readonly userId: string;
  readonly password: string;
  /** Base32. */
  readonly totpSecret: string;
  readonly name: string;
  /** Whether the user may log in to the app; true unless said. */
  readonly enabled?: boolean;
}

/** A logged-in session. */
export interface ExchangeSession {
  readonly accessToken: string;
  readonly user: ExchangeUser;
  readonly mintedAtMs: number;
  readonly expiresAtMs: number;
}

export type TokenExchange =
  | { readonly ok: true; readonly session: ExchangeSession }
  | { readonly ok: false; readonly reason: 'checksum' | 'request-token' };

/** A request token lives a few minutes. */
const REQUEST_TOKEN_MS = 5 * 60_000;
/** When tokens die by the documentation; ends as late as 07:35 have been observed. */
const FLUSH_TIME = '06:00';

/** The flush that ends a token: the first one after it was minted, IST `HH:MM`. */
export function expiryOf(mintedAtMs: number, flushTime = FLUSH_TIME): number {
  const today = istDateOf(mintedAtMs);
  const flush = instantOf(today, flushTime);
  return mintedAtMs < flush ? flush : instantOf(addDays(today, 1), flushTime);
}

/** Request tokens and access tokens, and when each of them dies. */
export class Sessions {
  private readonly clock: Clock;
  private readonly app: ExchangeApp;
  private readonly seed: number;
  private readonly oneAtATime: boolean;
  private readonly flushTime: string;
  private readonly ended: (session: ExchangeSession) => void;
  private readonly requestTokens = new Map<string, { readonly user: ExchangeUser; readonly diesAtMs: number }>();
  private readonly sessions = new Map<string, ExchangeSession>();
  private readonly tokens: string[] = [];
  private serial = 0;

  /** `oneAtATime`: a new session ends the ones before. `ended` hears of each session that is ended before its time. */
  constructor(options: {
    readonly clock: Clock;
    readonly app: ExchangeApp;
    readonly seed: number;
    readonly oneAtATime: boolean;
    readonly flushTime?: string;
    readonly ended: (session: ExchangeSession) => void;
  }) {
    this.clock = options.clock;
    this.app = options.app;
    this.seed = options.seed;
    this.oneAtATime = options.oneAtATime;
    this.flushTime = options.flushTime ?? FLUSH_TIME;
    this.ended = options.ended;
  }

  /** A one-time token for the end of a login. */
  mintRequestToken(user: ExchangeUser): string {
    const now = this.clock.now();
    for (const [token, { diesAtMs }] of this.requestTokens) if (diesAtMs <= now) this.requestTokens.delete(token);
    const token = this.newToken('request');
    this.requestTokens.set(token, { user, diesAtMs: now + REQUEST_TOKEN_MS });
    return token;
  }

  /** Exchanges a request token; `checksum` is SHA-256 of key, token and secret in lower-case hex. */
  exchange(requestToken: string, checksum: string): TokenExchange {
    const { apiKey, apiSecret } = this.app;
    const expected = createHash('sha256').update(`${apiKey}${requestToken}${apiSecret}`).digest('hex');
    if (checksum !== expected) return { ok: false, reason: 'checksum' };
    const granted = this.requestTokens.get(requestToken);
    this.requestTokens.delete(requestToken);
    if (granted === undefined || granted.diesAtMs <= this.clock.now()) return { ok: false, reason: 'request-token' };
    if (this.oneAtATime) this.endAll();
    return { ok: true, session: this.open(granted.user, this.clock.now()) };
  }

  /** A session opened at any time, without a login; the others live on. */
  open(user: ExchangeUser, mintedAtMs: number): ExchangeSession {
    const accessToken = this.newToken('access');
    const session = { accessToken, user, mintedAtMs, expiresAtMs: expiryOf(mintedAtMs, this.flushTime) };
    this.sessions.set(accessToken, session);
    return session;
  }

  /** The live session of a token; null for a dead or unknown one. */
  find(accessToken: string): ExchangeSession | null {
    const session = this.sessions.get(accessToken);
    if (session === undefined) return null;
    if (session.expiresAtMs > this.clock.now()) return session;
    this.sessions.delete(accessToken);
    return null;
  }

  /** Ends one session; false when there was none. */
  end(accessToken: string): boolean {
    const session = this.sessions.get(accessToken);
    if (session === undefined) return false;
    this.sessions.delete(accessToken);
    this.ended(session);
    return true;
  }

  endAll(): void {
    for (const accessToken of [...this.sessions.keys()]) this.end(accessToken);
  }

  /** Every request and access token so far, oldest first. */
  get issued(): readonly string[] {
    return this.tokens;
  }

  private newToken(purpose: string): string {
    const text = `${this.seed}:${purpose}:${this.serial++}:${this.clock.now()}`;
    const token = createHash('sha256').update(text).digest('base64url').replace(/[-_]/g, 'x').slice(0, 32);
    this.tokens.push(token);
    return token;
  }
}
