import { expect, test } from 'vitest';
import { findings } from '../../../renderer/features/bottom-panel/findings.ts';
import type { DeskState } from '../../../src/contract/state.ts';
import { goodDay } from '../../renderer-fixture/base-state.ts';
import { ist } from '../../renderer-fixture/day-plan.ts';

const now = ist('2026-11-23', '11:00');
const good = goodDay('2026-11-23', '11:00');

function found(subject: string, change: Partial<DeskState>) {
  return findings({ ...good, ...change }, 'connected', 0, now).filter((finding) => finding.subject === subject);
}

test('on a good day everything is good', () => {
  expect(findings(good, 'connected', 0, now).map(({ verdict }) => verdict)).toEqual(Array(7).fill('good'));
});

test.each<[string, string, Partial<DeskState>, string, RegExp]>([
  ['a dead token', 'Login', { auth: { ...good.auth, state: 'expired' } }, 'bad', /Sign in again/],
  [
    'a token nobody could check',
    'Login',
    { auth: { ...good.auth, state: 'unverified' } },
    'unknown',
    /could not be asked/,
  ],
  ['REST prices', 'Feed', { feed: { ...good.feed, source: 'rest', state: 'backoff' } }, 'look', /REST/],
  [
    'a blocked feed',
    'Feed',
    { feed: { ...good.feed, source: 'none', state: 'blocked', causeText: 'Logged in elsewhere.' } },
    'bad',
    /Logged in elsewhere/,
  ],
  [
    'an outage',
    'Outages',
    { feed: { ...good.feed, gaps: [{ from: now - 90_000, to: now - 30_000, cause: 'network', keys: [] }] } },
    'look',
    /1 today, 1 m 00 s in all/,
  ],
  [
    'a silent instrument',
    'Instruments',
    { instruments: good.instruments.map((one, slot) => (slot === 0 ? { ...one, firstTickAt: null } : one)) },
    'look',
    /NIFTY 50\.$/,
  ],
  ['no instruments', 'Instruments', { instruments: [] }, 'unknown', /None/],
  [
    'a date beyond the calendar',
    'Calendar',
    { market: { ...good.market, day: 'unknown' } },
    'bad',
    /Says nothing about/,
  ],
  ['no keychain', 'Secrets', { app: { ...good.app, secretStore: 'memory' } }, 'look', /memory/],
  ['a notice', 'Notice', { app: { ...good.app, notices: ['Settings were set aside.'] } }, 'look', /set aside/],
])('%s is found', (_, subject, change, verdict, text) => {
  expect(found(subject, change)).toEqual([{ subject, verdict, text: expect.stringMatching(text) }]);
});

test('a lost link and unreadable batches are found', () => {
  expect(findings(good, 'lost', 0, now)[0]).toMatchObject({ subject: 'App', verdict: 'bad' });
  expect(findings(good, 'connected', 2, now)[0]).toMatchObject({ subject: 'App', verdict: 'look' });
});
