/**
 * The watchlist's search over the day's instrument dumps: words in any order, by name, symbol, strike, expiry and kind,
 * ranked, with small slips forgiven. Made once a day for some 100,000 rows, so that a keystroke costs a few milliseconds.
 */
import { titleOf } from '../kite/instruments.ts';
import type { KiteInstrument } from '../kite/session.ts';
import { atOnce, type Stretches, stretchesOf } from '../turn.ts';
import { NO_MATCH, nameScore } from './name-match.ts';
import { parseSearch, type SearchWord } from './search-words.ts';

/** An instrument found, as the command answers. */
export interface FoundInstrument {
  readonly key: string;
  readonly title: string;
  readonly expiry: string | null;
  /** An option of another expiry than its month's last; absent otherwise. */
  readonly weekly?: true;
}

const types = ['index', 'share', 'future', 'call', 'put', 'other'] as const;
type InstrumentType = (typeof types)[number];

/** With equal matches: index and share before their futures, and options last. */
const typeScore: Readonly<Record<InstrumentType, number>> = {
  index: 30,
  share: 14,
  future: 12,
  other: 4,
  call: 0,
  put: 0,
};

/** A word that says what is wanted exactly. */
const EXACT = 100;
const STRIKE_BEGINS = 40;
const IN_SYMBOL = 15;
/** A later expiry is the less likely one to be meant; in points a month, down to as many. */
const MONTH_COST = 1.5;
const MOST_MONTHS_COST = 18;
const SYMBOL_BEGINS = 70;
const NO_EXPIRY = 0;
/** An exchange before a symbol, as Kite writes keys. */
const EXCHANGE_BEFORE = /^\s*([A-Z]{3})\s*:\s*/;
/** The symbol of a month's option goes on after its name with year and month; a week's has digits or one letter there. */
const MONTHLY = /^\d{2}[A-Z]{3}/;
/** What traders call the indices whose contracts have another name than they have. */
const INDEX_NAMES: ReadonlyMap<string, string> = new Map([
  ['NSE:NIFTY 50', 'NIFTY'],
  ['NSE:NIFTY BANK', 'BANKNIFTY'],
  ['NSE:NIFTY FIN SERVICE', 'FINNIFTY'],
  ['NSE:NIFTY MID SELECT', 'MIDCPNIFTY'],
  ['NSE:NIFTY NEXT 50', 'NIFTYNXT50'],
]);
/** `NIFTY26N…`: letters and digits as no name has them. */
const CONTRACT_BEGINNING = /^[A-Z&-]+\d{2}/;

/** Rows of one underlying or company, one after the other in the index. */
interface Group {
  readonly name: string;
  /** The symbols of those that are not derivatives: as good as a name. */
  readonly symbols: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** A word, and how well each strike answers it. */
interface Term {
  readonly word: SearchWord;
  readonly strikeScores: readonly number[];
}

interface Query {
  readonly terms: readonly Term[];
  /** The whole text as a symbol would be written, and whether it is the beginning of one. */
  readonly compact: string;
  readonly beginsContract: boolean;
  /** Null: any. */
  readonly exchange: string | null;
}

/** Rows read, or looked at, at a stretch: a few ms of work. */
const ROWS_AT_A_STRETCH = 2_000;
/** Most groups are a share of one row, and comparing its name is the work. */
const GROUPS_AT_A_STRETCH = 1_000;

/** By row, for comparisons without a look at the row itself. */
interface SearchColumns {
  readonly rows: readonly KiteInstrument[];
  readonly groups: readonly Group[];
  /** The strikes there are, as text; a few thousand for all rows together. */
  readonly strikes: readonly string[];
  /** Index into `strikes`, index into `types`. */
  readonly strike: Uint32Array;
  readonly type: Uint8Array;
  /** Months since the year 0, and the day of the month; 0 for what does not expire. */
  readonly month: Uint16Array;
  readonly day: Uint8Array;
  readonly nearestMonth: number;
}

export class InstrumentSearch {
  private readonly rows: readonly KiteInstrument[];
  private readonly groups: readonly Group[];
  private readonly strikes: readonly string[];
  private readonly strike: Uint32Array;
  private readonly type: Uint8Array;
  private readonly month: Uint16Array;
  private readonly day: Uint8Array;
  private readonly nearestMonth: number;

