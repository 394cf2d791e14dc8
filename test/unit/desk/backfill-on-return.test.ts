import { expect, test } from 'vitest';
import { BackfillOnReturn } from '../../../src/desk/backfill-on-return.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

test('history is asked at each return of the feed, and once more when it has the minute that was cut', async () => {
  const clock = new VirtualClock('2026-11-23T10:00:00+05:30');
  const asked: number[] = [];
  const startMs = clock.now();
  using backfill = new BackfillOnReturn(clock, () => void asked.push((clock.now() - startMs) / 1000));
  backfill.feedChanged({ reconnects: 0 });
  await clock.advance(10_000);
  for (const reconnects of [1, 1, 2]) {
    backfill.feedChanged({ reconnects });
    await clock.advance(20_000);
  }
  await clock.advance(300_000);
  expect(asked).toEqual([10, 50, 120]);
});

test('nothing is asked any more once the desk is closed', async () => {
  const clock = new VirtualClock('2026-11-23T10:00:00+05:30');
  let asked = 0;
  const backfill = new BackfillOnReturn(clock, () => void asked++);
  backfill.feedChanged({ reconnects: 1 });
  backfill[Symbol.dispose]();
  await clock.advance(300_000);
  expect([asked, clock.pending]).toEqual([1, 0]);
});
