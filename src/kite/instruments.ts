/**
 * From names to today's tokens. Tokens of derivatives are reused after an expiry, so nothing is ever carried over from an
 * earlier day: each resolution starts from names, the day's dumps and today's date. The dump decides; the calendar's
 * expiry rule only says when the two disagree.
 */

import type { InstrumentRole } from '../contract/state.ts';
import type { MarketCalendar, Underlying } from '../market/calendar.ts';
import { dayWords } from '../market/date-words.ts';
import type { IstDate } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { atOnce, type Stretches, stretchesOf } from '../turn.ts';
import type { KiteInstrument } from './session.ts';
import { underlyingSpecs } from './underlyings.ts';

/** A contract's month as traders write it. */
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** The nearest future that has not expired. */
export interface FrontMonth {
  readonly found: true;
  readonly instrument: KiteInstrument;
  /** Its last trading day. */
  readonly expiry: IstDate;
}

export interface ResolutionError {
  readonly found: false;
  /** `no-contract`: the list has no future of this name. `all-expired`: it has, and all are over: the list is old. */
  readonly code: 'no-contract' | 'all-expired';
  /** One sentence for a person. */
  readonly message: string;
}

/** An instrument of the desk, ready to be subscribed to and shown. */
export interface ResolvedInstrument {
  /** `EXCHANGE:TRADINGSYMBOL`. */
  readonly key: string;
  readonly token: number;
  readonly role: InstrumentRole;
  /** Index it belongs to; a watched instrument's own name. */
  readonly underlying: string;
  /** `NIFTY 50`, `NIFTY NOV FUT`. */
  readonly title: string;
  /** Whose hours it keeps; null outside the calendar. */
  readonly segment: Segment | null;
  readonly expiry: IstDate | null;
  readonly lotSize: number;
  /** Rupees. */
  readonly tickSize: number;
}

export interface ResolutionProblem {
  readonly code:
    | 'missing-dump'
    | 'missing-instrument'
    | 'expired'
    | 'expiry-mismatch'
    | 'documented-token'
    | 'shared-token';
  /** `error`: something asked for is missing. `warning`: look at it. `info`: handled, worth knowing. */
  readonly severity: 'error' | 'warning' | 'info';
  /** Instrument key, or the underlying's name. */
  readonly subject: string;
  /** One sentence for a person. */
  readonly message: string;
}

/** Rows of each exchange's dump, by exchange; one that could not be had is absent. */
export type Dumps = ReadonlyMap<string, readonly KiteInstrument[]>;

export interface DeskQuestion {
  readonly underlyings: readonly Underlying[];
  /** Instrument keys. */
  readonly watchlist: readonly string[];
  readonly dumps: Dumps;
  /** The days of the exchanges' lists that are older than `today`; all others are of today. */
  readonly olderLists?: ReadonlyMap<string, IstDate>;
  /** Tokens by key of what is followed now: a list that is not renewed takes nothing away. */
  readonly followed?: ReadonlyMap<string, number>;
  readonly today: IstDate;
  readonly calendar: Pick<MarketCalendar, 'monthlyExpiry'>;
}

export interface DeskInstruments {
  /** Spot and future of each underlying in the order asked, then the watchlist; no key twice. */
  readonly instruments: readonly ResolvedInstrument[];
  readonly problems: readonly ResolutionProblem[];
}

/** The exchanges whose dumps `resolveDesk` needs. */
export function exchangesOf(underlyings: readonly Underlying[], watchlist: readonly string[]): string[] {
  const own = underlyings.flatMap((name) => [
    underlyingSpecs[name].spot.exchange,
    underlyingSpecs[name].futures.exchange,
  ]);
  const watched = watchlist.map(exchangeOf);
  // A share's hours depend on whether it has derivatives on either exchange.
  const derivatives = watched.some((exchange) => exchange === 'NSE' || exchange === 'BSE') ? ['NFO', 'BFO'] : [];
  return [...new Set<string>([...own, ...watched, ...derivatives])];
}

