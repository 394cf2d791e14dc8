import type { IstDate } from '../../../src/market/ist.ts';
import type { Segment } from '../../../src/market/segments.ts';

/** One row of the exchange's instrument list. */
export interface Instrument {
  readonly token: number;
  readonly exchangeToken: number;
  readonly exchange: 'NSE' | 'BSE' | 'NFO' | 'BFO';
  readonly tradingSymbol: string;
  /** Underlying of a derivative, name of an index or company otherwise. */
  readonly name: string;
  readonly expiry: IstDate | null;
  /** Rupees, 0 for what has none. */
  readonly strike: number;
  /** Paise, 0 for an index. */
  readonly tickPaise: number;
  readonly lotSize: number;
  readonly type: 'EQ' | 'FUT' | 'CE' | 'PE';
  readonly segment: 'INDICES' | 'NSE' | 'BSE' | 'NFO-FUT' | 'NFO-OPT' | 'BFO-FUT' | 'BFO-OPT';
  readonly hours: Segment;
  /** The price path it follows: its own for an index or share, the underlying's for a derivative; null for none. */
  readonly path: string | null;
}

/** Low byte of an instrument token. */
export const segmentCodes = { NSE: 1, NFO: 2, BSE: 4, BFO: 5, INDICES: 9 } as const;

/** `exchange_token << 8 | segment`, unsigned. */
export function tokenOf(exchangeToken: number, segment: keyof typeof segmentCodes): number {
  return exchangeToken * 256 + segmentCodes[segment];
}

/** `EXCHANGE:TRADINGSYMBOL`, as quotes are asked for. */
export function keyOf(instrument: Instrument): string {
  return `${instrument.exchange}:${instrument.tradingSymbol}`;
}

function index(
  exchange: 'NSE' | 'BSE',
  exchangeToken: number,
  symbol: string,
  path: string | null = symbol,
): Instrument {
  return {
    token: tokenOf(exchangeToken, 'INDICES'),
    exchangeToken,
    exchange,
    tradingSymbol: symbol,
    name: symbol,
    expiry: null,
    strike: 0,
    tickPaise: 0,
    lotSize: 0,
    type: 'EQ',
    segment: 'INDICES',
    hours: `${exchange}_INDEX`,
    path,
  };
}

function share(
  exchange: 'NSE' | 'BSE',
  exchangeToken: number,
  symbol: string,
  name: string,
  tickPaise: number,
): Instrument {
  return {
    token: tokenOf(exchangeToken, exchange),
    exchangeToken,
    exchange,
    tradingSymbol: symbol,
    name,
    expiry: null,
    strike: 0,
    tickPaise,
    lotSize: 1,
    type: 'EQ',
    segment: exchange,
    hours: `${exchange}_CASH_CAS`,
    path: symbol,
  };
}

/** What is listed every day. The last index has no values; its symbol is there because it contains a colon. */
export const permanentInstruments: readonly Instrument[] = [
  index('NSE', 1001, 'NIFTY 50'),
  index('NSE', 1016, 'NIFTY BANK'),
  index('NSE', 1035, 'INDIA VIX'),
  index('NSE', 1007, 'NIFTY FIN SERVICE'),
  index('NSE', 1058, 'NIFTY NEXT 50'),
  index('BSE', 1, 'SENSEX'),
  index('BSE', 47, 'SENSEX50'),
  index('BSE', 12, 'BANKEX'),
  index('BSE', 71, 'BSE SENSEX SIXTY 65:35', null),
  share('NSE', 2885, 'RELIANCE', 'RELIANCE INDUSTRIES', 10),
  share('NSE', 1333, 'HDFCBANK', 'HDFC BANK', 5),
  share('NSE', 4963, 'ICICIBANK', 'ICICI BANK', 10),
  share('NSE', 1594, 'INFY', 'INFOSYS', 10),
  share('NSE', 11536, 'TCS', 'TATA CONSULTANCY SERV LT', 10),
  share('NSE', 3045, 'SBIN', 'STATE BANK OF INDIA', 5),
  share('NSE', 11483, 'LT', 'LARSEN & TOUBRO', 10),
  share('NSE', 1660, 'ITC', 'ITC', 5),
  share('BSE', 500325, 'RELIANCE', 'RELIANCE INDUSTRIES', 5),
];

/** One day's instrument list with its ways in. */
export interface InstrumentList {
  readonly date: IstDate;
  readonly all: readonly Instrument[];
  byToken(token: number): Instrument | null;
  byKey(key: string): Instrument | null;
}

export function instrumentList(date: IstDate, all: readonly Instrument[]): InstrumentList {
  const tokens = new Map(all.map((instrument) => [instrument.token, instrument]));
  const keys = new Map(all.map((instrument) => [keyOf(instrument), instrument]));
  return { date, all, byToken: (token) => tokens.get(token) ?? null, byKey: (key) => keys.get(key) ?? null };
}
