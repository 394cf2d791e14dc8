import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import { TickPump } from '../../exchange/ticker/tick-pump.ts';

/** A clock whose timer fires when the test says, however late. */
function coarseClock(startMs: number): Clock & { nowMs: number; fire(): void } {
  let run = (): void => {};
  return {
    nowMs: startMs,
    speed: 600,
    now() {
      return this.nowMs;
    },
    monotonic() {
      return this.nowMs;
    },
    setTimeout: () => ({ [Symbol.dispose]: () => {} }),
    setInterval: (tick) => {
      run = tick;
      return { [Symbol.dispose]: () => {} };
    },
    fire: () => run(),
  };
}

function pumped(startMs: number): { clock: ReturnType<typeof coarseClock>; steps: [number, number][] } {
  const clock = coarseClock(startMs);
  const steps: [number, number][] = [];
  new TickPump(clock, (fromMs, toMs) => steps.push([fromMs, toMs]));
  return { clock, steps };
}

describe('the tick pump', () => {
  it('makes up every frame that came due between two late timers, in order and without gaps', () => {
    const { clock, steps } = pumped(1_000);
    for (const now of [1_100, 3_700, 3_749, 60_000]) {
      clock.nowMs = now;
      clock.fire();
    }
    expect(steps).toHaveLength(236);
    expect(steps[0]).toEqual([1_000, 1_250]);
    expect(steps.every(([fromMs, toMs], n) => toMs - fromMs === 250 && fromMs === 1_000 + n * 250)).toBe(true);
  });

  it('sends only the latest state after a gap of more than five minutes', () => {
    const { clock, steps } = pumped(0);
    clock.nowMs = 8 * 3_600_000;
    clock.fire();
    expect(steps).toEqual([[0, 8 * 3_600_000]]);
    clock.nowMs += 250;
    clock.fire();
    expect(steps).toHaveLength(2);
  });

  it('goes on from the new time when the clock is set back', () => {
    const { clock, steps } = pumped(10_000);
    clock.nowMs = 4_000;
    clock.fire();
    clock.nowMs = 4_500;
    clock.fire();
    expect(steps).toEqual([
      [4_000, 4_250],
      [4_250, 4_500],
    ]);
  });
});
