import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/contract/settings.ts';
import type { DeskState } from '../../../src/contract/state.ts';
import { alertsDue, instrumentAlerts, isWanted, ruleAlertIds } from '../../../src/desk/alert-rules.ts';
import { instantOf } from '../../../src/market/ist.ts';
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
    expect(lost({ ...feed, since: at('11:00:28') }, '11:00:29')).toEqual(['feed warning retry-feed !']);
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
    expect(isWanted('fallback-left', { ...defaultSettings, ...settings })).toBe(true);
    expect(isWanted('fallback-left', defaultSettings)).toBe(false);
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
    ];
    const ids = new Set<string>(everything.map(({ alert }) => alert.id));
    expect(ids).toEqual(new Set(['token', 'feed', 'fallback', 'fallback-left', 'paused', 'calendar']));
    expect([...ids].filter((id) => !ruleAlertIds.some((owned) => owned === id))).toEqual([]);
  });
});
