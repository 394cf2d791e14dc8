import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/contract/settings.ts';
import type { DeskState } from '../../../src/contract/state.ts';
import { alertsDue, instrumentAlerts, isWanted, ruleAlertIds } from '../../../src/desk/alert-rules.ts';
import { instantOf } from '../../../src/market/ist.ts';
import type { AlertInput } from '../../../src/notify/alert-center.ts';
import { deskState } from '../electron/desk-state.ts';

const date = '2026-11-23';
const at = (time: string): number => instantOf(date, time);

/** The alerts due as `id severity action`, with `!` where a channel is told now and `+s` where it is in so many seconds. */
function due(changes: Parameters<typeof deskState>[0], time: string): readonly string[] {
  const nowMs = at(time);
  return alertsDue(deskState(changes), nowMs).map(({ alert, notifyAt }) => {
    const reach = notifyAt === null ? '' : notifyAt <= nowMs ? ' !' : ` +${(notifyAt - nowMs) / 1000}`;
    return `${alert.id} ${alert.severity} ${alert.action}${reach}`;
  });
}

const live: Partial<DeskState['feed']> = { desired: 'on', state: 'live', source: 'websocket', since: at('08:55') };

describe('the alert of the login', () => {
  it.each([
    ['unconfigured', ['token action open-settings !']],
    ['signed-out', ['token action sign-in !']],
    ['expired', ['token action sign-in !']],
    ['unverified', ['token action retry-feed !']],
    ['suspect', []],
    ['valid', []],
  ] as const)('%s at 08:50', (state, expected) => {
    expect(due({ auth: { state } }, '08:50')).toEqual(expected);
  });

  it.each([
    ['08:49:59', 0],
    ['08:50:00', 1],
    ['15:44:59', 1],
    ['15:45:00', 0],
  ])('at %s is due %d times: from the check to the stop', (time, count) => {
    expect(due({ auth: { state: 'expired' } }, time)).toHaveLength(count);
  });

  it('is not due on a day without a session', () => {
    expect(due({ auth: { state: 'expired' }, schedule: { date: '2026-11-24', steps: [] } }, '10:00')).toEqual([]);
  });

  it('gives the first answer after a start its time', () => {
    const app = { startedAt: at('10:00') };
    expect(due({ app, auth: { state: 'unverified' } }, '10:00:09')).toEqual([]);
    expect(due({ app, auth: { state: 'unverified' } }, '10:00:10')).toEqual(['token action retry-feed !']);
    expect(due({ app, auth: { state: 'expired' } }, '10:00:01')).toEqual(['token action sign-in !']);
  });

  it('says what Kite said rather than words of its own', () => {
    const [alert] = alertsDue(deskState({ auth: { state: 'expired', reason: 'Signed in elsewhere.' } }), at('09:00'));
    expect(alert?.alert.body).toBe('Signed in elsewhere.');
  });
});

