import type { Segment } from '../market/segments.ts';

/** What identifies this app to Kite; the secret signs the exchange of a request token. */
export interface ApiCredentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** What signs a request. */
export interface SessionCredentials {
  readonly apiKey: string;
  readonly accessToken: string;
}

/** The result of a login, as far as the app keeps it. */
export interface KiteSession {
  readonly userId: string;
  readonly userName: string;
  readonly accessToken: string;
  /** When Kite says the login happened, ms since the epoch (Kite sends IST text without a zone). */
  readonly loginAtMs: number;
}

/** The answer of `GET /user/profile`, as far as the app uses it. */
export interface KiteProfile {
  readonly userId: string;
  readonly userName: string;
}

/** One row of Kite's instrument dump. `key` is what the app keys by: tokens are reused after an expiry. */
export interface KiteInstrument {
  /** `EXCHANGE:TRADINGSYMBOL`, as in `/quote?i=`. */
  readonly key: string;
  readonly token: number;
  readonly exchange: string;
  readonly tradingSymbol: string;
  /** Underlying for derivatives, company or index name otherwise. */
  readonly name: string;
  /** IST date, null for what does not expire. */
  readonly expiry: string | null;
  /** Rupees; 0 for what has none. */
  readonly strike: number;
  /** Rupees. */
  readonly tickSize: number;
  readonly lotSize: number;
  /** `EQ`, `FUT`, `CE`, `PE`. */
  readonly type: string;
  /** Kite's segment column: `INDICES`, `NSE`, `BSE`, `NFO-FUT`, `NFO-OPT`, `BFO-FUT`… */
  readonly segment: string;
  /** Which hours it keeps; null outside the exchanges the calendar covers. */
  readonly hours: Segment | null;
}

/** One level of the order book. */
export interface DepthLevel {
  readonly quantity: number;
  /** Rupees. */
  readonly price: number;
  readonly orders: number;
}

/** One instrument's answer from `GET /quote`; what Kite left out is null. Prices in rupees, times in ms since the epoch. */
export interface KiteQuote {
  readonly key: string;
  readonly token: number;
  readonly lastPrice: number;
  readonly lastQuantity: number | null;
  readonly averagePrice: number | null;
  readonly volume: number | null;
  readonly buyQuantity: number | null;
  readonly sellQuantity: number | null;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  /** The previous session's close. */
  readonly close: number;
  readonly openInterest: number | null;
  readonly exchangeTimeMs: number | null;
  readonly lastTradeTimeMs: number | null;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
}

/** One historical candle: opening time in ms since the epoch, prices in rupees. */
export interface KiteCandle {
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly openInterest: number | null;
}

export type CandleInterval = 'minute' | '3minute' | '5minute' | '15minute' | '30minute' | '60minute' | 'day';

/** The REST calls the app makes; every failure is a `KiteError`. The quote quota of 1 request a second is the caller's. */
export interface KiteRest {
  /** Exchanges a one-time request token for a session (checksum of key, request token and secret). */
  createSession(credentials: ApiCredentials, requestToken: string): Promise<KiteSession>;
  /** Ends the session at Kite. */
  endSession(session: SessionCredentials): Promise<void>;
  profile(session: SessionCredentials): Promise<KiteProfile>;
  /** Up to 500 keys; keys Kite does not know are absent from the answer. */
  quotes(session: SessionCredentials, keys: readonly string[]): Promise<ReadonlyMap<string, KiteQuote>>;
  /** The instrument dump of one exchange (`NSE`, `BSE`, `NFO`, `BFO`); needs no session. */
  instruments(exchange: string): Promise<readonly KiteInstrument[]>;
  /** Candles with `fromMs <= start <= toMs`. */
  candles(
    session: SessionCredentials,
    request: {
      readonly token: number;
      readonly interval: CandleInterval;
      readonly fromMs: number;
      readonly toMs: number;
      readonly openInterest: boolean;
      /** Called, before the answer is given, with the starts of rows that are no candles; null: the time neither. */
      readonly onRefused?: (starts: readonly (number | null)[]) => void;
    },
  ): Promise<readonly KiteCandle[]>;
}
