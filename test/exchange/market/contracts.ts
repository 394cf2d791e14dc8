import type { MarketCalendar, Underlying } from '../../../src/market/calendar.ts';
import { addDays, type IstDate } from '../../../src/market/ist.ts';
import { dayNumberOf } from './day-plan.ts';
import { isMonthly, monthlyCode, monthlyExpiries, weeklyCode, weeklyExpiries } from './expiries.ts';
import { type Instrument, tokenOf } from './instruments.ts';

/** A family of derivatives on one index or share. */
interface Family {
  /** The `name` column; exact, because some names begin with another's. */
  readonly name: string;
  readonly path: string;
  readonly exchange: 'NFO' | 'BFO';
  readonly lotSize: number;
  /** Paise. */
  readonly futureTick: number;
  /** Whose expiry rule it follows. */
  readonly expiresWith: Underlying;
  /** Distance between strikes in rupees and weekly expiries listed; null without options. */
  readonly options: { readonly strikeStep: number; readonly weeklies: number } | null;
}

const families: readonly Family[] = [
  family('NIFTY', 'NIFTY 50', 'NFO', 65, 10, 'NIFTY', { strikeStep: 50, weeklies: 2 }),
  family('BANKNIFTY', 'NIFTY BANK', 'NFO', 30, 20, 'BANKNIFTY', { strikeStep: 100, weeklies: 2 }),
  family('FINNIFTY', 'NIFTY FIN SERVICE', 'NFO', 60, 10, 'NIFTY', null),
  family('NIFTYNXT50', 'NIFTY NEXT 50', 'NFO', 25, 20, 'NIFTY', null),
  family('SENSEX', 'SENSEX', 'BFO', 20, 5, 'SENSEX', { strikeStep: 100, weeklies: 2 }),
  family('BANKEX', 'BANKEX', 'BFO', 30, 5, 'SENSEX', null),
  family('SENSEX50', 'SENSEX50', 'BFO', 75, 5, 'SENSEX', null),
  // By them an app knows which shares stop for the closing auction.
  shareFamily('RELIANCE', 500),
  shareFamily('HDFCBANK', 1_100),
  shareFamily('ICICIBANK', 700),
  shareFamily('INFY', 400),
  shareFamily('TCS', 175),
  shareFamily('SBIN', 750),
  shareFamily('LT', 175),
  shareFamily('ITC', 1_600),
];

function shareFamily(symbol: string, lotSize: number): Family {
  return family(symbol, symbol, 'NFO', lotSize, 10, 'NIFTY', null);
}

function family(
  name: string,
  path: string,
  exchange: 'NFO' | 'BFO',
  lotSize: number,
  futureTick: number,
  expiresWith: Underlying,
  options: Family['options'],
): Family {
  return { name, path, exchange, lotSize, futureTick, expiresWith, options };
}

const FUTURES_LISTED = 3;
const OPTION_TICK = 5;
/** Strikes are centred on the underlying's level this long before the expiry, and stay for the contract's life. */
const STRIKES_SET_DAYS = 30;

/** The derivatives listed on `date`: three monthly futures a family, options around the money up to `optionCount`. */
export function contractsOn(
  calendar: MarketCalendar,
  date: IstDate,
  optionCount: number,
  closeOf: (path: string, date: IstDate) => number,
): Instrument[] {
  const contracts: Instrument[] = [];
  families.forEach((own, number) => {
    for (const expiry of monthlyExpiries(calendar, own.expiresWith, date, FUTURES_LISTED)) {
      contracts.push(future(own, number, expiry));
    }
  });
  const chains = families.flatMap((own, number) =>
    optionExpiries(calendar, own, date).map((expiry) => ({ own, number, expiry })),
  );
  const strikes = Math.floor(optionCount / (2 * Math.max(1, chains.length)));
  for (const { own, number, expiry } of chains) {
    const centre = closeOf(own.path, addDays(expiry, -STRIKES_SET_DAYS)) / 100;
    const monthly = isMonthly(calendar, own.expiresWith, expiry);
    contracts.push(...optionChain(own, number, expiry, monthly, centre, strikes));
  }
  return contracts;
}

function future(own: Family, number: number, expiry: IstDate): Instrument {
  const months = Number(expiry.slice(0, 4)) * 12 + Number(expiry.slice(5, 7));
  const exchangeToken = 30_000 + (months % 512) * 64 + number;
  return {
    ...derivative(own, expiry, exchangeToken),
    tradingSymbol: `${own.name}${monthlyCode(expiry)}FUT`,
    strike: 0,
    tickPaise: own.futureTick,
    type: 'FUT',
    segment: `${own.exchange}-FUT`,
    hours: `${own.exchange}_FUT`,
  };
}

function optionExpiries(calendar: MarketCalendar, own: Family, date: IstDate): IstDate[] {
  if (own.options === null) return [];
  const monthly = monthlyExpiries(calendar, own.expiresWith, date, 1);
  const weekly = weeklyExpiries(calendar, own.expiresWith, date, own.options.weeklies);
  return [...new Set([...weekly, ...monthly])].sort();
}

function optionChain(
  own: Family,
  number: number,
  expiry: IstDate,
  monthly: boolean,
  centre: number,
  strikes: number,
): Instrument[] {
  const step = own.options?.strikeStep ?? 100;
  const lowest = Math.round(centre / step) - Math.floor(strikes / 2);
  const code = monthly ? monthlyCode(expiry) : weeklyCode(expiry);
  // One range of exchange tokens a week and family, two tokens a strike.
  const range = 0x10_0000 + ((Math.floor(dayNumberOf(expiry) / 7) % 128) * 8 + number) * 4096;
  return Array.from({ length: strikes }, (_, n) => lowest + n).flatMap((strikeNumber) =>
    (['CE', 'PE'] as const).map((type, side) => ({
      ...derivative(own, expiry, range + (strikeNumber % 2048) * 2 + side),
      tradingSymbol: `${own.name}${code}${strikeNumber * step}${type}`,
      strike: strikeNumber * step,
      tickPaise: OPTION_TICK,
      type,
      segment: `${own.exchange}-OPT` as const,
      hours: `${own.exchange}_OPT` as const,
    })),
  );
}

function derivative(own: Family, expiry: IstDate, exchangeToken: number) {
  return {
    token: tokenOf(exchangeToken, own.exchange),
    exchangeToken,
    exchange: own.exchange,
    name: own.name,
    expiry,
    lotSize: own.lotSize,
    path: own.path,
  };
}
