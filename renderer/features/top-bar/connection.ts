import type { LinkState } from '../../../src/contract/bridge.ts';
import type { FeedState } from '../../../src/contract/state.ts';

/** How the feed stands for a person: a shape and a word each, so that colour is never the only sign. */
export type ConnectionShape = 'live' | 'rest' | 'stale' | 'waiting' | 'blocked' | 'lost' | 'off';

export interface Connection {
  readonly shape: ConnectionShape;
  readonly word: string;
  /** Where the numbers on the screen come from. */
  readonly source: 'live' | 'backup' | 'none';
  /** Since when prices have been missing (ms), where that is counted beside the word; null where it is not. */
  readonly missingSince: number | null;
}

export function connectionOf(feed: FeedState, link: LinkState): Connection {
  const missingSince = outageSince(feed);
  if (link !== 'connected') return { shape: 'lost', word: 'App unreachable', source: 'none', missingSince: null };
  if (feed.source === 'rest') return { shape: 'rest', word: 'Once a second', source: 'backup', missingSince: null };
  const source = feed.source === 'websocket' ? 'live' : 'none';
  switch (feed.state) {
    case 'live':
      return { shape: 'live', word: 'Connected', source, missingSince: null };
    case 'stale':
      return { shape: 'stale', word: 'Stale', source, missingSince };
    case 'connecting':
      // The first attempt of all has lost nothing yet.
      return feed.attempt === 0 && missingSince === null
        ? { shape: 'waiting', word: 'Connecting', source, missingSince }
        : { shape: 'lost', word: 'Reconnecting', source, missingSince };
    case 'backoff':
      return { shape: 'lost', word: 'Reconnecting', source, missingSince };
    case 'blocked':
      return { shape: 'blocked', word: 'Refused by Kite', source, missingSince: null };
    case 'off':
      return { shape: 'off', word: feed.paused ? 'Paused' : 'Off', source, missingSince: null };
  }
}

/** When the outage of the whole feed began that is still going on, ms. */
function outageSince({ gaps }: FeedState): number | null {
  return gaps.find(({ to, keys }) => to === null && keys.length === 0)?.from ?? null;
}
