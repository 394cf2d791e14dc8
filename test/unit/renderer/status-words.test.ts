import { describe, expect, test } from 'vitest';
import { bannerContent } from '../../../renderer/features/banner/banner-content.ts';
import { dayNoteContent } from '../../../renderer/features/chart/day-note-content.ts';
import { connectionOf } from '../../../renderer/features/top-bar/connection.ts';
import { marketWord } from '../../../renderer/features/top-bar/phase-words.ts';
import { tokenStatusOf } from '../../../renderer/features/top-bar/token-status.ts';
import type { AlertState, AuthState, FeedState, MarketState } from '../../../src/contract/state.ts';
import { authStates, feedStates } from '../../../src/contract/states.ts';
import { marketPhases } from '../../../src/market/segments.ts';
import { goodDay } from '../../renderer-fixture/base-state.ts';
import { ist } from '../../renderer-fixture/day-plan.ts';

const { feed, auth, market } = goodDay('2026-11-23', '11:00');

describe('the connection', () => {
  test.each<[string, Partial<FeedState>, string, string, string]>([
    ['a live socket', {}, 'live', 'Connected', 'live'],
    ['REST while the socket is tried again', { source: 'rest', state: 'backoff' }, 'rest', 'Once a second', 'backup'],
    ['a stale socket', { state: 'stale' }, 'stale', 'Stale', 'live'],
    ['a refused token', { state: 'blocked', source: 'none' }, 'blocked', 'Refused by Kite', 'none'],
    ['a feed that rests', { state: 'off', source: 'none' }, 'off', 'Off', 'none'],
    ['a feed the trader paused', { state: 'off', source: 'none', paused: true }, 'off', 'Paused', 'none'],
  ])('shows %s', (_, change, shape, word, source) => {
    expect(connectionOf({ ...feed, ...change }, 'connected')).toMatchObject({ shape, word, source });
  });

  test('is unreachable without a link, whatever the feed last said', () => {
    expect(connectionOf(feed, 'lost')).toMatchObject({
      shape: 'lost',
      word: 'App unreachable',
      source: 'none',
    });
  });

  const outage = [{ from: ist('2026-11-23', '10:59:55'), to: null, cause: 'network', keys: [] }] as const;

  test.each<[string, Partial<FeedState>, string, boolean]>([
    ['the first attempt of the day', { state: 'connecting' }, 'Connecting', false],
    ['the first attempt after prices were lost', { state: 'connecting', gaps: outage }, 'Reconnecting', true],
    ['a further attempt', { state: 'connecting', attempt: 1, gaps: outage }, 'Reconnecting', true],
    ['the wait between attempts', { state: 'backoff', attempt: 1, gaps: outage }, 'Reconnecting', true],
    ['a socket that has gone silent', { state: 'stale', gaps: outage }, 'Stale', true],
    [
      'the gap of one instrument',
      { state: 'live', gaps: [{ ...outage[0], keys: ['NSE:NIFTY 50'] }] },
      'Connected',
      false,
    ],
    [
      'an outage that is over',
      { state: 'connecting', gaps: [{ ...outage[0], to: outage[0].from }] },
      'Connecting',
      false,
    ],
  ])('in an outage the header says so and counts from its beginning: %s', (_, change, word, counts) => {
    const since = counts ? outage[0].from : null;
    expect(connectionOf({ ...feed, source: 'none', ...change }, 'connected')).toMatchObject({
      word,
      missingSince: since,
    });
  });

  test('has another shape and word for every state of the feed', () => {
    const seen = feedStates.map((state) => connectionOf({ ...feed, state }, 'connected'));
    expect(new Set(seen.map(({ shape }) => shape)).size).toBe(feedStates.length);
    expect(new Set(seen.map(({ word }) => word)).size).toBe(feedStates.length);
  });
});

describe('the token', () => {
  test.each<[AuthState['state'], string, string | null]>([
    ['valid', 'Valid', null],
    ['suspect', 'Past 06:00', 'verify'],
    ['unverified', 'Unverified', 'verify'],
    ['expired', 'Expired', 'sign-in'],
    ['signed-out', 'Signed out', 'sign-in'],
    ['unconfigured', 'No API key', null],
  ])('%s is said as %s and offers %s', (state, word, action) => {
    expect(tokenStatusOf({ ...auth, state }, '2026-11-23')).toMatchObject({ word, action });
  });

  test('says its deadline', () => {
    expect(tokenStatusOf(auth, '2026-11-23').detail).toBe('until Tue 24 Nov 06:00');
  });

  test('a login under way can be cancelled in every state', () => {
    for (const state of authStates) {
      const pendingLogin = { startedAt: 0, stage: 'waiting' } as const;
      expect(tokenStatusOf({ ...auth, state, pendingLogin }, '2026-11-23').action).toBe('cancel-login');
    }
  });
});

test.each<[Partial<MarketState>, string]>([
  [{ phase: 'live' }, 'Open'],
  [{ phase: 'buffer' }, 'About to open'],
  [{ phase: 'closed' }, 'Closed'],
  [{ phase: 'closed', day: 'holiday' }, 'Holiday'],
  [{ phase: 'closed', day: 'weekend' }, 'Weekend'],
  [{ phase: 'live', day: 'unknown' }, 'Open?'],
  [{ phase: 'unknown' }, 'Unknown'],
])('the market with %o is called %s', (change, word) => {
  expect(marketWord({ ...market, ...change })).toBe(word);
});

