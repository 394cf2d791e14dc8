import { describe, expect, it } from 'vitest';
import type { FeedLag, FeedState } from '../../../src/contract/state.ts';
import { alertsDue } from '../../../src/desk/alert-rules.ts';
import { deskState } from '../electron/desk-state.ts';

const noLag: FeedLag = { samples: 0, p50Ms: null, p95Ms: null, p99Ms: null, skewMs: null, heldUpMs: 0 };

function alertsWith(feed: Partial<FeedState>, speed = 1) {
  const market = { phase: 'live' } as const;
  const state = deskState({ app: { speed }, market, auth: { state: 'valid' }, feed: { desired: 'on', ...feed } });
  return alertsDue(state, state.app.startedAt + 3_600_000);
}

describe('the alert about the clock of the PC', () => {
  const skewed = (skewMs: number | null, speed = 1) =>
    alertsWith({ state: 'live', source: 'websocket', lag: { ...noLag, skewMs } }, speed).map(
      ({ alert }) => alert.title,
    );

  it.each([
    [null, []],
    [1_990, []],
    [-1_990, []],
    [2_000, ["This PC's clock is 2.0 s ahead of the exchange's."]],
    [-3_640, ["This PC's clock is 3.6 s behind the exchange's."]],
  ])('at a skew of %j ms is %j', (skewMs, titles) => {
    expect(skewed(skewMs)).toEqual(titles);
  });

  it('is not raised where market time is scaled', () => {
    expect(skewed(60_000, 20)).toEqual([]);
  });
});

describe('the alert about a feed without new prices', () => {
  it('calls nobody for a quiet exchange, which may be a halt', () => {
    const due = alertsWith({
      state: 'stale',
      source: 'websocket',
      cause: 'exchange-quiet',
      causeText: 'The connection works, but the exchange is sending no new prices.',
    });
    expect(due).toMatchObject([{ alert: { id: 'feed', severity: 'info', action: 'open-doctor' }, notifyAt: null }]);
  });

  it('calls for a mute one, after the time that most outages take to heal', () => {
    const [due] = alertsWith({ state: 'stale', source: 'none', cause: 'mute', causeText: 'Mute.' });
    expect(due?.alert.severity).toBe('warning');
    expect(due?.notifyAt).not.toBeNull();
  });
});
