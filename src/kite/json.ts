/** Kite's deepest answer, a quote's order book, has six levels. */
const DEEPEST = 32;
/** More values than any answer of Kite's has: 60 days of minute candles have under 200,000. */
const MOST_VALUES = 500_000;
/** Shorter texts are read in no time, whatever they hold. */
const UNCHECKED_LENGTH = 16 * 1024;

/** More keys than any answer of Kite's has: 500 quotes with their order books have some 30,000. */
const MOST_KEYS = 100_000;

/**
 * `text` as JSON, `undefined` when it is none: for input that a schema checks next. Text that is nested or divided so far
 * that reading it would hold up the desk counts as none, and so does one with more keys than `mostKeys`: each costs ten
 * times a value. Finding that out costs about a ms a megabyte.
 */
export function parseJson(text: string, mostKeys = MOST_KEYS): unknown {
  if (text.length > UNCHECKED_LENGTH && isAbsurd(text, mostKeys)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAbsurd(text: string, mostKeys: number): boolean {
  let depth = 0;
  let values = 0;
  let keys = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > DEEPEST) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x2c: // ,
        if (++values > MOST_VALUES) return true;
        break;
      case 0x3a: // :
        if (endsString(text, at) && ++keys > mostKeys) return true;
    }
  }
  return false;
}

/** Whether the character before, white space aside, is a quotation mark: a colon within a time has a digit there. */
function endsString(text: string, colonAt: number): boolean {
  let at = colonAt - 1;
  while (at >= 0 && text.charCodeAt(at) <= 0x20) at--;
  return text.charCodeAt(at) === 0x22;
}
