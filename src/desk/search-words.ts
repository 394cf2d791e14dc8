/** One word of a search, with what it can stand for; `text` is in capitals. */
export type SearchWord =
  | { readonly kind: 'name'; readonly text: string }
  /** A strike, a day, a year, or digits of a symbol. */
  | { readonly kind: 'number'; readonly text: string }
  /** `month` from 0. */
  | { readonly kind: 'month'; readonly text: string; readonly month: number }
  | { readonly kind: 'type'; readonly text: string; readonly types: readonly string[] };

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const longMonths = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
];
const typeWords: ReadonlyMap<string, readonly string[]> = new Map([
  ['CE', ['call']],
  ['CALL', ['call']],
  ['CALLS', ['call']],
  ['PE', ['put']],
  ['PUT', ['put']],
  ['PUTS', ['put']],
  ['FUT', ['future']],
  ['FUTURE', ['future']],
  ['FUTURES', ['future']],
  ['OPT', ['call', 'put']],
  ['OPTION', ['call', 'put']],
  ['OPTIONS', ['call', 'put']],
  ['INDEX', ['index']],
]);

/** More words than anybody types. */
const MOST_WORDS = 8;

/**
 * Takes a search apart: at spaces, and where letters meet digits, so that `nifty26000ce` is three words. `compact`: the
 * whole text as a symbol would be written.
 */
export function parseSearch(text: string): { readonly words: readonly SearchWord[]; readonly compact: string } {
  const capitals = text.toUpperCase();
  const words = capitals.match(/\d+(?:\.\d+)?|[^\d\s]+/g) ?? [];
  return { words: words.slice(0, MOST_WORDS).flatMap(wordOf), compact: capitals.replace(/\s+/g, '') };
}

function wordOf(raw: string): readonly SearchWord[] {
  const text = raw.replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, '');
  if (text === '') return [];
  if (/^\d/.test(text)) return [{ kind: 'number', text: text.replace(/^0+(?=\d)/, '') }];
  const types = typeWords.get(text);
  if (types !== undefined) return [{ kind: 'type', text, types }];
  const month = Math.max(months.indexOf(text), longMonths.indexOf(text));
  return [month < 0 ? { kind: 'name', text } : { kind: 'month', text, month }];
}