describe('the alert of the feed', () => {
  const lost = (
    feed: Partial<DeskState['feed']>,
    time = '11:00:05',
    market: Partial<DeskState['market']> = { phase: 'live' },
  ): readonly string[] => due({ market, feed: { ...live, source: 'none', since: at('11:00'), ...feed } }, time);

  it.each([
    ['backoff', 0, ['feed warning retry-feed +25']],
    ['stale', 0, ['feed warning retry-feed +25']],
    ['blocked', 0, ['feed action retry-feed !']],
    ['connecting', 0, []],
    ['connecting', 1, ['feed warning retry-feed +25']],
    ['live', 0, []],
    ['off', 0, []],
  ] as const)('%s after %d failed attempts', (state, attempt, expected) => {
    expect(lost({ state, attempt, cause: 'network' })).toEqual(expected);
  });

  it('leaves the window after thirty seconds without prices, whatever the attempts since', () => {
    const gaps = [{ from: at('10:59:59'), to: null, cause: 'network', keys: [] }] as const;
    const feed = { state: 'backoff', cause: 'network', gaps } as const;
    expect(lost(feed, '11:00:28')).toEqual(['feed warning retry-feed +1']);
    expect(lost({ ...feed, since: at('11:00:10') }, '11:00:29')).toEqual(['feed warning retry-feed !']);
  });

  it('gives an outage that is old when it is noticed, as after a sleep, ten seconds to heal', () => {
    const gaps = [{ from: at('10:20'), to: null, cause: 'silent', keys: [] }] as const;
    const feed = { state: 'stale', cause: 'silent', gaps, since: at('11:00') } as const;
    expect(lost(feed, '11:00:00')).toEqual(['feed warning retry-feed +10']);
    expect(lost(feed, '11:00:10')).toEqual(['feed warning retry-feed !']);
  });

  it('leaves the window in market hours only; one that stands when they begin is told then', () => {
    const feed = { state: 'backoff', cause: 'network', since: at('08:56') } as const;
    expect(lost(feed, '08:59:59', { phase: 'closed' })).toEqual(['feed warning retry-feed']);
    expect(lost(feed, '09:00:00', { phase: 'pre-open' })).toEqual(['feed warning retry-feed !']);
    expect(lost(feed, '09:00:00', { phase: 'unknown' })).toEqual(['feed warning retry-feed !']);
    // What only a person can mend does not wait for the market.
    expect(lost({ ...feed, state: 'blocked' }, '08:56:05', { phase: 'closed' })).toEqual(['feed action retry-feed !']);
  });

  it('waits for Kite’s word on what a refusal means', () => {
    expect(lost({ state: 'blocked', since: at('11:00:04.5'.slice(0, 8)) }, '11:00:04')).toEqual([]);
    expect(lost({ state: 'blocked', since: at('11:00:04') }, '11:00:05')).toEqual(['feed action retry-feed !']);
  });

  it('stays as it is while another refusal is judged: one refusal after the other is one outage', () => {
    const told = { id: 'feed', severity: 'action', title: 'Refused.', body: null, action: 'retry-feed' } as const;
    const feed = { ...live, source: 'none', state: 'blocked', cause: 'unknown', since: at('11:01') } as const;
    const alerts = alertsDue(deskState({ feed }), at('11:01'), (id) => (id === 'feed' ? told : null));
    expect(alerts).toEqual([{ alert: told, notifyAt: null }]);
  });

  it('stays as it is while a refusal is tried again: it is told once, however long it lasts', () => {
    const told = { id: 'feed', severity: 'action', title: 'Refused.', body: null, action: 'sign-in' } as const;
    const trying = { ...live, source: 'none', state: 'connecting', attempt: 1, cause: 'socket-refused' } as const;
    const feed = { ...trying, since: at('11:01') };
    const alerts = alertsDue(deskState({ feed }), at('11:01'), (id) => (id === 'feed' ? told : null));
    expect(alerts).toEqual([{ alert: told, notifyAt: null }]);
  });

  it('gives way to REST, to the login, and to a feed that nobody wants', () => {
    expect(lost({ state: 'backoff', source: 'rest' })).toEqual(['fallback warning retry-feed']);
    expect(lost({ state: 'backoff', desired: 'off' })).toEqual([]);
    const feed = { ...live, source: 'none', state: 'blocked', since: at('11:00') } as const;
    expect(due({ feed, auth: { state: 'expired' } }, '11:00:05')).toEqual(['token action sign-in !']);
  });

  it('calls nobody for a halt, which is the market’s own', () => {
    const feed = { ...live, state: 'stale', cause: 'exchange-quiet', causeText: 'Quiet.' } as const;
    expect(due({ feed }, '11:00')).toEqual(['feed info open-doctor']);
  });
});

