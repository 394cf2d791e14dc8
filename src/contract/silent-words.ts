/** Names beyond this are counted. */
const MOST_NAMED = 3;

/** One sentence on instruments that send nothing while the others do. */
export function silentWords(names: readonly string[]): string {
  return `The live feed sends no prices of ${listedNames(names)}, while the others come.`;
}

/** `NIFTY 50, SENSEX and 3 more`. */
export function listedNames(names: readonly string[]): string {
  const named = names.length > MOST_NAMED ? names.slice(0, MOST_NAMED - 1) : names;
  const rest = names.length - named.length;
  const parts = rest === 0 ? named : [...named, `${rest} more`];
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
