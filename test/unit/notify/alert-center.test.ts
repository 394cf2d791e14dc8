import { describe, expect, it } from 'vitest';
import type { AlertState } from '../../../src/contract/state.ts';
import { AlertCenter, type AlertInput, type NotificationChannel } from '../../../src/notify/alert-center.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const token: AlertInput = { id: 'token', severity: 'action', title: 'Sign in.', body: null, action: 'sign-in' };
const feed: AlertInput = { id: 'feed', severity: 'warning', title: 'No prices.', body: null, action: 'retry-feed' };
const open: AlertInput = { id: 'market-open', severity: 'info', title: 'Open.', body: null, action: null };

class Bench {
  readonly clock = new VirtualClock(1_000);
  readonly channel: string[] = [];
  readonly heard: string[] = [];
  changes = 0;
  isWanted = true;
  private readonly phone: NotificationChannel = {
    name: 'test',
    show: ({ id, title }) => void this.channel.push(`show ${id}: ${title}`),
    withdraw: (id) => void this.channel.push(`withdraw ${id}`),
  };
  readonly center = new AlertCenter(
    this.clock,
    [this.phone],
    {
      changed: () => {
        this.changes++;
      },
      raised: ({ id }) => void this.heard.push(`raised ${id}`),
      withdrawn: (id, atMs) => void this.heard.push(`withdrawn ${id} at ${atMs}`),
    },
    () => this.isWanted,
  );

  get shown(): readonly string[] {
    return this.center.list().map(({ id }) => id);
  }
}

describe('the alerts', () => {
  it('stand with the most urgent first, and the older first among equals', async () => {
    const bench = new Bench();
    for (const input of [open, feed, { ...feed, id: 'later' }, token]) {
      bench.center.raise(input, 'window');
      await bench.clock.advance(10);
    }
    expect(bench.shown).toEqual(['token', 'feed', 'later', 'market-open']);
  });

  it('are told once, however often the same is said', async () => {
    const bench = new Bench();
    for (let second = 0; second < 60; second++) {
      bench.center.raise(token, 'everywhere');
      await bench.clock.advance(1_000);
    }
    expect([bench.channel, bench.heard, bench.changes]).toEqual([['show token: Sign in.'], ['raised token'], 1]);
    expect(bench.center.list()[0]?.raisedAt).toBe(1_000);
  });

  it('keep their moment when their words change, and are not told again', async () => {
    const bench = new Bench();
    bench.center.raise(feed, 'everywhere');
    await bench.clock.advance(5_000);
    bench.center.raise({ ...feed, title: 'Still no prices.' }, 'everywhere');
    expect(bench.center.list()).toEqual<AlertState[]>([{ ...feed, title: 'Still no prices.', raisedAt: 1_000 }]);
    expect([bench.channel.length, bench.changes, bench.heard]).toEqual([1, 2, ['raised feed']]);
  });

  it.each([
    ['severity', { severity: 'action' }],
    ['button', { action: 'open-doctor' }],
  ] as const)('take over another %s under the same words', (_what, change) => {
    const bench = new Bench();
    bench.center.raise(feed, 'window');
    bench.center.raise({ ...feed, ...change }, 'window');
    expect(bench.center.list()).toEqual([{ ...feed, ...change, raisedAt: 1_000 }]);
  });

  it.each<[string, AlertInput, number]>([
    ['more urgent', { ...feed, severity: 'action' }, 2],
    ['a matter of something else to do', { ...feed, title: 'Sign in.', action: 'sign-in' }, 2],
    ['less urgent', { ...feed, severity: 'info' }, 1],
    ['the same in other words', { ...feed, title: 'No prices at all.' }, 1],
  ])('that have become %s: told again where that matters', (_what, next, times) => {
    const bench = new Bench();
    bench.center.raise(feed, 'everywhere');
    bench.center.dismiss('feed');
    bench.center.raise(next, 'everywhere');
    bench.center.raise(next, 'everywhere');
    expect([bench.channel.length, bench.shown.length]).toEqual([times, times - 1]);
    expect(bench.heard).toEqual(['raised feed']);
  });

  it('are told once however their urgency goes up and down', () => {
    const bench = new Bench();
    for (const severity of ['action', 'warning', 'action', 'info', 'action'] as const) {
      bench.center.raise({ ...feed, severity }, 'everywhere');
    }
    expect(bench.channel).toEqual(['show feed: No prices.']);
  });

  it('leave the window once they have stood for long enough, and only then', async () => {
    const bench = new Bench();
    bench.center.raise(feed, 'window');
    expect(bench.channel).toEqual([]);
    bench.center.raise(feed, 'everywhere');
    bench.center.raise(feed, 'everywhere');
    expect(bench.channel).toEqual(['show feed: No prices.']);
  });

  it('are withdrawn everywhere at once, and told anew when they come back', async () => {
    const bench = new Bench();
    bench.center.raise(token, 'everywhere');
    await bench.clock.advance(500);
    bench.center.withdraw('token');
    bench.center.withdraw('token');
    expect([bench.shown, bench.center.standing('token')]).toEqual([[], null]);
    bench.center.raise(token, 'everywhere');
    expect(bench.channel).toEqual(['show token: Sign in.', 'withdraw token', 'show token: Sign in.']);
    expect(bench.heard).toEqual(['raised token', 'withdrawn token at 1500', 'raised token']);
  });

  it('are said again by a reminder, also to someone who dismissed them, while they stand', () => {
    const bench = new Bench();
    expect(bench.center.remind('token')).toBe(false);
    bench.center.raise(token, 'everywhere');
    bench.center.dismiss('token');
    expect([bench.shown, bench.center.standing('token')?.title]).toEqual([[], token.title]);
    bench.center.raise(token, 'everywhere');
    expect([bench.shown, bench.channel.length]).toEqual([[], 1]);
    expect(bench.center.remind('token')).toBe(true);
    expect([bench.shown, bench.channel.length]).toEqual([['token'], 2]);
    bench.center.withdraw('token');
    expect(bench.center.remind('token')).toBe(false);
  });

  it('that were dismissed are shown when they are raised anew', () => {
    const bench = new Bench();
    bench.center.raise(feed, 'window');
    bench.center.dismiss('feed');
    bench.center.dismiss('nobody');
    bench.center.withdraw('feed');
    bench.center.raise(feed, 'window');
    expect(bench.shown).toEqual(['feed']);
  });

  it('stay in the window when the settings do not want them elsewhere', () => {
    const bench = new Bench();
    bench.isWanted = false;
    bench.center.raise(feed, 'everywhere');
    bench.center.remind('feed');
    expect([bench.shown, bench.channel]).toEqual([['feed'], []]);
  });
});
