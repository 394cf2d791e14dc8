import { useMemo } from 'react';
import { useDesk } from './desk-store.ts';
import {
  cardOrder,
  type IndexPair,
  indexPairs,
  type Listed,
  listed,
  type WatchEntry,
  watchEntries,
} from './instruments.ts';
import { useUi } from './ui-store.ts';

/** Everything in use, with slots; the same array while the desk's list is the same. */
export function useInstruments(): Listed[] {
  const instruments = useDesk((state) => state.instruments);
  return useMemo(() => listed(instruments), [instruments]);
}

export function useIndexPairs(): IndexPair[] {
  const instruments = useInstruments();
  const underlyings = useDesk((state) => state.settings.underlyings);
  return useMemo(() => indexPairs(instruments, underlyings), [instruments, underlyings]);
}

export function useWatchEntries(): WatchEntry[] {
  const instruments = useInstruments();
  const watchlist = useDesk((state) => state.settings.watchlist);
  return useMemo(() => watchEntries(instruments, watchlist), [instruments, watchlist]);
}

/** The instrument in the chart: the one chosen, or the first card's when the choice is gone. */
export function useSelected(): Listed | null {
  const instruments = useInstruments();
  const pairs = useIndexPairs();
  const key = useUi((ui) => ui.selectedKey);
  return (
    instruments.find((instrument) => instrument.key === key) ??
    cardOrder(pairs).find((instrument) => instrument !== null) ??
    instruments[0] ??
    null
  );
}
