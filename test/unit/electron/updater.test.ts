import { expect, test } from 'vitest';
import { Updater, type UpdateSource } from '../../../electron/update/updater.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const at = (time: string): string => `2026-11-23T${time}+05:30`;

/** An update that takes `downloadMs` to come, and a trader who says yes after `answerMs`. */
function startUpdater(start: string, { downloadMs = 0, answerMs = 0, yes = true, canInstall = true } = {}) {
  const clock = new VirtualClock(at(start));
  const events: string[] = [];
  const note = (what: string): void =>
    void events.push(`${new Date(clock.now() + 19_800_000).toISOString().slice(11, 19)} ${what}`);
  const after = (ms: number): Promise<void> => new Promise((resolve) => clock.setTimeout(resolve, ms));
  const source: UpdateSource = {
    canInstall,
    check: async () => {
      note('check');
      return '2.0.0';
    },
    download: (signal) =>
      new Promise((resolve, reject) => {
        note('download');
        clock.setTimeout(resolve, downloadMs);
        signal.addEventListener('abort', () => {
          note('aborted');
          reject(new Error('aborted'));
        });
      }),
    install: () => note('install'),
  };
  const updater = new Updater({
    source,
    clock,
    log: () => {},
    ask: async (question) => {
      await after(answerMs);
      note(`${yes ? 'yes' : 'no'} to ${question}`);
      return yes;
    },
    prepareToInstall: async () => note('desk stopped'),
  });
  return { clock, events, updater };
}

test('in the evening it checks, asks, downloads, asks, stops the desk and installs', async () => {
  const { clock, events } = startUpdater('20:00:00');
  await clock.advance(2_000);
  expect(events.map((event) => event.slice(9))).toEqual([
    'check',
    'yes to download',
    'download',
    'yes to install',
    'desk stopped',
    'install',
  ]);
});

test('what cannot be proved is announced, each version once, and neither downloaded nor installed', async () => {
  const { clock, events } = startUpdater('16:00:00', { canInstall: false });
  await clock.advance(15 * 60 * 60_000);
  expect(events.map((event) => event.slice(9))).toEqual(['check', 'yes to announce', 'check', 'check']);
});

test('between 08:30 and 16:00 it does nothing at all, and begins at 16:00', async () => {
  const { clock, events } = startUpdater('08:30:00');
  await clock.advanceTo(at('15:59:59'));
  expect(events).toEqual([]);
  await clock.advance(1_000);
  expect(events[0]).toBe('16:00:00 check');
});

test('a download that runs into 08:30 is given up there and taken up at 16:00', async () => {
  const { clock, events } = startUpdater('08:29:00', { downloadMs: 120_000 });
  await clock.advanceTo(at('16:03:00'));
  expect(events.filter((event) => event.endsWith('aborted'))).toEqual(['08:30:00 aborted']);
  expect(events.filter((event) => event.endsWith(' download')).map((event) => event.slice(0, 8))).toEqual([
    '08:29:01',
    '08:29:01',
    '16:00:00',
    '16:00:00',
  ]);
  expect(events.at(-1)).toMatch(/^16:0\d:\d\d install$/);
});

test('a yes that comes in the quiet hours is not acted on', async () => {
  const { clock, events } = startUpdater('08:29:58', { answerMs: 60_000 });
  await clock.advanceTo(at('15:59:59'));
  expect(events.map((event) => event.slice(9))).toEqual(['check', 'yes to download']);
});

test('a no is asked again after six hours, not before', async () => {
  const { clock, events } = startUpdater('17:00:00', { yes: false });
  await clock.advanceTo(at('22:59:00'));
  expect(events.filter((event) => event.endsWith('check'))).toHaveLength(1);
  await clock.advance(2 * 60_000);
  expect(events.filter((event) => event.endsWith('check'))).toHaveLength(2);
});

test('disposing leaves no timer and ends a download', async () => {
  const { clock, events, updater } = startUpdater('20:00:00', { downloadMs: 3_600_000 });
  await clock.advance(5_000);
  updater[Symbol.dispose]();
  await clock.advance(0);
  expect(events.at(-1)).toMatch(/aborted$/);
  await clock.advance(86_400_000);
  expect(clock.pending).toBe(0);
});
