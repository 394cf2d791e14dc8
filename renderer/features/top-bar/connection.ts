import type { LinkState } from '../../../src/contract/bridge.ts';
import type { FeedState } from '../../../src/contract/state.ts';

/** How the feed stands for a person: a shape and a word each, so that colour is never the only sign. */
export type ConnectionShape = 'live' | 'rest' | 'stale' | 'waiting' | 'blocked' | 'lost' | 'off';

export interface Connection {
  readonly shape: ConnectionShape;
  readonly word: string;
  /** The source of the numbers on screen. */
  readonly source: 'WebSocket' | 'REST 1/s' | 'none';
}

export function connectionOf(feed: FeedState, link: LinkState): Connection {
  if (link !== 'connected') return { shape: 'lost', word: 'Desk unreachable', source: 'none' };
  if (feed.source === 'rest') return { shape: 'rest', word: 'REST fallback', source: 'REST 1/s' };
  const source = feed.source === 'websocket' ? 'WebSocket' : 'none';
  switch (feed.state) {
    case 'live':
      return { shape: 'live', word: 'Live', source };
    case 'stale':
      return { shape: 'stale', word: 'Stale', source };
    case 'connecting':
      return { shape: 'waiting', word: 'Connecting', source };
    case 'backoff':
      return { shape: 'lost', word: 'Reconnecting', source };
    case 'blocked':
      return { shape: 'blocked', word: 'Blocked', source };
    case 'off':
      return { shape: 'off', word: feed.paused ? 'Paused' : 'Off', source };
  }
}
