import { expect, test } from 'vitest';
import { type EmptyDay, emptyChart } from '../../../renderer/features/chart/empty-chart.ts';
import { ist, sessionsOf, TODAY } from '../../renderer-fixture/day-plan.ts';

const spot = sessionsOf(TODAY).filter(({ segment }) => segment === 'NSE_INDEX');

function said(time: string, change: Partial<EmptyDay> = {}): readonly [string, string | null, string] {
  const { title, detail, tone } = emptyChart({
    market: { day: 'trading', phase: 'live' },
    sessions: spot,
    auth: { state: 'valid' },
    feed: { state: 'live', paused: false, source: 'websocket' },
    value: { history: 'complete', reason: null },
    now: ist(TODAY, time),
    ...change,
  });
  return [title, detail, tone];
}

const off = { state: 'off', paused: false, source: 'none' } as const;

test.each<[string, Partial<EmptyDay>, string]>([
  ['an expired login', { auth: { state: 'expired' }, feed: off }, 'Not signed in'],
  ['nobody signed in', { auth: { state: 'signed-out' }, feed: off }, 'Not signed in'],
  ['no credentials', { auth: { state: 'unconfigured' }, feed: off }, 'Not signed in'],
  ['a login not confirmed', { auth: { state: 'unverified' }, feed: off }, 'The login is not confirmed'],
  ['a paused feed', { feed: { ...off, paused: true } }, 'Prices are paused'],
  ['a lost connection', { feed: { ...off, state: 'backoff' } }, 'No connection to Kite'],
])('with %s in market hours the chart says what is missed and since when', (_, change, why) => {
  expect(said('09:15:05', change)).toEqual([
    `${why}: prices are being missed`,
    'The market is open; nothing has been received since 09:00.',
    'missing',
  ]);
  expect(said('09:02:00', change)[1]).toBe('The pre-open is running; nothing has been received since 09:00.');
});

test('no trades yet is said only where the feed is live and Kite’s history has none', () => {
  expect(said('09:15:05')[0]).toBe('No trades yet');
  expect(said('09:15:05', { feed: { ...off, source: 'rest', state: 'backoff' } })[0]).toBe('No trades yet');
  const unavailable = { history: 'unavailable', reason: 'Sign in to load earlier candles.' } as const;
  expect(said('09:15:05', { value: unavailable }).slice(0, 2)).toEqual([
    'Today’s candles are not loaded',
    'Sign in to load earlier candles.',
  ]);
  expect(said('18:00:00', { auth: { state: 'expired' }, feed: off })).toEqual(['No candles of today', null, 'quiet']);
});

test('before the open it says when candles begin, and on a day without a session that there is none', () => {
  expect(said('08:50:00', { feed: off }).slice(0, 2)).toEqual(['Not trading yet', 'Candles begin at 09:15.']);
  const holiday = { market: { day: 'holiday', phase: 'closed' }, sessions: [], feed: off } as const;
  expect(said('11:00:00', holiday)[0]).toBe('No session today');
  expect(said('11:00:00', { ...holiday, market: { day: 'trading', phase: 'live' } })[0]).toBe(
    'No session of this instrument today',
  );
});

test('on a day that nobody knows it says neither that the market runs nor that it is shut', () => {
  const unknown = { market: { day: 'unknown', phase: 'pre-open' }, feed: off } as const;
  for (const time of ['08:59:00', '09:05:00', '09:20:00', '16:00:00'])
    for (const auth of ['expired', 'valid'] as const) {
      const words = said(time, { ...unknown, auth: { state: auth } }).join(' ');
      expect(words).not.toMatch(/running|is open|missed|closed|no session/i);
      expect(words).toContain('if the market opens');
    }
});

test('what is missed begins with the last price that came', () => {
  const feed = { ...off, state: 'backoff', lastTickAt: ist(TODAY, '09:14:10') } as const;
  expect(said('09:15:05', { feed })[1]).toBe('The market is open; nothing has been received since 09:14.');
});
