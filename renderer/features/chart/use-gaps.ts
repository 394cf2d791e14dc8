import { useMemo } from 'react';
import type { GapState } from '../../../src/contract/state.ts';
import { useDesk } from '../../state/desk-store.ts';

/** When live data of one instrument was missing; instants in ms, `to` null: still is. */
export type Gap = Pick<GapState, 'from' | 'to'>;

/** The gaps of the feed that touched an instrument; one without keys touched all. */
export function gapsOf(gaps: readonly GapState[], key: string): readonly Gap[] {
  return gaps.filter(({ keys }) => keys.length === 0 || keys.includes(key)).map(({ from, to }) => ({ from, to }));
}

/** What was found in a list, by instrument: one gap can name thousands. */
const found = new WeakMap<readonly GapState[], Map<string, string>>();

/** The same object for as long as the instrument's gaps are the same, however often the feed's are sent. */
export function useGaps(key: string): readonly Gap[] {
  const text = useDesk(({ feed: { gaps } }) => textOf(gaps, key));
  return useMemo(() => JSON.parse(text) as readonly Gap[], [text]);
}

function textOf(gaps: readonly GapState[], key: string): string {
  const byKey = found.get(gaps) ?? new Map<string, string>();
  found.set(gaps, byKey);
  const text = byKey.get(key) ?? JSON.stringify(gapsOf(gaps, key));
  byKey.set(key, text);
  return text;
}
