import { expect, test } from 'vitest';
import type { GapState } from '../../../src/contract/state.ts';
import { DayJournal } from '../../../src/desk/day-journal.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { MemoryJournals } from '../../support/memory-journals.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { deskState } from '../electron/desk-state.ts';

const date = '2026-11-23';
const at = (time: string): number => instantOf(date, time);
const gap = (from: string, to: string | null): GapState => ({
  from: at(from),
  to: to === null ? null : at(to),
  cause: 'silent',
  keys: [],
});

/** The gaps on record after the feed has told these lists of them, one after the other. */
function recordAfter(...lists: readonly (readonly GapState[])[]): readonly GapState[] | undefined {
  const clock = new VirtualClock(`${date}T11:30:00+05:30`);
  const store = new MemoryJournals();
  const ports = { clock, realClock: clock, version: '1', simulated: false, log: () => {}, store };
  using journal = new DayJournal(ports, deskState({}).market);
  for (const gaps of lists) journal.feedChanged(deskState({ feed: { state: 'off', gaps } }).feed);
  return journal.current.gaps;
}

test('an outage whose beginning is put right as it ends is on record once', () => {
  expect(recordAfter([gap('10:00', null)], [gap('10:50', '11:30')])).toEqual([gap('10:50', '11:30')]);
});

test('an outage that turns out to be none leaves nothing on record, and those before it stay', () => {
  const before = gap('09:30', '09:31');
  expect(recordAfter([before], [before, gap('10:00', null)], [before])).toEqual([before]);
});