describe('a Kite that cannot be reached', () => {
  const feed = { ...live, source: 'none', state: 'backoff', cause: 'network', since: at('11:00') } as const;
  const unverified = { state: 'unverified' } as const;
  const asLogin = { id: 'token', severity: 'action', title: '', body: null, action: 'retry-feed' } as const;
  const toldAsLogin = (changes: Parameters<typeof deskState>[0], action: AlertInput['action'] = 'retry-feed') =>
    alertsDue(deskState({ market: { phase: 'live' }, ...changes }), at('11:01'), (id) =>
      id === 'token' ? { ...asLogin, action } : null,
    ).map(({ alert: { id, action }, notifyAt }) => [id, action, notifyAt !== null && notifyAt <= at('11:01')]);

  it('is one alert, of the feed, when prices were lost first, and says why the login is not checked', () => {
    const [first, ...others] = alertsDue(deskState({ feed, auth: unverified }), at('11:01'));
    expect(others).toEqual([]);
    expect(first?.alert).toMatchObject({ id: 'feed', body: expect.stringMatching(/the login is checked as soon as/) });
  });

  it('keeps the name of the login when that was told first, until prices are back', () => {
    expect(toldAsLogin({ feed, auth: unverified })).toEqual([['token', 'retry-feed', true]]);
    expect(toldAsLogin({ feed, auth: { state: 'valid' } })).toEqual([['token', 'retry-feed', true]]);
    expect(toldAsLogin({ feed: live, auth: unverified })).toEqual([]);
  });

  it('is told of the login alone where no prices are due', () => {
    expect(due({ auth: unverified }, '08:52')).toEqual(['token action retry-feed !']);
  });

  it('is nothing to the trader while prices flow, which prove the login', () => {
    expect(due({ feed: live, auth: unverified }, '11:00')).toEqual([]);
    expect(due({ feed: { ...feed, source: 'rest' }, auth: unverified }, '11:00')).toEqual([
      'fallback warning retry-feed',
    ]);
  });

  it('hides neither a login that is dead nor a refusal', () => {
    expect(due({ feed, auth: { state: 'expired' } }, '11:01')).toEqual(['token action sign-in !']);
    expect(toldAsLogin({ feed, auth: { state: 'expired' } })).toEqual([['token', 'sign-in', true]]);
    const refused = { ...feed, state: 'blocked', cause: 'plan-without-data' } as const;
    expect(toldAsLogin({ feed: refused, auth: { state: 'valid' } })).toEqual([['feed', 'retry-feed', true]]);
  });

  it('leaves the window for whoever wants to hear of the login or of the feed', () => {
    const notify = { tokenDead: false, feedLost: true, fallback: false, marketOpen: false };
    expect(isWanted(asLogin, { ...defaultSettings, notify })).toBe(true);
    expect(isWanted({ ...asLogin, action: 'sign-in' }, { ...defaultSettings, notify })).toBe(false);
    expect(isWanted(asLogin, { ...defaultSettings, notify: { ...notify, feedLost: false } })).toBe(false);
  });
});

describe('the alert of the fallback', () => {
  it('leaves the window only for traders who asked for it', () => {
    const feed = { ...live, source: 'rest', state: 'backoff', since: at('11:00') } as const;
    const { notify } = deskState({}).settings;
    expect(due({ feed }, '11:00')).toEqual(['fallback warning retry-feed']);
    expect(due({ feed, settings: { notify: { ...notify, fallback: true } } }, '11:00')).toEqual([
      'fallback warning retry-feed !',
    ]);
  });

  it('is followed by good news for the same traders, which goes by itself', () => {
    const feed = { ...live, since: at('11:00'), backFromRestAt: at('11:00') } as const;
    const settings = { notify: { ...deskState({}).settings.notify, fallback: true } };
    expect(due({ feed }, '11:00')).toEqual([]);
    expect(due({ feed, settings }, '11:00')).toEqual(['fallback-left info null !']);
    expect(due({ feed, settings }, '11:01:00')).toEqual(['fallback-left info null !']);
    expect(due({ feed, settings }, '11:01:01')).toEqual([]);
    const left = { id: 'fallback-left', severity: 'info', title: '', body: null, action: null } as const;
    expect(isWanted(left, { ...defaultSettings, ...settings })).toBe(true);
    expect(isWanted(left, defaultSettings)).toBe(false);
  });
});

