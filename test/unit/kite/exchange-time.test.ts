import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExchangeTime } from '../../../src/kite/exchange-time.ts';
import { PcClock } from '../../support/pc-clock.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const START = '2026-11-23T10:00:00.400+05:30';

function pcAndKite(aheadMs: number) {
  const truth = new VirtualClock(START);
  const pc = new PcClock(truth);
  pc.aheadMs = aheadMs;
  const time = new ExchangeTime(pc);
  /** One request: `thereMs` to Kite, `backMs` from it. */
  const ask = (thereMs: number, backMs: number): void => {
    const sentAt = time.sent();
    truth.hold(thereMs);
    const header = new Date(truth.now()).toUTCString();
    truth.hold(backMs);
    time.answered(sentAt, header);
  };
  return { truth, pc, time, ask };
}

describe("Kite's time by the Date of its answers", () => {
  test('is not known before the first answer, nor from an answer without one', () => {
    const { time } = pcAndKite(0);
    time.answered(time.sent(), undefined);
    time.answered(time.sent(), 'yesterday');
    expect([time.now(), time.offset()]).toEqual([null, null]);
  });

  test('puts the true skew within what it says it may be wrong by, however long answers take', () => {
    const delays = fc.array(fc.tuple(fc.nat(7_000), fc.nat(7_000), fc.nat(60_000)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: -90_000_000, max: 90_000_000 }), delays, (aheadMs, answers) => {
        const { truth, time, ask } = pcAndKite(aheadMs);
        for (const [thereMs, backMs, pauseMs] of answers) {
          ask(thereMs, backMs);
          const offset = time.offset();
          expect(Math.abs((offset?.skewMs ?? Number.NaN) - aheadMs)).toBeLessThanOrEqual(offset?.uncertaintyMs ?? 0);
          truth.hold(pauseMs);
        }
      }),
    );
  });

  test('gets sharper with every answer that comes at another part of the second', () => {
    const { truth, time, ask } = pcAndKite(0);
    ask(20, 20);
    const first = time.offset()?.uncertaintyMs ?? 0;
    for (let round = 0; round < 20; round++) {
      truth.hold(1_130);
      ask(20, 20);
    }
    expect(first).toBeGreaterThan(500);
    expect(time.offset()?.uncertaintyMs).toBeLessThan(100);
  });

  test("goes on when the PC's clock is set, and shows by how much", () => {
    const { pc, time, ask } = pcAndKite(0);
    ask(10, 10);
    const before = time.now();
    pc.aheadMs = -19_800_000;
    expect(time.now()).toBe(before);
    expect(time.offset()?.skewMs).toBeCloseTo(-19_800_000, -3);
  });

  test('takes the newer word where two answers cannot both be true, as after a sleep', () => {
    const { truth, pc, time, ask } = pcAndKite(0);
    ask(10, 10);
    // Asleep: true time goes on, this PC's monotonic time does not.
    truth.jump(3_600_000);
    pc.aheadMs = 0;
    ask(10, 10);
    expect(Math.abs(time.offset()?.skewMs ?? Number.NaN)).toBeLessThanOrEqual(1_000);
  });
});
