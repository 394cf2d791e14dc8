import type { InstrumentState } from '../../src/contract/state.ts';

/** An instrument with its slot: what a tick batch calls it. */
export interface Listed extends InstrumentState {
  readonly slot: number;
}

/** One index card: the spot and its front-month future, either of which may not be known yet. */
export interface IndexPair {
  readonly underlying: string;
  readonly spot: Listed | null;
  readonly future: Listed | null;
}

/** The instruments in use, with their slots. */
export function listed(instruments: readonly InstrumentState[]): Listed[] {
  return instruments.map((instrument, slot) => ({ ...instrument, slot })).filter((instrument) => !instrument.retired);
}

/** The cards in the order of `underlyings`. */
export function indexPairs(instruments: readonly Listed[], underlyings: readonly string[]): IndexPair[] {
  return underlyings.map((underlying) => {
    const member = (role: InstrumentState['role']): Listed | null =>
      instruments.find((instrument) => instrument.underlying === underlying && instrument.role === role) ?? null;
    return { underlying, spot: member('spot'), future: member('future') };
  });
}

/** Spot and future of each card from top to bottom: what the keys 1 to 6 and the arrows go through. */
export function cardOrder(pairs: readonly IndexPair[]): (Listed | null)[] {
  return pairs.flatMap((pair) => [pair.spot, pair.future]);
}

/** A line of the watchlist; without an instrument its key is in no list of the day. */
export interface WatchEntry {
  readonly key: string;
  readonly instrument: Listed | null;
}

/** The watchlist in the trader's order, whatever order the desk has got to know the instruments in. */
export function watchEntries(instruments: readonly Listed[], watchlist: readonly string[]): WatchEntry[] {
  const byKey = new Map(instruments.map((instrument) => [instrument.key, instrument]));
  return watchlist.map((key) => ({ key, instrument: byKey.get(key) ?? null }));
}

/** Whose order book to show for a selection: an index has none, so its future's. */
export function bookOwner(instruments: readonly Listed[], selected: Listed): Listed | null {
  if (selected.role !== 'spot') return selected;
  return indexPairs(instruments, [selected.underlying])[0]?.future ?? null;
}