  /** `columns`: of lists that were read in stretches. */
  constructor(lists: Iterable<readonly KiteInstrument[]>, columns: SearchColumns = atOnce(readColumns(lists))) {
    this.rows = columns.rows;
    this.groups = columns.groups;
    this.strikes = columns.strikes;
    this.strike = columns.strike;
    this.type = columns.type;
    this.month = columns.month;
    this.day = columns.day;
    this.nearestMonth = columns.nearestMonth;
  }

  /** The same in stretches: all lists together are some 100,000 rows. */
  static *stretches(lists: readonly (readonly KiteInstrument[])[]): Stretches<InstrumentSearch> {
    const columns = yield* readColumns(lists);
    return new InstrumentSearch(lists, columns);
  }

  /**
   * The best matches of `text`, best first; none for a text without a word. A symbol as Kite writes it, with or without
   * its exchange, is first; then what the words mean, then what the text is the beginning of.
   */
  find(text: string, limit: number): readonly FoundInstrument[] {
    return atOnce(this.finding(text, limit));
  }

  /** The same in stretches. */
  *finding(text: string, limit: number): Stretches<readonly FoundInstrument[]> {
    const capitals = text.toUpperCase();
    const exchange = EXCHANGE_BEFORE.exec(capitals)?.[1] ?? null;
    const symbol = capitals.replace(EXCHANGE_BEFORE, '').trim();
    const { words, compact } = parseSearch(symbol);
    if (words.length === 0) return [];
    const terms = words.map((word) => this.termOf(word));
    const query: Query = { terms, compact, beginsContract: CONTRACT_BEGINNING.test(compact), exchange };
    const isBefore = (a: number, b: number): boolean => this.before(a, b);
    const [best, beginnings] = [new Best(limit, isBefore), new Best(limit, isBefore)];
    for (const [number, group] of this.groups.entries()) {
      if (number % GROUPS_AT_A_STRETCH === GROUPS_AT_A_STRETCH - 1) yield;
      yield* this.findIn(group, query, best);
    }
    yield;
    const exact: number[] = [];
    for (let row = 0; row < this.rows.length; row++) {
      if (row % ROWS_AT_A_STRETCH === ROWS_AT_A_STRETCH - 1) yield;
      const own = this.rows[row];
      if (own === undefined || (exchange !== null && own.exchange !== exchange)) continue;
      if (isSymbol(own.tradingSymbol, symbol, compact)) exact.push(row);
      else if (query.beginsContract && own.tradingSymbol.startsWith(compact)) beginnings.offer(row, 0);
    }
    exact.sort((a, b) => (isBefore(a, b) ? -1 : 1));
    const found = new Set([...exact, ...best.rows, ...beginnings.rows]);
    return [...found].slice(0, limit).map((row) => this.found(row));
  }

  private termOf(word: SearchWord): Term {
    if (word.kind !== 'number') return { word, strikeScores: [] };
    return { word, strikeScores: this.strikes.map((strike) => strikeScore(strike, word.text)) };
  }

  private *findIn(group: Group, query: Query, best: Best): Stretches<void> {
    const { terms } = query;
    const scores = terms.map(({ word }) => groupScore(group, word.text));
    // A word that only a name can answer rules the whole group out.
    if (terms.some(({ word }, index) => word.kind === 'name' && scores[index] === NO_MATCH)) return;
    for (let row = group.from; row < group.to; row++) {
      // By the row's number, not the group's: many small groups are a stretch too.
      if (row % ROWS_AT_A_STRETCH === ROWS_AT_A_STRETCH - 1) yield;
      if (query.exchange !== null && this.rows[row]?.exchange !== query.exchange) continue;
      let score = this.standing(row);
      for (let index = 0; index < terms.length && score !== NO_MATCH; index++) {
        const points = Math.max(scores[index] ?? NO_MATCH, this.rowScore(row, terms[index] as Term));
        score = points === NO_MATCH ? NO_MATCH : score + points;
      }
      if (score === NO_MATCH) continue;
      best.offer(row, score + this.symbolScore(row, query));
    }
  }

