import type { ActivityEntry } from '../../../src/contract/state.ts';

/** The latest of the same entries that followed one another, and how many there were. */
export interface FoldedEntry {
  readonly entry: ActivityEntry;
  readonly count: number;
}

/** Entries, oldest first, with each run of the same text as one: a retry every few seconds is one line. */
export function foldRepeats(entries: readonly ActivityEntry[]): FoldedEntry[] {
  const folded: FoldedEntry[] = [];
  for (const entry of entries) {
    const last = folded.at(-1);
    if (last !== undefined && isSame(last.entry, entry)) folded[folded.length - 1] = { entry, count: last.count + 1 };
    else folded.push({ entry, count: 1 });
  }
  return folded;
}

function isSame(one: ActivityEntry, other: ActivityEntry): boolean {
  return one.text === other.text && one.area === other.area && one.level === other.level;
}
