import { isIstDate } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { plainText, withoutControls } from '../text.ts';
import { atOnce, byTurns, type Stretches } from '../turn.ts';
import { parseCsv } from './csv.ts';
import type { KiteInstrument } from './session.ts';

/** The columns the app reads of https://api.kite.trade/instruments, found by name: their order is not promised. */
const columnNames = [
  'instrument_token',
  'tradingsymbol',
  'name',
  'expiry',
  'strike',
  'tick_size',
  'lot_size',
  'instrument_type',
  'segment',
  'exchange',
] as const;
type ColumnName = (typeof columnNames)[number];

export interface InstrumentDump {
  readonly instruments: readonly KiteInstrument[];
  /** Rows that are not an instrument: left out. */
  readonly badRows: number;
  /** The first of them, as far as it can be read; absent when there is none. */
  readonly firstBadRow?: string;
}

const NO_DUMP: InstrumentDump = { instruments: [], badRows: 0 };

/** Rows read at a stretch: a few ms of work. */
const ROWS_AT_A_STRETCH = 2_000;
/** As much of a bad row as a log line needs; characters. */
const LONGEST_EXCERPT = 60;

/** Reads an instrument dump; without its header, or with its end missing, there are no instruments. */
export function parseInstrumentDump(csv: string): InstrumentDump {
  return atOnce(stretches(csv));
}

/** The same in short stretches, between which the event loop turns: a list of 60,000 rows holds up no tick. */
export function readInstrumentDump(csv: string): Promise<InstrumentDump> {
  return byTurns(stretches(csv));
}

function* stretches(csv: string): Stretches<InstrumentDump> {
  const rows = parseCsv(csv);
  const header = rows.next().value;
  const columns = header === undefined ? null : columnsOf(header);
  if (columns === null) return NO_DUMP;
  const instruments: KiteInstrument[] = [];
  const isExpiry = remembered(isIstDate);
  let badRows = 0;
  let firstBadRow: string | undefined;
  let last: KiteInstrument | null = null;
  for (const row of rows) {
    const instrument = instrumentOf(row, columns, isExpiry);
    last = instrument;
    if (instrument === null) {
      badRows++;
      firstBadRow ??= plainText(row.join(','), LONGEST_EXCERPT);
    } else instruments.push(instrument);
    if ((instruments.length + badRows) % ROWS_AT_A_STRETCH === 0) yield;
  }
  const isWhole = csv.endsWith('\n') || isWholeRow(last, instruments[0], header);
  if (!isWhole) return NO_DUMP;
  return { instruments, badRows, ...(firstBadRow === undefined ? {} : { firstBadRow }) };
}

/**
 * Whether a last row without a line break is all there: Kite's lists end with one, and one that broke off would take
 * away whatever stood in the rest. Only a last column whose text an earlier row gives shows that nothing is missing.
 */
function isWholeRow(
  last: KiteInstrument | null,
  first: KiteInstrument | undefined,
  header: readonly string[] | undefined,
): boolean {
  return header?.at(-1) === 'exchange' && last !== null && last !== first && last.exchange === first?.exchange;
}

type Columns = Readonly<Record<ColumnName, number>>;

function columnsOf(header: readonly string[]): Columns | null {
  const positions = columnNames.map((name) => [name, header.indexOf(name)] as const);
  return positions.some(([, position]) => position < 0) ? null : (Object.fromEntries(positions) as Columns);
}

/** Longer ones are not Kite's; characters. The longest name in a real list has 40. */
const LONGEST_SYMBOL = 100;
const LONGEST_NAME = 200;

/** By hand rather than by schema: a day's dumps are some 60,000 rows, read on the main thread while the feed runs. */
function instrumentOf(
  row: readonly string[],
  columns: Columns,
  isExpiry: (text: string) => boolean,
): KiteInstrument | null {
  const text = (name: ColumnName): string => withoutControls(row[columns[name]] ?? '');
  const token = positiveInteger(text('instrument_token'));
  const tradingSymbol = text('tradingsymbol');
  const exchange = text('exchange');
  const segment = text('segment');
  const expiry = text('expiry');
  const strike = amount(text('strike'));
  const tickSize = amount(text('tick_size'));
  const lotSize = amount(text('lot_size'));
  if (token === null || tradingSymbol === '' || exchange === '' || segment === '') return null;
  if (Math.max(tradingSymbol.length, exchange.length, segment.length) > LONGEST_SYMBOL) return null;
  if (strike === null || tickSize === null || lotSize === null || (expiry !== '' && !isExpiry(expiry))) return null;
  return {
    key: `${exchange}:${tradingSymbol}`,
    token,
    exchange,
    tradingSymbol,
    name: text('name').slice(0, LONGEST_NAME),
    expiry: expiry === '' ? null : expiry,
    strike,
    tickSize,
    lotSize,
    type: text('instrument_type').slice(0, LONGEST_SYMBOL),
    segment,
    hours: hoursOf(exchange, segment),
  };
}

/** Tens of thousands of contracts share some thirty expiries, and checking a date costs more than the rest of a row. */
function remembered(check: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    const held = known.get(text) ?? check(text);
    known.set(text, held);
    return held;
  };
}

function positiveInteger(text: string): number | null {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 && value <= 0xffff_ffff ? value : null;
}

/** Empty means 0 here; anything else must be a number that is not negative. */
function amount(text: string): number | null {
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

/**
 * The hours a row's instrument keeps; null outside NSE and BSE. A share counts as one without derivatives: only the
 * derivatives' own dumps tell the others (`resolveDesk`).
 */
function hoursOf(exchange: string, segment: string): Segment | null {
  switch (segment) {
    case 'INDICES':
      return exchange === 'NSE' ? 'NSE_INDEX' : exchange === 'BSE' ? 'BSE_INDEX' : null;
    case 'NFO-FUT':
      return 'NFO_FUT';
    case 'NFO-OPT':
      return 'NFO_OPT';
    case 'BFO-FUT':
      return 'BFO_FUT';
    case 'BFO-OPT':
      return 'BFO_OPT';
    case 'NSE':
      return 'NSE_CASH_NONCAS';
    case 'BSE':
      return 'BSE_CASH_NONCAS';
    default:
      return null;
  }
}
