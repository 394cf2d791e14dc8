/**
 * How one plain value follows from the one before it, in as few bytes as that takes: replaced, changed in some fields, or
 * changed in some rows. For values of JSON: objects, lists, strings, finite numbers, booleans and null.
 */
export type Change = ReplacedValue | ChangedFields | ChangedRows;

interface ReplacedValue {
  readonly to: unknown;
}

/** Of an object that keeps its fields: those that changed. */
interface ChangedFields {
  readonly fields: Readonly<Record<string, Change>>;
}

/** Of a list: first the oldest rows go, then rows change in place, then its end is another. */
interface ChangedRows {
  /** So many rows go from the front. */
  readonly drop?: number;
  /** One change of many rows alike; the rows as stretches: `[skipped, count, skipped, count, …]`. */
  readonly rows?: readonly (readonly [stretches: readonly number[], change: Change])[];
  /** So many rows at `at` are replaced by `added`. */
  readonly splice?: readonly [at: number, removed: number, added: readonly unknown[]];
}

/** A change that does not fit the value it is applied to: it was made for another one. */
export class ChangeError extends Error {
  readonly code = 'change-does-not-fit';
}

/** The change that makes `after` of `before`; null when they are equal. Parts that are the same object are not looked into. */
export function changeBetween(before: unknown, after: unknown): Change | null {
  if (Object.is(before, after)) return null;
  if (Array.isArray(before) && Array.isArray(after)) return changeOfRows(before, after);
  if (isRecord(before) && isRecord(after)) return changeOfFields(before, after);
  return { to: after };
}

/**
 * The value after a change; what the change does not touch stays the same object. Throws a `ChangeError` when the change
 * was made for a value of another form.
 */
export function withChange<T>(value: T, change: Change): T {
  // A change is only ever applied to the value it was made from, so the type stays what it was.
  return applied(value, change) as T;
}

function changeOfFields(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Change | null {
  const names = Object.keys(after);
  if (names.length !== Object.keys(before).length) return { to: after };
  const fields: Record<string, Change> = {};
  let hasChanges = false;
  for (const name of names) {
    if (!Object.hasOwn(before, name)) return { to: after };
    const change = changeBetween(before[name], after[name]);
    if (change === null) continue;
    fields[name] = change;
    hasChanges = true;
  }
  return hasChanges ? { fields } : null;
}

function changeOfRows(before: readonly unknown[], after: readonly unknown[]): Change | null {
  // A list of the newest entries loses as many at its front as come at its end.
  const drop = after.length === 0 ? 0 : Math.max(0, before.indexOf(after[0]));
  const kept = before.length - drop;
  const overlap = Math.min(kept, after.length);
  let from = 0;
  while (from < overlap && isSame(before[drop + from], after[from])) from++;
  let tail = 0;
  while (tail < overlap - from && isSame(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail++;
  const inPlace = overlap - tail;
  const rows = changesInPlace(before, drop, after, from, inPlace);
  const removed = kept - overlap;
  const added = after.slice(inPlace, after.length - tail);
  const hasSplice = removed > 0 || added.length > 0;
  if (drop === 0 && rows.length === 0 && !hasSplice) return null;
  return {
    ...(drop === 0 ? {} : { drop }),
    ...(rows.length === 0 ? {} : { rows }),
    ...(hasSplice ? { splice: [inPlace, removed, added] as const } : {}),
  };
}

function changesInPlace(
  before: readonly unknown[],
  drop: number,
  after: readonly unknown[],
  from: number,
  to: number,
): NonNullable<ChangedRows['rows']> {
  const alike = new Map<string, AlikeRows>();
  let last: AlikeRows | null = null;
  for (let row = from; row < to; row++) {
    const [old, now] = [before[drop + row], after[row]];
    if (isSame(old, now)) continue;
    // Thousands of rows go the same way at once: of most of them that is all there is to find out.
    if (last !== null && isMadeBy(old, now, last.change)) {
      addRow(last, row);
      continue;
    }
    const change = changeBetween(old, now);
    if (change === null) continue;
    const text = JSON.stringify(change);
    const known = alike.get(text) ?? { change, stretches: [], next: 0 };
    alike.set(text, known);
    addRow(known, row);
    last = known;
  }
  return [...alike.values()].map(({ change, stretches }) => [stretches, change] as const);
}

/** Rows with the same change; `next`: the row after the last of them. */
interface AlikeRows {
  readonly change: Change;
  readonly stretches: number[];
  next: number;
}

function addRow(alike: AlikeRows, row: number): void {
  const { stretches } = alike;
  if (row === alike.next && stretches.length > 0) stretches.push((stretches.pop() ?? 0) + 1);
  else stretches.push(row - alike.next, 1);
  alike.next = row + 1;
}

/** Whether a change of some simple fields makes `after` of `before`; false also where that is not so quickly told. */
function isMadeBy(before: unknown, after: unknown, change: Change): boolean {
  if (!('fields' in change) || !isRecord(before) || !isRecord(after)) return false;
  const { fields } = change;
  for (const name in after) {
    const field = fields[name];
    if (
      field === undefined
        ? !Object.hasOwn(before, name) || !isSame(before[name], after[name])
        : !isTo(field, after[name])
    )
      return false;
  }
  for (const name in fields) if (!Object.hasOwn(before, name) || !Object.hasOwn(after, name)) return false;
  return Object.keys(before).length === Object.keys(after).length;
}

function isTo(change: Change, value: unknown): boolean {
  return 'to' in change && isSame(change.to, value);
}

function applied(value: unknown, change: Change): unknown {
  if ('to' in change) return change.to;
  if ('fields' in change) {
    if (!isRecord(value)) throw new ChangeError('fields of something that has none');
    const next: Record<string, unknown> = { ...value };
    for (const [name, each] of Object.entries(change.fields)) {
      if (!Object.hasOwn(value, name)) throw new ChangeError('a field that is not there');
      next[name] = applied(value[name], each);
    }
    return next;
  }
  if (!Array.isArray(value)) throw new ChangeError('rows of something that has none');
  return withRows(value, change);
}

function withRows(value: readonly unknown[], { drop = 0, rows = [], splice }: ChangedRows): readonly unknown[] {
  if (drop > value.length) throw new ChangeError('more rows go than there are');
  const next = value.slice(drop);
  for (const [stretches, change] of rows) {
    let row = 0;
    for (let index = 0; index < stretches.length; index += 2) {
      row += stretches[index] ?? 0;
      const end = row + (stretches[index + 1] ?? 0);
      if (end > next.length) throw new ChangeError('a row that is not there');
      for (; row < end; row++) next[row] = applied(next[row], change);
    }
  }
  if (splice === undefined) return next;
  const [at, removed, added] = splice;
  if (at + removed > next.length) throw new ChangeError('rows go that are not there');
  // Not `splice(…, ...added)`: a list at its limit has more rows than a call may have arguments.
  return [...next.slice(0, at), ...added, ...next.slice(at + removed)];
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