test('no two phases of the market share a word, and none is called live as prices are', () => {
  const words = marketPhases.map((phase) => marketWord({ ...market, phase }));
  expect(new Set(words).size).toBe(marketPhases.length);
  expect(words.filter((word) => /live/i.test(word))).toEqual([]);
  expect(feedStates.map((state) => connectionOf({ ...feed, state }, 'connected').word)).not.toContain('Live');
});

describe('the note of the day', () => {
  const now = ist('2026-11-24', '10:15');
  const next = { phase: 'pre-open', at: ist('2026-11-25', '09:00') } as const;

  test('is absent on a trading day', () => {
    expect(dayNoteContent(market, now)).toBeNull();
  });

  test('names the holiday and the next session', () => {
    expect(dayNoteContent({ ...market, day: 'holiday', reason: 'Guru Nanak Jayanti', next }, now)).toEqual({
      tone: 'quiet',
      title: 'Holiday: Guru Nanak Jayanti',
      detail: 'No session today. Next: Wed 25 Nov, from 09:00, in 22 h 45 m.',
    });
  });

  test('says that a date is beyond the calendar, and never that it is closed', () => {
    const note = dayNoteContent({ ...market, date: '2027-01-04', day: 'unknown', hours: 'assumed' }, now);
    expect(note?.tone).toBe('doubt');
    expect(note?.title).toBe('Calendar unknown for Mon 4 Jan 2027');
    expect(note?.detail).toContain('31 Dec 2026');
    expect(note?.detail).not.toMatch(/closed|no session/i);
  });

  test('tells unpublished hours from published ones', () => {
    const special = { ...market, day: 'special', reason: 'Muhurat trading' } as const;
    expect(dayNoteContent({ ...special, hours: 'unpublished' }, now)?.detail).toContain('not published');
    expect(dayNoteContent({ ...special, hours: 'known' }, now)?.tone).toBe('quiet');
  });
});

describe('the banner', () => {
  const alert: AlertState = {
    id: 'token-dead',
    severity: 'action',
    title: 'Today’s login is missing.',
    body: null,
    raisedAt: 0,
    action: 'sign-in',
  };
  const error = { code: 'timeout', message: 'Kite did not answer.' };

  test('is empty when nothing is wrong', () => {
    expect(bannerContent('connected', null, [])).toBeNull();
  });

  test('shows the first alert with its one button and counts the others', () => {
    expect(bannerContent('connected', null, [alert, { ...alert, id: 'b' }])).toMatchObject({
      title: alert.title,
      button: 'sign-in',
      more: 1,
    });
  });

  test('an alert without an action can be dismissed', () => {
    expect(bannerContent('connected', null, [{ ...alert, action: null }])?.button).toBe('dismiss-alert');
  });

  test('a failed command goes before alerts, a lost link before everything', () => {
    expect(bannerContent('connected', error, [alert])).toMatchObject({ title: error.message, more: 1 });
    expect(bannerContent('lost', error, [alert])?.title).toMatch(/^Link to the app lost/);
    expect(bannerContent('lost', error, [alert])?.button).toBeNull();
  });

  describe('while the market makes prices that do not come', () => {
    const since = ist('2026-11-23', '09:15:00');
    const missed = (isOpen: boolean, now: string) => ({ missing: { since, isOpen }, now: ist('2026-11-23', now) });

    test('turns from calm to urgent when trading is on, and says since when', () => {
      expect(bannerContent('connected', null, [alert], missed(false, '09:14:59'))).toMatchObject({
        severity: 'action',
        title: 'No prices since 09:15:00. Today’s login is missing.',
        button: 'sign-in',
      });
      expect(bannerContent('connected', null, [alert], missed(true, '09:15:05'))).toMatchObject({
        severity: 'missing',
        title: 'No prices since 09:15:00. Today’s login is missing.',
        button: 'sign-in',
      });
    });

    test('goes before a failed command and other alerts, with the remedy that brings prices back', () => {
      const clock: AlertState = { ...alert, id: 'clock-skew', title: 'The clock is off.', action: 'open-doctor' };
      expect(bannerContent('connected', error, [clock, alert], missed(true, '09:16:00'))).toMatchObject({
        severity: 'missing',
        alertId: 'token-dead',
        more: 1,
      });
    });

    test('says it without any alert too, and with the doctor', () => {
      expect(bannerContent('connected', null, [], missed(true, '09:16:00'))).toMatchObject({
        severity: 'missing',
        title: 'No prices since 09:15:00.',
        button: 'open-doctor',
      });
    });

    test('does not cry at a reconnection of a moment', () => {
      expect(bannerContent('connected', null, [alert], missed(true, '09:15:04'))?.severity).toBe('action');
      expect(bannerContent('connected', null, [], missed(true, '09:15:04'))).toBeNull();
    });

    test('a lost link is urgent while trading is on', () => {
      expect(bannerContent('lost', null, [], missed(true, '09:15:01'))?.severity).toBe('missing');
      expect(bannerContent('lost', null, [], { missing: null, now: 0 })?.severity).toBe('action');
    });
  });
});