  private rowScore(row: number, { word, strikeScores }: Term): number {
    switch (word.kind) {
      case 'name':
        return NO_MATCH;
      case 'type':
        return word.types.includes(types[this.type[row] ?? 0] ?? 'other') ? EXACT : NO_MATCH;
      case 'month':
        return (this.month[row] ?? 0) !== NO_EXPIRY && ((this.month[row] ?? 0) - 1) % 12 === word.month
          ? EXACT
          : NO_MATCH;
      case 'number':
        return this.numberScore(row, word.text, strikeScores[this.strike[row] ?? 0] ?? NO_MATCH);
    }
  }

  /** A number is a strike before all, then a day or a year of the expiry; in what does not expire, part of its symbol. */
  private numberScore(row: number, text: string, strikePoints: number): number {
    if (strikePoints !== NO_MATCH) return strikePoints;
    const month = this.month[row] ?? 0;
    if (month === NO_EXPIRY) return this.rows[row]?.tradingSymbol.includes(text) === true ? IN_SYMBOL : NO_MATCH;
    const number = Number(text);
    const year = Math.floor((month - 1) / 12);
    return number === this.day[row] || number === year || number === year % 100 ? STRIKE_BEGINS : NO_MATCH;
  }

  private symbolScore(row: number, { compact, beginsContract }: Query): number {
    const symbol = this.rows[row]?.tradingSymbol ?? '';
    return beginsContract && symbol.startsWith(compact) ? SYMBOL_BEGINS : 0;
  }

  /** What a row is worth before any word: kinds differ, and near expiries are meant more often than far ones. */
  private standing(row: number): number {
    const month = this.month[row] ?? NO_EXPIRY;
    const away = month === NO_EXPIRY ? 0 : (month - this.nearestMonth) * MONTH_COST;
    return typeScore[types[this.type[row] ?? 0] ?? 'other'] - Math.min(away, MOST_MONTHS_COST);
  }

  /** With equal scores: the nearer expiry, the lower strike, the NSE, then by key. */
  private before(a: number, b: number): boolean {
    const [left, right] = [this.rows[a], this.rows[b]];
    if (left === undefined || right === undefined) return false;
    const [leftExpiry, rightExpiry] = [left.expiry ?? '', right.expiry ?? ''];
    if (leftExpiry !== rightExpiry) return leftExpiry < rightExpiry;
    if (left.strike !== right.strike) return left.strike < right.strike;
    // The same share is dealt on both exchanges, and far more on the NSE.
    if (isOfBse(left) !== isOfBse(right)) return isOfBse(right);
    return left.key < right.key;
  }

