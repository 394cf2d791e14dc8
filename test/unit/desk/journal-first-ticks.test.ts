/** Thousands of first ticks come within seconds: what the journal does for each must not grow with how many there are. */
import { expect, test } from 'vitest';
import { JournalRecorder } from '../../../src/history/journal.ts';
import type { JournalPorts } from '../../../src/history/journal-day.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const INSTRUMENTS = 9_000;
const FRAMES = 30;

function recorderOf(): JournalRecorder {
  const clock = new VirtualClock('2026-11-23T10:00:00+05:30');
  const store = { loadJournal: async () => null, saveJournal: async () => undefined };
  const ports: JournalPorts = {
    clock,
    realClock: clock,
    store,
    log: () => undefined,
    version: 'test',
    simulated: true,
  };
  return new JournalRecorder(ports, '2026-11-23', { kind: 'trading', reason: '' });
}

/** The frames' ticks, and how often any of their keys has been looked at. */
function countedTicks() {
  const work = { looks: 0 };
  const ticks = Array.from({ length: INSTRUMENTS }, (_, index) => ({
    at: index,
    get key(): string {
      work.looks++;
      return `NFO:OPTION${index}`;
    },
  }));
  const size = INSTRUMENTS / FRAMES;
  return { work, frames: Array.from({ length: FRAMES }, (_, frame) => ticks.slice(frame * size, (frame + 1) * size)) };
}

test('the work for 9,000 first ticks grows with their number, and what has ticked before costs one look', () => {
  using recorder = recorderOf();
  const { work, frames } = countedTicks();
  for (const frame of frames) recorder.firstTicks(frame);
  expect(recorder.current.firstTicks).toHaveLength(INSTRUMENTS);
  expect(work.looks).toBeLessThanOrEqual(INSTRUMENTS * 3);
  work.looks = 0;
  const before = recorder.current;
  for (const frame of frames) recorder.firstTicks(frame);
  expect(recorder.current).toBe(before);
  expect(work.looks).toBeLessThanOrEqual(INSTRUMENTS);
});
