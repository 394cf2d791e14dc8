/** What `nameScore` answers for no match at all. */
export const NO_MATCH = Number.NEGATIVE_INFINITY;

const WHOLE = 100;
const WHOLE_WORD = 75;
const BEGINS = 70;
const WORD_BEGINS = 50;
const INSIDE = 25;
const INITIALS = 22;
const SLIP = 12;
const SCATTERED = 5;
/** A long name of which little was typed is the less likely one; points a letter left over, down to as many. */
const REST_COST = 0.5;
const MOST_REST_COST = 15;
/** Shorter words are too like each other for a slip of the finger to be told from another word. */
const SHORTEST_WITH_SLIP = 4;
const SHORTEST_INSIDE = 2;

/**
 * How well `word` fits `name` (both in capitals), 0 to 100: the whole name, its beginning, the beginning of one of its
 * words, somewhere inside, initials, with one slip (a wrong, missing, extra or swapped letter), or its letters in order.
 */
export function nameScore(name: string, word: string): number {
  if (name === word) return WHOLE;
  const restCost = Math.min(MOST_REST_COST, Math.max(0, name.length - word.length) * REST_COST);
  const at = name.indexOf(word);
  if (at === 0) return name[word.length] === ' ' ? WHOLE_WORD - restCost / 2 : BEGINS - restCost;
  if (at > 0) {
    if (name.includes(` ${word}`)) return WORD_BEGINS - restCost;
    return word.length < SHORTEST_INSIDE ? NO_MATCH : INSIDE - restCost;
  }
  if (hasInitials(name, word)) return INITIALS - restCost / 2;
  if (word.length < SHORTEST_WITH_SLIP) return NO_MATCH;
  if (beginsWithSlip(name, word)) return SLIP - restCost / 2;
  return name[0] === word[0] && isScattered(name, word) ? SCATTERED - restCost : NO_MATCH;
}

/** `TCS` for TATA CONSULTANCY SERV. */
function hasInitials(name: string, word: string): boolean {
  if (word.length < 2) return false;
  let from = 0;
  for (const letter of word) {
    if (from < 0 || name[from] !== letter) return false;
    const space = name.indexOf(' ', from);
    from = space < 0 ? -1 : space + 1;
  }
  return true;
}

/** Whether the word is the beginning of the name but for one letter wrong, missing, extra, or changed with the next. */
function beginsWithSlip(name: string, word: string): boolean {
  let at = 0;
  while (at < word.length && word[at] === name[at]) at++;
  if (at === 0) return false;
  const rest = word.slice(at + 1);
  return (
    name.startsWith(rest, at + 1) ||
    name.startsWith(rest, at) ||
    name.startsWith(word.slice(at), at + 1) ||
    (word[at] === name[at + 1] && word[at + 1] === name[at] && name.startsWith(word.slice(at + 2), at + 2))
  );
}

function isScattered(name: string, word: string): boolean {
  let at = 0;
  for (const letter of word) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