/** The front-month future of `underlying` on `today` (IST); a contract still counts on the day it expires. */
export function resolveFrontMonth(
  instruments: readonly KiteInstrument[],
  underlying: Underlying,
  today: IstDate,
): FrontMonth | ResolutionError {
  const { exchange, segment } = underlyingSpecs[underlying].futures;
  // The exact name: SENSEX50 and NIFTYNXT50 have futures too.
  const futures = instruments.filter(
    (row) => row.name === underlying && row.exchange === exchange && row.segment === segment && row.type === 'FUT',
  );
  const dated = futures.flatMap((instrument) =>
    instrument.expiry === null ? [] : [{ found: true as const, instrument, expiry: instrument.expiry }],
  );
  const [front] = dated.filter(({ expiry }) => expiry >= today).sort((a, b) => (a.expiry < b.expiry ? -1 : 1));
  if (front !== undefined) return front;
  if (dated.length === 0) {
    return { found: false, code: 'no-contract', message: `Kite's ${exchange} list has no ${underlying} future.` };
  }
  return {
    found: false,
    code: 'all-expired',
    message: `Every ${underlying} future in Kite's ${exchange} list expired before ${dayWords(today)}: the list is old.`,
  };
}

/** Resolves everything the desk is to follow. What is missing is named in `problems`; the others run. */
export function resolveDesk(question: DeskQuestion): DeskInstruments {
  return atOnce(resolving(question));
}

/** The same in stretches. */
export function* resolving(question: DeskQuestion): Stretches<DeskInstruments> {
  const instruments = new Map<string, ResolvedInstrument>();
  const problems: ResolutionProblem[] = [];
  const take = ({ instrument, problems: found }: Resolution): void => {
    if (instrument !== null && !instruments.has(instrument.key)) instruments.set(instrument.key, instrument);
    problems.push(...found);
  };
  for (const underlying of question.underlyings) {
    take(resolveSpot(underlying, question.dumps));
    take(resolveFuture(underlying, question));
  }
  const watched = question.watchlist.filter((key) => !instruments.has(key));
  yield* stretchesOf(new Set(watched), NAMES_AT_A_STRETCH, (key) => take(resolveWatched(key, question)));
  return { instruments: [...instruments.values()], problems };
}

interface Resolution {
  readonly instrument: ResolvedInstrument | null;
  readonly problems: readonly ResolutionProblem[];
}

function resolveSpot(underlying: Underlying, dumps: Dumps): Resolution {
  const { exchange, tradingSymbol, token, hours } = underlyingSpecs[underlying].spot;
  const key = `${exchange}:${tradingSymbol}`;
  const row = dumps.get(exchange)?.find((each) => each.segment === 'INDICES' && each.tradingSymbol === tradingSymbol);
  const instrument: ResolvedInstrument = {
    key,
    token: row?.token ?? token,
    role: 'spot',
    underlying,
    title: tradingSymbol,
    segment: hours,
    expiry: null,
    lotSize: row?.lotSize ?? 0,
    tickSize: row?.tickSize ?? 0,
  };
  if (row !== undefined) return { instrument, problems: [] };
  const message = `${key} is not in Kite's ${exchange} list; its documented token ${token} is used.`;
  return { instrument, problems: [{ code: 'documented-token', severity: 'info', subject: key, message }] };
}

function resolveFuture(underlying: Underlying, { dumps, today, calendar }: DeskQuestion): Resolution {
  const { exchange } = underlyingSpecs[underlying].futures;
  const dump = dumps.get(exchange);
  if (dump === undefined) return missingDump(exchange, underlying);
  const front = resolveFrontMonth(dump, underlying, today);
  if (!front.found) {
    const code = front.code === 'no-contract' ? 'missing-instrument' : 'expired';
    return {
      instrument: null,
      problems: [{ code, severity: 'error', subject: underlying, message: front.message }],
    };
  }
  const expected = expiryByRule(underlying, today, calendar);
  const instrument = resolved(front.instrument, 'future', underlying, front.instrument.hours);
  if (expected === null || expected === front.expiry) return { instrument, problems: [] };
  const message = `${front.instrument.tradingSymbol} expires on ${dayWords(front.expiry)} by Kite's list and on ${dayWords(expected)} by the calendar's rule; the list is followed.`;
  return { instrument, problems: [{ code: 'expiry-mismatch', severity: 'warning', subject: underlying, message }] };
}

/** The first monthly expiry that is not before `today`, by the calendar's rule; null where it has none. */
function expiryByRule(
  underlying: Underlying,
  today: IstDate,
  calendar: Pick<MarketCalendar, 'monthlyExpiry'>,
): IstDate | null {
  const [year = 0, month = 0] = today.split('-').map(Number);
  const thisMonth = calendar.monthlyExpiry(underlying, year, month);
  if (thisMonth === null || thisMonth >= today) return thisMonth;
  return month === 12
    ? calendar.monthlyExpiry(underlying, year + 1, 1)
    : calendar.monthlyExpiry(underlying, year, month + 1);
}

