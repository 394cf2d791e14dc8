import type { FeedState } from '../../../src/contract/state.ts';

/** A feed that should be on; how it is doing is up to the test. */
export function feedState(parts: Partial<FeedState>): FeedState {
  return {
    desired: 'on',
    desiredReason: 'market hours',
    source: 'none',
    state: 'connecting',
    cause: null,
    causeText: null,
    attempt: 0,
    retryAt: null,
    since: 0,
    frames: 0,
    ticks: 0,
    dropped: 0,
    reconnects: 0,
    lastFrameAt: null,
    lastTickAt: null,
    paused: false,
    gaps: [],
    lag: { samples: 0, p50Ms: null, p95Ms: null, p99Ms: null, skewMs: null, heldUpMs: 0 },
    backFromRestAt: null,
    capacity: { used: 6, limit: 9_000 },
    ...parts,
  };
}
