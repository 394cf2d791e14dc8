/** The list with `key` one place further up (-1) or down (1); the same list where there is no such place. */
export function moved(list: readonly string[], key: string, by: -1 | 1): readonly string[] {
  const from = list.indexOf(key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= list.length) return list;
  const rest = list.filter((other) => other !== key);
  return rest.toSpliced(to, 0, key);
}

/** What an undo needs to know of a removal. */
export interface Removal {
  readonly key: string;
  /** Where it stood. */
  readonly index: number;
}

/** The list with what was removed back in its place, or at the end of a list that has become shorter. */
export function restored(list: readonly string[], { key, index }: Removal): readonly string[] {
  return list.includes(key) ? list : list.toSpliced(index, 0, key);
}
