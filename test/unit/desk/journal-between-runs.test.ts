import { expect, test } from 'vitest';
import type { FeedState } from '../../../src/contract/state.ts';
import { DayJournal } from '../../../src/desk/day-journal.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { MemoryJournals } from '../../support/memory-journals.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { deskState } from '../electron/desk-state.ts';

const date = '2026-11-23';
const at = (time: string): number => instantOf(date, time);
const live: Partial<FeedState> = { desired: 'on', state: 'live', source: 'websocket' };

/** What two runs of a day leave, the first ended at ten with a feed like this, the second begun at `next`. */
async function recordOf(feed: Partial<FeedState>, next: string) {
  const clock = new VirtualClock(`${date}T10:00:00+05:30`);
  const ports = {
    clock,
    realClock: clock,
    version: '1',
    simulated: false,
    log: () => {},
    store: new MemoryJournals(),
  };
  const state = deskState({ feed });
  const first = new DayJournal(ports, state.market);
  await first.ready;
  first.scheduleChanged(state.schedule);
  first.feedChanged(state.feed);
  first[Symbol.dispose]();
  clock.jump(at(next) - clock.now());
  using second = new DayJournal(ports, state.market);
  return await second.journalFor(date);
}

test('what is not received between two runs of a day is an outage on record', async () => {
  expect(await recordOf(live, '10:30')).toMatchObject({
    gaps: [{ from: at('10:00'), to: at('10:30'), cause: 'not-running', keys: [] }],
    feed: [{ state: 'live' }, { at: at('10:00'), state: 'off', source: 'none', cause: null }],
  });
});

test('it ends when the feed would have stopped', async () => {
  expect(await recordOf(live, '20:00')).toMatchObject({ gaps: [{ from: at('10:00'), to: at('15:45') }] });
});

test('an outage that was going on goes on, by its own cause', async () => {
  const gaps = [{ from: at('09:50'), to: null, cause: 'network', keys: [] }] as const;
  expect(await recordOf({ ...live, state: 'backoff', source: 'none', gaps }, '10:30')).toMatchObject({
    gaps: [{ from: at('09:50'), to: at('10:30'), cause: 'network' }],
  });
});

test.each([
  ['that was off', { desired: 'off', state: 'off', source: 'none' }],
  ['that was paused', { desired: 'off', state: 'off', source: 'none', paused: true }],
] as const)('a feed %s leaves none', async (_case, feed) => {
  expect((await recordOf(feed, '10:30'))?.gaps).toEqual([]);
});
