import { describe, expect, it } from 'vitest';
import {
  type ConnectionEvidence,
  connectionStall,
  type InstrumentEvidence,
  isDataDue,
  isInstrumentStale,
} from '../../../src/feed/freshness.ts';

describe('a connection', () => {
  const now = 100_000;
  const open: ConnectionEvidence = {
    nowMs: now,
    sinceMs: 0,
    lastFrameMs: now,
    lastDataMs: now,
    dueSinceMs: 0,
    patience: 1,
    speed: 1,
  };

  it.each<[string, Partial<ConnectionEvidence>, 'silent' | 'mute' | null]>([
    ['is well while data flows', {}, null],
    ['may miss two heartbeats', { lastFrameMs: now - 6_900, lastDataMs: null, dueSinceMs: null }, null],
    ['is silent without any frame for over seven seconds', { lastFrameMs: now - 7_100, dueSinceMs: null }, 'silent'],
    ['is silent, not mute, when both are missing', { lastFrameMs: now - 7_100, lastDataMs: now - 7_100 }, 'silent'],
    [
      'is silent as soon as data is missed, when a heartbeat is too',
      { lastFrameMs: now - 4_100, lastDataMs: now - 4_100 },
      'silent',
    ],
    ['is mute with heartbeats and no data that is due', { lastFrameMs: now - 100, lastDataMs: now - 4_100 }, 'mute'],
    ['is not mute when no data is due', { lastFrameMs: now - 100, lastDataMs: now - 60_000, dueSinceMs: null }, null],
    ['is mute when it never brought data', { sinceMs: now - 4_100, lastFrameMs: now, lastDataMs: null }, 'mute'],
    ['is given its time after opening', { sinceMs: now - 3_900, lastFrameMs: null, lastDataMs: null }, null],
    ['is not mute before data has been due for its time', { lastDataMs: 0, dueSinceMs: now - 3_900 }, null],
    ['is mute when data has been due that long', { lastDataMs: 0, dueSinceMs: now - 4_100 }, 'mute'],
    ['is given longer after a stall', { sinceMs: now - 7_900, lastFrameMs: now, lastDataMs: null, patience: 2 }, null],
    ['is given longer only until it has shown data', { lastDataMs: now - 4_100, patience: 2 }, 'mute'],
    ['is silent when it never showed a sign', { sinceMs: now - 7_100, lastFrameMs: null, lastDataMs: null }, 'silent'],
    ['may lag a real hiccup on a fast clock', { lastFrameMs: now - 7_100, dueSinceMs: null, speed: 200 }, null],
  ])('%s', (_, evidence, stall) => {
    expect(connectionStall({ ...open, ...evidence })).toBe(stall);
  });
});

describe('data', () => {
  it.each([
    ['from an index before its session', true, 'before', true],
    ['from an index in pre-open', true, 'pre-open', true],
    ['from an index in session', true, 'continuous', true],
    ['from an index in the closing auction', true, 'paused', false],
    ['from an index after its day', true, 'over', false],
    ['from an index on a closed day', true, 'no-session', false],
    ['from shares in the closing auction', false, 'closing-auction', false],
    ['from options before the open', false, 'before', false],
    ['from futures in pre-open', false, 'pre-open', false],
    ['from anything tradable in session', false, 'continuous', true],
    ['when nobody knows the hours', false, 'unknown', false],
  ] as const)('%s: due %s', (_, isIndex, stage, isDue) => {
    expect(isDataDue([{ isIndex, stage, hasTraded: false }])).toBe(isDue);
  });

  it('is not due from an index in the pre-open that ends a halt', () => {
    expect(isDataDue([{ isIndex: true, stage: 'pre-open', hasTraded: true }])).toBe(false);
    expect(isDataDue([{ isIndex: true, stage: 'continuous', hasTraded: true }])).toBe(true);
  });
});

describe('an instrument', () => {
  const now = 1_000_000;
  const fresh: InstrumentEvidence = {
    nowMs: now,
    role: 'spot',
    stage: 'continuous',
    stageSinceMs: 0,
    advancedAtMs: now,
    dataAgeMs: 0,
    speed: 1,
  };

  it.each<[string, Partial<InstrumentEvidence>, boolean]>([
    ['is fresh with a tick just now', {}, false],
    ['is stale as an index after five seconds', { advancedAtMs: now - 5_100 }, true],
    ['is not stale as a future after five seconds', { role: 'future', advancedAtMs: now - 5_100 }, false],
    ['is stale as a future after fifteen', { role: 'future', advancedAtMs: now - 15_100 }, true],
    ['is never stale by itself on the watchlist', { role: 'watch', advancedAtMs: now - 3_600_000 }, false],
    ['is stale on the watchlist when the whole feed is', { role: 'watch', dataAgeMs: 5_100 }, true],
    ['has the whole limit from the opening bell', { advancedAtMs: 0, stageSinceMs: now - 4_900 }, false],
    ['is not blamed for a feed that was off before the bell', { dataAgeMs: 9e9, stageSinceMs: now - 4_900 }, false],
    ['is not stale in the closing auction', { stage: 'paused', advancedAtMs: 0 }, false],
    ['is not stale before the open', { stage: 'before', advancedAtMs: 0, dataAgeMs: 9e9 }, false],
    ['is not stale on a closed day', { stage: 'no-session', advancedAtMs: 0, dataAgeMs: 9e9 }, false],
  ])('%s', (_, evidence, isStale) => {
    expect(isInstrumentStale({ ...fresh, ...evidence })).toBe(isStale);
  });
});
