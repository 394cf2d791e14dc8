import { expect, test } from 'vitest';
import { PaintLag } from '../../../renderer/state/paint-lag.ts';
import type { QuoteRow, TickBatch } from '../../../src/contract/tick-lane.ts';
import { quoteOf } from './quote-of.ts';

function measured() {
  const page = { now: 0 };
  const lag = new PaintLag(() => page.now);
  let seq = 1;
  const batch = (sentAt: number, receivedAt: readonly number[]): TickBatch => {
    const quotes: QuoteRow[] = receivedAt.map((at, slot) => quoteOf({ slot, receivedAt: at }));
    return { seq: seq++, sentAt, quotes, candles: [] };
  };
  // The first batch only says from when on a tick is new.
  lag.arrived(batch(1_000, [900]), 1, false);
  return { page, lag, batch };
}

test('a batch takes what its oldest new tick waited in the desk, and what the page took to paint it', () => {
  const { page, lag, batch } = measured();
  page.now = 50;
  lag.arrived(batch(1_016, [1_004, 1_010]), 1, false);
  page.now = 59;
  lag.painted();
  expect(lag.figures()).toEqual({ samples: 1, p50Ms: 21, p95Ms: 21, p99Ms: 21 });
});

test('batches that are painted together are each counted from their own arrival', () => {
  const { page, lag, batch } = measured();
  page.now = 10;
  lag.arrived(batch(1_016, [1_016]), 1, false);
  page.now = 14;
  lag.arrived(batch(1_020, [1_020]), 1, false);
  page.now = 20;
  lag.painted();
  expect(lag.figures()).toMatchObject({ samples: 2, p50Ms: 6, p99Ms: 10 });
});

test('a tick that is sent again because it has come on screen is not measured', () => {
  const { lag, batch } = measured();
  lag.arrived(batch(9_000, [400, 1_000]), 1, false);
  lag.painted();
  expect(lag.figures()).toEqual({ samples: 0, p50Ms: null, p95Ms: null, p99Ms: null });
});

test('at twenty times the speed the desk’s part is real time', () => {
  const { lag, batch } = measured();
  lag.arrived(batch(1_200, [1_040]), 20, false);
  lag.painted();
  expect(lag.figures().p50Ms).toBe(8);
});

test('a hidden page measures nothing, and what waited when it was hidden is forgotten', () => {
  const { page, lag, batch } = measured();
  lag.arrived(batch(1_016, [1_010]), 1, false);
  lag.arrived(batch(2_016, [2_010]), 1, true);
  page.now = 60_000;
  lag.painted();
  expect(lag.figures().samples).toBe(0);
});

test('percentiles are of the latest paints only', () => {
  const { page, lag, batch } = measured();
  for (let index = 0; index < 2_148; index++) {
    const sentAt = 2_000 + index;
    page.now = index * 100;
    lag.arrived(batch(sentAt, [sentAt]), 1, false);
    // The first hundred were slow.
    page.now += index < 100 ? 90 : 5;
    lag.painted();
  }
  expect(lag.figures()).toEqual({ samples: 2_148, p50Ms: 5, p95Ms: 5, p99Ms: 5 });
});
