import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/contract/result.ts';
import type { SteeringOrder } from '../../../src/contract/transport.ts';
import { SteerableClock } from '../../../src/simulation/steerable-clock.ts';
import { Steering } from '../../../src/simulation/steering.ts';
import '../../support/property-seed.ts';
import { type SteeringTrouble, steeredThroughTrouble } from '../../support/steering-trouble.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NINE = Date.parse('2026-11-23T09:00:00+05:30');
const HOUR_MS = 3_600_000;
/** Between two looks at the clocks, real ms. */
const LOOK_MS = 100;
const NEVER = Number.POSITIVE_INFINITY;

/** A desk and an exchange in step at 09:00, at a speed, on real time that a test moves. */
class Bench {
  readonly real = new VirtualClock('2026-11-29T10:00:00Z');
  readonly desk: SteerableClock;
  readonly exchange: SteerableClock;
  readonly trouble: SteeringTrouble = { hearsAfterMs: 0, answersAfterMs: 0, refuses: false };
  readonly steering: Steering;

  constructor(speed: number) {
    const course = { marketMs: NINE, realMs: this.real.now(), speed, isPaused: false };
    this.desk = new SteerableClock(course, this.real);
    this.exchange = new SteerableClock(course, this.real);
    const exchange = steeredThroughTrouble(this.exchange, this.real, this.trouble);
    this.steering = new Steering({ clock: this.desk, real: this.real, exchange });
  }

  /** Lets real time pass, and looks at both clocks all the time: neither may go back. */
  async pass(ms: number, look: () => void = () => undefined): Promise<void> {
    for (let passed = 0; passed < ms; passed += LOOK_MS) {
      const before = [this.desk, this.exchange].map((clock) => [clock.now(), clock.monotonic()]);
      await this.real.advance(LOOK_MS);
      const after = [this.desk, this.exchange].map((clock) => [clock.now(), clock.monotonic()]);
      for (const [which, times] of before.entries()) {
        for (const [kind, time] of times.entries()) expect(after[which]?.[kind]).toBeGreaterThanOrEqual(time - 0.001);
      }
      look();
    }
  }

  async steer(order: SteeringOrder, look?: () => void): Promise<Result<null>> {
    let result: Result<null> | null = null;
    void this.steering.steer(order).then((value) => {
      result = value;
    });
    for (let times = 0; result === null && times < 50; times++) await this.pass(500, look);
    return result ?? expect.fail('no answer');
  }

  expectInStep(): void {
    const { desk, exchange } = this;
    expect([desk.speed, desk.isPaused]).toEqual([exchange.speed, exchange.isPaused]);
    expect(Math.abs(desk.now() - exchange.now())).toBeLessThan(1);
  }
}

const orders: fc.Arbitrary<SteeringOrder> = fc.oneof(
  fc.constant<SteeringOrder>({ do: 'pause' }),
  fc.constant<SteeringOrder>({ do: 'resume' }),
  fc.double({ min: 0.5, max: 600, noNaN: true }).map((speed): SteeringOrder => ({ do: 'speed', speed })),
  fc.integer({ min: -HOUR_MS, max: 24 * HOUR_MS }).map((by): SteeringOrder => ({ do: 'jump', to: NINE + by })),
);

const delays = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 400 }),
  fc.integer({ min: 0, max: 5_000 }),
  fc.constant(NEVER),
);

test('whatever is wrong with the exchange no time is taken back, and both follow one course in the end', async () => {
  const steps = fc.array(
    fc.record({
      order: orders,
      hearsAfterMs: delays,
      answersAfterMs: delays,
      refuses: fc.boolean(),
      /** The trouble begins so long after the order: between the question and the course, too. */
      troubleAfterMs: fc.constantFrom(0, 0, 1, 60),
      afterMs: fc.integer({ min: 0, max: 5_000 }),
    }),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const bench = new Bench(20);
      const { trouble, real } = bench;
      for (const { order, troubleAfterMs, afterMs, ...wrong } of taken) {
        if (troubleAfterMs > 0) trouble.hearsAfterMs = trouble.answersAfterMs = 1;
        real.setTimeout(() => Object.assign(trouble, wrong), troubleAfterMs);
        const result = await bench.steer(order);
        if (result.ok) bench.expectInStep();
        await bench.pass(afterMs);
        Object.assign(trouble, { hearsAfterMs: 0, answersAfterMs: 0, refuses: false });
        await bench.pass(10_000);
        bench.expectInStep();
      }
    }),
    { numRuns: 40 },
  );
});

