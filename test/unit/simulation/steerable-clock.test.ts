import { describe, expect, test } from 'vitest';
import { LAST_INSTANT_MS, type SteeringOrder } from '../../../src/contract/transport.ts';
import type { ClockCourse } from '../../../src/simulation/clock-course.ts';
import { SteerableClock } from '../../../src/simulation/steerable-clock.ts';
import { courseAfter } from '../../../src/simulation/steering.ts';
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

  test.each([
    [7 * 24 * HOUR_MS, true],
    [7 * 24 * HOUR_MS + 1, false],
    [LAST_INSTANT_MS - NINE, false],
  ])('is moved ahead by a week at most: %d ms, %s', (byMs, isTaken) => {
    const { real, clock } = clockAtNine();
    const course = courseAfter({ do: 'jump', to: NINE + byMs }, clock, real.now(), 0);
    expect(course).toMatchObject(isTaken ? { ok: true } : { ok: false, error: { code: 'too-far-ahead' } });
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

  test('a course that would set it back goes on from what has been read, also where its timer comes late', async () => {
    const { real, clock } = clockAtNine();
    const { marketMs, realMs } = { marketMs: NINE + 2_000, realMs: real.now() + 100 };
    void clock.follow({ marketMs, realMs, speed: 60, isPaused: true });
    real.hold(1_000);
    // It stood from its instant on: nothing after that has been read.
    expect([clock.now() - NINE, clock.isPaused]).toEqual([2_000, true]);
    void clock.follow({ marketMs, realMs: real.now(), speed: 60, isPaused: false });
    await real.advance(1_000);
    expect(clock.now() - NINE).toBe(62_000);
    void clock.follow({ marketMs, realMs, speed: 60, isPaused: true });
    expect([clock.now() - NINE, clock.lastMoveMs]).toEqual([62_000, 0]);
  });

  test('one that others follow takes a course ahead of its instant alone', async () => {
    const { real, clock } = clockAtNine();
    const course = { marketMs: NINE + 2_000, realMs: real.now() + 100, speed: 20, isPaused: true };
    expect(clock.takeUp({ ...course, realMs: real.now() })).toBe(false);
    expect([clock.takeUp(course), clock.latest, clock.isPaused]).toEqual([true, course, false]);
    await real.advance(100);
    expect([clock.isPaused, clock.latest, clock.takeUp(course)]).toEqual([true, course, false]);
  });

  test('held, it stands without a word, and catches up when let go', async () => {
    const { real, clock } = clockAtNine();
    const told: boolean[] = [];
    clock.onChange((course) => told.push(course.isPaused));
    clock.holdFrom(real.now() + 100)[Symbol.dispose]();
    await real.advance(200);
    expect([clock.now() - NINE, told]).toEqual([4_000, []]);
    const hold = clock.holdFrom(real.now() + 100);
    await real.advance(600);
    expect([clock.now() - NINE, clock.isPaused, told]).toEqual([6_000, true, []]);
    hold[Symbol.dispose]();
    expect([clock.now() - NINE, clock.monotonic(), clock.lastMoveMs, told]).toEqual([16_000, 6_000, 10_000, [false]]);
  });
});