function resolveWatched(key: string, question: DeskQuestion): Resolution {
  const { dumps, today, olderLists, followed } = question;
  const exchange = exchangeOf(key);
  const dump = dumps.get(exchange);
  if (dump === undefined) return missingDump(exchange, key);
  const row = indexOf(dump).byKey.get(key);
  if (row === undefined) {
    const message = `${key} is not in Kite's list of ${dayWords(olderLists?.get(exchange) ?? today)}.`;
    return { instrument: null, problems: [{ code: 'missing-instrument', severity: 'error', subject: key, message }] };
  }
  if (row.expiry !== null && row.expiry < today) {
    const message = `${key} expired on ${dayWords(row.expiry)}.`;
    return { instrument: null, problems: [{ code: 'expired', severity: 'error', subject: key, message }] };
  }
  // A contract keeps its token until it expires, an index for ever; a share's may be another's by now.
  const keepsToken = row.expiry !== null || row.segment === 'INDICES' || followed?.get(key) === row.token;
  if (olderLists?.has(exchange) === true && !keepsToken) return missingDump(exchange, key);
  const name = row.name === '' ? row.tradingSymbol : row.name;
  return { instrument: resolved(row, 'watch', name, hoursWith(row, dumps)), problems: [] };
}

function missingDump(exchange: string, subject: string): Resolution {
  const message = `Kite's ${exchange} list could not be loaded, so ${subject} has no prices yet.`;
  return { instrument: null, problems: [{ code: 'missing-dump', severity: 'error', subject, message }] };
}

function resolved(
  row: KiteInstrument,
  role: InstrumentRole,
  underlying: string,
  segment: Segment | null,
): ResolvedInstrument {
  const { key, token, expiry, lotSize, tickSize } = row;
  return { key, token, role, underlying, title: titleOf(row), segment, expiry, lotSize, tickSize };
}

/** `NIFTY NOV FUT`, `NIFTY 24 NOV 26000 CE`; the trading symbol for what does not expire. */
export function titleOf({ name, tradingSymbol, type, expiry, strike }: KiteInstrument): string {
  if (expiry === null || name === '') return tradingSymbol;
  const month = monthNames[Number(expiry.slice(5, 7)) - 1] ?? '';
  return type === 'FUT' ? `${name} ${month} FUT` : `${name} ${expiry.slice(8)} ${month} ${strike} ${type}`;
}

/** Rows put into an index, and names looked up, at a stretch: a few ms of work. */
const ROWS_AT_A_STRETCH = 5_000;
const NAMES_AT_A_STRETCH = 1_000;

interface DumpIndex {
  readonly byKey: ReadonlyMap<string, KiteInstrument>;
  /** What has futures, by its symbol. */
  readonly withFutures: ReadonlySet<string>;
}

const indexes = new WeakMap<readonly KiteInstrument[], DumpIndex>();

/** Made once for each list, however often it is asked and however long the watchlist is. */
function indexOf(dump: readonly KiteInstrument[]): DumpIndex {
  return indexes.get(dump) ?? atOnce(indexing(dump));
}

/**
 * Gets a list ready for being looked up, in stretches: at once, that is what the first look-up in a list of 60,000 rows
 * would cost.
 */
export function* indexing(dump: readonly KiteInstrument[]): Stretches<DumpIndex> {
  const byKey = new Map<string, KiteInstrument>();
  const withFutures = new Set<string>();
  yield* stretchesOf(dump, ROWS_AT_A_STRETCH, (row) => {
    byKey.set(row.key, row);
    if (row.type === 'FUT') withFutures.add(row.name);
  });
  const index = { byKey, withFutures };
  indexes.set(dump, index);
  return index;
}

/** The row of a list with this key; null when there is none. */
export function rowOf(dump: readonly KiteInstrument[], key: string): KiteInstrument | null {
  return indexOf(dump).byKey.get(key) ?? null;
}

/** Shares with derivatives on either exchange stop for the closing auction; their futures carry the share's symbol as name. */
function hoursWith(row: KiteInstrument, dumps: Dumps): Segment | null {
  const hasFutures = ['NFO', 'BFO'].some((exchange) => {
    const dump = dumps.get(exchange);
    return dump !== undefined && indexOf(dump).withFutures.has(row.tradingSymbol);
  });
  if (!hasFutures) return row.hours;
  switch (row.hours) {
    case 'NSE_CASH_NONCAS':
      return 'NSE_CASH_CAS';
    case 'BSE_CASH_NONCAS':
      return 'BSE_CASH_CAS';
    default:
      return row.hours;
  }
}

function exchangeOf(key: string): string {
  return key.slice(0, key.indexOf(':'));
}