describe('an exchange that answers after a second', () => {
  test.each<SteeringOrder>([
    { do: 'pause' },
    { do: 'speed', speed: 120 },
    { do: 'speed', speed: 1 },
  ])('is given a later instant, so that nothing stands and nothing is passed over: %j', async (order) => {
    const bench = new Bench(60);
    bench.trouble.answersAfterMs = 1_000;
    let before = bench.desk.now();
    const moves: number[] = [];
    const look = (): void => {
      bench.expectInStep();
      moves.push((bench.desk.now() - before) / LOOK_MS);
      before = bench.desk.now();
    };
    const result = await bench.steer(order, look);
    await bench.pass(500, look);
    expect(result).toEqual({ ok: true, value: null });
    const rates = order.do === 'pause' ? [60, 0] : [60, bench.desk.speed];
    expect([...new Set(moves.map((rate) => Math.round(rate)))]).toEqual(rates);
  });
});

describe('an exchange that takes a course and then falls silent', () => {
  /** Answers the question, and nothing after it until it is freed. */
  async function silentAfter(order: SteeringOrder): Promise<{ bench: Bench; result: Result<null> }> {
    const bench = new Bench(60);
    bench.trouble.answersAfterMs = 10;
    bench.real.setTimeout(() => {
      bench.trouble.answersAfterMs = NEVER;
    }, 5);
    return { bench, result: await bench.steer(order) };
  }

  test.each<SteeringOrder>([
    { do: 'pause' },
    { do: 'speed', speed: 120 },
    { do: 'jump', to: NINE + HOUR_MS },
  ])('leaves the desk standing, which says so, until it says what it follows: %j', async (order) => {
    const { bench, result } = await silentAfter(order);
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'exchange-away',
        message: 'The simulated exchange does not answer: the simulation stands until it does.',
      },
    });
    expect([bench.desk.isPaused, bench.exchange.latest.isPaused]).toEqual([true, order.do === 'pause']);
    await bench.pass(10_000);
    expect(bench.desk.isPaused).toBe(true);
    bench.trouble.answersAfterMs = 0;
    await bench.pass(5_000);
    bench.expectInStep();
    expect(await bench.steer({ do: 'speed', speed: 5 })).toEqual({ ok: true, value: null });
    bench.expectInStep();
  });

  test('and answers the next question has taken it, and the order is in force', async () => {
    const bench = new Bench(60);
    bench.trouble.answersAfterMs = 10;
    bench.real.setTimeout(() => {
      bench.trouble.answersAfterMs = NEVER;
    }, 5);
    bench.real.setTimeout(() => {
      bench.trouble.answersAfterMs = 10;
    }, 2_000);
    expect(await bench.steer({ do: 'speed', speed: 120 })).toEqual({ ok: true, value: null });
    bench.expectInStep();
    expect(bench.desk.speed).toBe(120);
  });

  test('is not asked any more once the desk has closed', async () => {
    const { bench } = await silentAfter({ do: 'pause' });
    bench.steering[Symbol.dispose]();
    await bench.pass(5_000);
    expect(bench.real.pending).toBe(0);
  });
});

test.each<[string, Partial<SteeringTrouble>, string]>([
  ['does not answer', { answersAfterMs: NEVER }, 'does not answer'],
  ['refuses', { refuses: true }, 'did not follow'],
])('an exchange that %s leaves the time as it is', async (_what, trouble, words) => {
  const bench = new Bench(20);
  Object.assign(bench.trouble, trouble);
  expect(await bench.steer({ do: 'pause' })).toEqual({
    ok: false,
    error: { code: 'exchange-away', message: `The simulated exchange ${words}: its time was left as it is.` },
  });
  await bench.pass(100);
  bench.expectInStep();
  expect([bench.desk.isPaused, bench.desk.now()]).toEqual([false, NINE + bench.desk.monotonic()]);
});

test('an exchange that hears of a course too late is left as it is, and the desk catches up', async () => {
  const bench = new Bench(60);
  bench.trouble.hearsAfterMs = 10;
  bench.real.setTimeout(() => {
    bench.trouble.hearsAfterMs = 1_000;
  }, 5);
  expect(await bench.steer({ do: 'pause' })).toMatchObject({ ok: false, error: { code: 'exchange-away' } });
  bench.expectInStep();
  expect(bench.desk.isPaused).toBe(false);
});
