import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SteeringOrder } from '../../../src/contract/transport.ts';
import type { ClockCourse } from '../../../src/simulation/clock-course.ts';
import { SteerableClock } from '../../../src/simulation/steerable-clock.ts';
import { courseAfter, Steering } from '../../../src/simulation/steering.ts';
import '../../support/property-seed.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NINE = Date.parse('2026-11-23T09:00:00+05:30');
const HOUR_MS = 3_600_000;

/** A clock at 09:00 and speed 20, on real time that a test moves. */
function clockAtNine(): { real: VirtualClock; clock: SteerableClock } {
  const real = new VirtualClock('2026-11-29T10:00:00Z');
  const clock = new SteerableClock({ marketMs: NINE, realMs: real.now(), speed: 20, isPaused: false }, real);
  return { real, clock };
}

function order(clock: SteerableClock, real: VirtualClock, what: SteeringOrder): Promise<void> {
  const course = courseAfter(what, clock, real.now(), 0);
  if (!course.ok) throw new Error(course.error.message);
  return clock.follow(course.value);
}

describe('the steerable clock', () => {
  test('stands while paused, with all its timers, and goes on where it stood', async () => {
    const { real, clock } = clockAtNine();
    const rung: number[] = [];
    clock.setTimeout(() => rung.push(clock.now() - NINE), 4_000);
    clock.setInterval(() => rung.push(clock.now() - NINE), 1_000);
    await real.advance(110);
    expect(rung).toEqual([1_000, 2_000]);
    void order(clock, real, { do: 'pause' });
    await real.advance(HOUR_MS);
    expect([clock.now() - NINE, clock.monotonic(), clock.isPaused, rung.length]).toEqual([2_200, 2_200, true, 2]);
    void order(clock, real, { do: 'resume' });
    await real.advance(100);
    expect(rung).toEqual([1_000, 2_000, 3_000, 4_000, 4_000]);
  });

  test('runs what is due at once even while it stands', async () => {
    const { real, clock } = clockAtNine();
    void order(clock, real, { do: 'pause' });
    let ran = false;
    clock.setTimeout(() => {
      ran = true;
    }, 0);
    await real.advance(0);
    expect(ran).toBe(true);
  });

  test('runs at another speed from where it is, timers under way too', async () => {
    const { real, clock } = clockAtNine();
    const rung: number[] = [];
    clock.setTimeout(() => rung.push(clock.now() - NINE), 10_000);
    await real.advance(100);
    void order(clock, real, { do: 'speed', speed: 80 });
    await real.advance(100);
    expect([clock.now() - NINE, clock.speed, rung]).toEqual([10_000, 80, [10_000]]);
  });

  test('moved ahead shows the new time, and no timer and no age has grown by it', async () => {
    const { real, clock } = clockAtNine();
    let ran = false;
    clock.setTimeout(() => {
      ran = true;
    }, 60_000);
    await real.advance(100);
    void order(clock, real, { do: 'jump', to: NINE + HOUR_MS });
    expect([clock.now() - NINE, clock.monotonic(), ran]).toEqual([HOUR_MS, 2_000, false]);
    await real.advance(2_900);
    expect([clock.now() - NINE, ran]).toEqual([HOUR_MS + 58_000, true]);
  });

  test('is not set back', () => {
    const { real, clock } = clockAtNine();
    expect(courseAfter({ do: 'jump', to: NINE - 60_000 }, clock, real.now(), 0)).toMatchObject({
      ok: false,
      error: { code: 'time-has-passed', message: expect.stringContaining('08:59') },
    });
  });

  test('a course of the future begins at its instant, and a later order takes its place', async () => {
    const { real, clock } = clockAtNine();
    const told: ClockCourse[] = [];
    clock.onChange((course) => told.push(course));
    void clock.follow({ marketMs: NINE + HOUR_MS, realMs: real.now() + 500, speed: 20, isPaused: false });
    await real.advance(400);
    expect(clock.now() - NINE).toBe(8_000);
    void clock.follow({ marketMs: NINE + 2 * HOUR_MS, realMs: real.now() + 500, speed: 20, isPaused: false });
    await real.advance(500);
    expect([clock.now() - NINE, told.length]).toEqual([2 * HOUR_MS, 1]);
  });
});

const orders: fc.Arbitrary<SteeringOrder> = fc.oneof(
  fc.constant<SteeringOrder>({ do: 'pause' }),
  fc.constant<SteeringOrder>({ do: 'resume' }),
  fc.double({ min: 0.5, max: 600, noNaN: true }).map((speed): SteeringOrder => ({ do: 'speed', speed })),
  fc.integer({ min: -HOUR_MS, max: 24 * HOUR_MS }).map((by): SteeringOrder => ({ do: 'jump', to: NINE + by })),
);

test('exchange and desk show one time after any orders, whoever hears of them how late, and no time is taken back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          order: orders,
          afterMs: fc.integer({ min: 0, max: 5_000 }),
          answeredMs: fc.integer({ min: 0, max: 400 }),
        }),
        {
          maxLength: 12,
        },
      ),
      async (steps) => {
        const { real, clock: desk } = clockAtNine();
        const exchange = new SteerableClock(desk.course, real);
        const steering = new Steering({
          clock: desk,
          real,
          tellExchange: async (course) => {
            void exchange.follow(course);
            await new Promise<void>((resolve) => void real.setTimeout(resolve, answerMs));
          },
        });
        let answerMs = 0;
        for (const step of steps) {
          answerMs = step.answeredMs;
          const before = [desk.now(), desk.monotonic(), exchange.monotonic()];
          const done = steering.steer(step.order);
          await real.advance(500);
          await done;
          expect(Math.abs(desk.now() - exchange.now())).toBeLessThan(1);
          // The exchange has taken up the course before a late answer has come: what it skipped is skipped here too.
          expect(desk.now()).toBeGreaterThanOrEqual((before[0] ?? 0) - 400 * 600);
          expect(desk.monotonic()).toBeGreaterThanOrEqual(before[1] ?? 0);
          expect(exchange.monotonic()).toBeGreaterThanOrEqual(before[2] ?? 0);
          await real.advance(step.afterMs);
          expect(Math.abs(desk.now() - exchange.now())).toBeLessThan(1);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('an exchange that does not follow leaves the time as it is', async () => {
  const { real, clock } = clockAtNine();
  const steering = new Steering({ clock, real, tellExchange: () => Promise.reject(new Error('gone')) });
  expect(await steering.steer({ do: 'pause' })).toMatchObject({ ok: false, error: { code: 'exchange-away' } });
  await real.advance(100);
  expect([clock.isPaused, clock.now() - NINE]).toEqual([false, 2_000]);
});