  private found(row: number): FoundInstrument {
    const instrument = this.rows[row] as KiteInstrument;
    const { key, expiry } = instrument;
    return { key, title: titleOf(instrument), expiry, ...(isWeekly(instrument) ? { weekly: true } : {}) };
  }
}

/** Whether a symbol is what was written: as Kite has it, or without the spaces of either. */
function isSymbol(symbol: string, written: string, compact: string): boolean {
  if (symbol === written || symbol === compact) return true;
  if (symbol.length < compact.length || symbol.length > written.length + 8) return false;
  const capitals = symbol.toUpperCase();
  return capitals === written || capitals.replaceAll(' ', '') === compact;
}

function isWeekly({ name, tradingSymbol, type }: KiteInstrument): boolean {
  return (type === 'CE' || type === 'PE') && !MONTHLY.test(tradingSymbol.slice(name.length));
}

function isOfBse({ exchange }: KiteInstrument): boolean {
  return exchange === 'BSE' || exchange === 'BFO';
}

function strikeScore(strike: string, text: string): number {
  if (strike === text) return EXACT;
  return text.length >= 2 && strike.startsWith(text) ? STRIKE_BEGINS : NO_MATCH;
}

function groupScore(group: Group, text: string): number {
  let score = nameScore(group.name, text);
  for (const symbol of group.symbols) score = Math.max(score, nameScore(symbol, text));
  return score;
}

/** The rows in the order of their names, so that a group is a stretch of them, and what is told of each. */
function* readColumns(lists: Iterable<readonly KiteInstrument[]>): Stretches<SearchColumns> {
  const byName = new Map<string, KiteInstrument[]>();
  for (const list of lists) {
    yield* stretchesOf(list, ROWS_AT_A_STRETCH, (row) => {
      const name = (row.name === '' ? row.tradingSymbol : row.name).toUpperCase();
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [row]);
      else known.push(row);
    });
    yield;
  }
  const { rows, groups } = yield* grouped(byName);
  const strikes = new Map<number, number>();
  const columns = {
    strike: new Uint32Array(rows.length),
    type: new Uint8Array(rows.length),
    month: new Uint16Array(rows.length),
    day: new Uint8Array(rows.length),
  };
  let nearestMonth = 0xffff;
  let at = 0;
  yield* stretchesOf(rows, ROWS_AT_A_STRETCH, (row) => {
    const month = monthOf(row.expiry);
    columns.strike[at] = indexIn(strikes, row.strike);
    columns.type[at] = types.indexOf(typeOf(row));
    columns.month[at] = month;
    columns.day[at] = row.expiry === null ? 0 : Number(row.expiry.slice(8));
    if (month !== NO_EXPIRY && month < nearestMonth) nearestMonth = month;
    at++;
  });
  const strikeTexts = [...strikes.keys()].map((strike) => (strike > 0 ? String(strike) : ''));
  return { rows, groups, strikes: strikeTexts, ...columns, nearestMonth };
}

function* grouped(
  byName: ReadonlyMap<string, readonly KiteInstrument[]>,
): Stretches<Pick<SearchColumns, 'rows' | 'groups'>> {
  const rows: KiteInstrument[] = [];
  const groups: Group[] = [];
  for (const [name, members] of byName) {
    const from = rows.length;
    const symbols: string[] = [];
    for (const member of members) {
      if (rows.length % ROWS_AT_A_STRETCH === ROWS_AT_A_STRETCH - 1) yield;
      rows.push(member);
      if (member.expiry !== null) continue;
      symbols.push(member.tradingSymbol, INDEX_NAMES.get(member.key) ?? member.tradingSymbol);
    }
    groups.push({ name, symbols: [...new Set(symbols)].filter((symbol) => symbol !== name), from, to: rows.length });
  }
  return { rows, groups };
}

function typeOf({ type, segment }: KiteInstrument): InstrumentType {
  if (segment === 'INDICES') return 'index';
  switch (type) {
    case 'EQ':
      return 'share';
    case 'FUT':
      return 'future';
    case 'CE':
      return 'call';
    case 'PE':
      return 'put';
    default:
      return 'other';
  }
}

function indexIn(indices: Map<number, number>, value: number): number {
  const index = indices.get(value) ?? indices.size;
  indices.set(value, index);
  return index;
}

function monthOf(expiry: string | null): number {
  return expiry === null ? NO_EXPIRY : Number(expiry.slice(0, 4)) * 12 + Number(expiry.slice(5, 7));
}

/** The best few of many, kept in order. */
class Best {
  private readonly limit: number;
  private readonly isBefore: (a: number, b: number) => boolean;
  readonly rows: number[] = [];
  private readonly scores: number[] = [];

  constructor(limit: number, isBefore: (a: number, b: number) => boolean) {
    this.limit = limit;
    this.isBefore = isBefore;
  }

  offer(row: number, score: number): void {
    if (this.rows.length === this.limit && !this.beats(row, score, this.limit - 1)) return;
    let at = this.rows.length;
    while (at > 0 && this.beats(row, score, at - 1)) at--;
    this.rows.splice(at, 0, row);
    this.scores.splice(at, 0, score);
    this.rows.length = Math.min(this.rows.length, this.limit);
    this.scores.length = this.rows.length;
  }

  private beats(row: number, score: number, at: number): boolean {
    const other = this.scores[at] ?? NO_MATCH;
    return score > other || (score === other && this.isBefore(row, this.rows[at] ?? row));
  }
}
