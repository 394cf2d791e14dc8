import type { ApiCandle } from './candles-api.ts';
import type { PriceKind } from './price.ts';
import type { AuthStateName, FeedCause, FeedSource, FeedStateName } from './states.ts';

/** The local API's answers. Instants are ISO 8601 in IST, prices in rupees, ages in ms; other programs read these. */
export interface Health {
  /** `down`: the feed should run and there is nothing to believe. `degraded`: something needs the trader or is second best. */
  readonly status: 'ok' | 'degraded' | 'down';
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly simulated: boolean;
  readonly clock: { readonly now: string; readonly skewMs: number | null };
  readonly market: {
    readonly day: string;
    readonly reason: string;
    readonly phase: string;
    readonly next: { readonly phase: string; readonly at: string } | null;
  };
  readonly auth: TokenStatus;
  readonly feed: {
    readonly desired: 'on' | 'off';
    readonly source: FeedSource;
    readonly state: FeedStateName;
    readonly cause: FeedCause | null;
    readonly attempt: number;
    readonly since: string;
    readonly frames: number;
    readonly ticks: number;
    readonly reconnects: number;
    readonly lastFrameAgeMs: number | null;
    readonly lastTickAgeMs: number | null;
  };
  readonly instruments: readonly HealthInstrument[];
}

export interface TokenStatus {
  readonly state: AuthStateName;
  readonly userId: string | null;
  readonly expiresAt: string | null;
  readonly checkedAt: string | null;
  readonly reason: string | null;
}

export interface HealthInstrument {
  readonly key: string;
  readonly token: number;
  readonly role: 'spot' | 'future' | 'watch';
  readonly underlying: string;
  /** Null until the first tick. */
  readonly lastPrice: number | null;
  readonly kind: PriceKind;
  /** Since the last tick was received; null until the first. */
  readonly ageMs: number | null;
  /** Received minus exchange time of the last tick; null when Kite sent no time. */
  readonly lagMs: number | null;
  readonly stale: boolean;
}

/** One tick of `WS /ws/market`. */
export interface MarketTick {
  readonly key: string;
  readonly token: number;
  readonly lastPrice: number;
  readonly volume: number;
  readonly oi: number;
  readonly exchangeTime: string | null;
  readonly receivedAt: string;
  readonly kind: PriceKind;
}

export type MarketMessage =
  | ({ readonly type: 'snapshot' } & Health)
  | { readonly type: 'ticks'; readonly ticks: readonly MarketTick[] }
  | { readonly type: 'state'; readonly patch: Partial<Health> }
  | MarketCandle;

/** A closed one-minute candle that came, changed or, with `removed`, is no candle any more. */
export interface MarketCandle extends ApiCandle {
  readonly type: 'candle';
  readonly key: string;
  readonly interval: '1';
  readonly removed?: true;
}
