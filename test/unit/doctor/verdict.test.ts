import { describe, expect, it } from 'vitest';
import {
  type DoctorCheck,
  type DoctorCheckId,
  type DoctorResult,
  doctorCheckIds,
} from '../../../src/contract/doctor.ts';
import type { FeedState } from '../../../src/contract/state.ts';
import { verdictOf } from '../../../src/doctor/verdict.ts';
import { causeAdvice } from '../../../src/feed/causes.ts';
import { feedState } from './feed-state.ts';

type Results = Partial<Record<DoctorCheckId, DoctorResult>>;

function checks(results: Results): readonly DoctorCheck[] {
  return doctorCheckIds.map((id) => ({
    id,
    title: id,
    result: results[id] ?? 'ok',
    evidence: '',
    sentence: `${id}: ${results[id] ?? 'ok'}`,
    fix: null,
    durationMs: 1,
  }));
}

const live = feedState({ state: 'live', source: 'websocket' });
const quiet = feedState({ state: 'stale', source: 'websocket', cause: 'exchange-quiet' });
const lost = feedState({ state: 'backoff', cause: 'network' });
const off = feedState({ desired: 'off', state: 'off' });

describe('the verdict', () => {
  it.each<[string, Results, FeedState, string | null, 'ok' | 'warning' | 'failed']>([
    ['is well when everything is', {}, live, null, 'ok'],
    ['names the only failure', { disk: 'failed' }, live, 'disk', 'failed'],
    ['prefers what stops prices to what does not', { disk: 'failed', token: 'failed' }, off, 'token', 'failed'],
    [
      'prefers a cause to its consequences',
      { dns: 'failed', tcp: 'skipped', answer: 'skipped' },
      lost,
      'dns',
      'failed',
    ],
    ['blames the proxy for a closed direct way', { dns: 'failed', proxy: 'failed' }, lost, 'proxy', 'failed'],
    [
      'blames our own stall for what timed out',
      { 'event-loop': 'failed', tcp: 'failed' },
      lost,
      'event-loop',
      'failed',
    ],
    ['blames the plan, not the socket it shows at', { socket: 'failed', plan: 'failed' }, off, 'plan', 'failed'],
    ['prefers a failure to any warning', { tls: 'warning', calendar: 'failed' }, live, 'calendar', 'failed'],
    ['names a warning when nothing failed', { clock: 'warning', keychain: 'warning' }, live, 'clock', 'warning'],
    ['says that the fault is not here when the feed is quiet and we are well', {}, quiet, null, 'warning'],
    ['does not blame a warning that has nothing to do with prices', { keychain: 'warning' }, lost, null, 'warning'],
    ['blames an interceptor when prices do not come', { tls: 'warning' }, lost, 'tls', 'warning'],
  ])('%s', (_name, results, feed, check, result) => {
    expect(verdictOf(checks(results), feed)).toMatchObject({ check, result });
  });

  it('repeats what the feed knows when no check explains it', () => {
    expect(verdictOf(checks({}), quiet).sentence).toBe(
      `Nothing is wrong on this side. ${causeAdvice['exchange-quiet'].sentence}`,
    );
    const causeText = 'Prices arrive about 7 s late: the line, or Kite, is behind.';
    const late = feedState({ state: 'stale', source: 'websocket', cause: 'network', causeText });
    expect(verdictOf(checks({}), late).sentence).toBe(`Nothing is wrong on this side. ${causeText}`);
  });
});