describe('the other alerts', () => {
  it('name a day the calendar does not know, and one whose hours nobody published', () => {
    expect(due({ market: { day: 'unknown', hours: 'assumed' }, feed: live }, '11:00')).toEqual([
      'calendar warning null',
    ]);
    expect(due({ market: { day: 'special', hours: 'unpublished' }, feed: live }, '11:00')).toEqual([
      'calendar warning null',
    ]);
    expect(due({ market: { day: 'special', hours: 'known' }, feed: live }, '11:00')).toEqual([]);
  });

  it('remind of a paused feed while it ought to run', () => {
    const feed = { paused: true } as const;
    expect(due({ feed }, '08:54:59')).toEqual([]);
    expect(due({ feed }, '08:55:00')).toEqual(['paused warning resume-feed']);
    expect(due({ feed }, '15:45:00')).toEqual([]);
  });

  it('tell of the open once, to those who want it', () => {
    const market = { phase: 'live', phaseSince: at('09:15') } as const;
    const notify = { ...deskState({}).settings.notify, marketOpen: true };
    expect(due({ market, feed: live }, '09:15')).toEqual([]);
    expect(due({ market, feed: live, settings: { notify } }, '09:15')).toEqual(['market-open info null !']);
    expect(due({ market, feed: live, settings: { notify } }, '09:16:01')).toEqual([]);
  });

  it('name every instrument that cannot be followed, and leave out what is only worth a note', () => {
    const problem = (severity: 'error' | 'warning' | 'info', message: string) =>
      ({ code: 'missing-instrument', severity, subject: 'x', message }) as const;
    expect(instrumentAlerts([problem('warning', 'w'), problem('info', 'i')])).toEqual([]);
    expect(instrumentAlerts([problem('error', 'A is gone.'), problem('info', 'i')])).toMatchObject([
      { alert: { id: 'instruments', title: 'A is gone.', body: null }, notifyAt: null },
    ]);
    expect(instrumentAlerts([problem('error', 'A.'), problem('error', 'B.'), problem('error', 'C.')])).toMatchObject([
      { alert: { title: 'A.', body: 'B. C.' } },
    ]);
  });

  it('tell what the start found amiss in the window only, all of it in one', () => {
    const [alert, ...others] = alertsDue(deskState({ app: { notices: ['No keychain.', 'Set aside.'] } }), at('11:00'));
    expect(others).toEqual([]);
    expect(alert).toEqual({
      alert: { id: 'notices', severity: 'info', title: 'No keychain.', body: 'Set aside.', action: null },
      notifyAt: null,
    });
    expect(due({ app: { notices: [] } }, '11:00')).toEqual([]);
  });

  it('are all owned by the rules, so that each is withdrawn when it is no longer due', () => {
    const everything = [
      ...alertsDue(deskState({ auth: { state: 'expired' } }), at('09:00')),
      ...alertsDue(deskState({ feed: { ...live, state: 'backoff', source: 'none' } }), at('11:00')),
      ...alertsDue(deskState({ feed: { ...live, state: 'backoff', source: 'rest' } }), at('11:00')),
      ...alertsDue(
        deskState({
          feed: { ...live, backFromRestAt: at('11:00') },
          settings: { notify: { ...defaultSettings.notify, fallback: true } },
        }),
        at('11:00'),
      ),
      ...alertsDue(deskState({ feed: { paused: true }, market: { day: 'unknown' } }), at('11:00')),
      ...alertsDue(deskState({ app: { notices: ['No keychain.'] } }), at('11:00')),
    ];
    const ids = new Set<string>(everything.map(({ alert }) => alert.id));
    expect(ids).toEqual(new Set(['token', 'feed', 'fallback', 'fallback-left', 'paused', 'calendar', 'notices']));
    expect([...ids].filter((id) => !ruleAlertIds.some((owned) => owned === id))).toEqual([]);
  });
});
