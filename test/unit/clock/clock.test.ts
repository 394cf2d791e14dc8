import { describe, expect, test } from 'vitest';
import { ClockSpecError, formatClockSpec, parseClockSpec, scaledClock } from '../../../src/clock.ts';
import { RunawayError, VirtualClock } from '../../support/virtual-clock.ts';

const MARKET = '2026-11-23T08:49:50+05:30';

describe('MDTS_CLOCK', () => {
  test.each([
    [`${MARKET}@20`, { marketMs: Date.parse(MARKET), speed: 20, realMs: null }],
    [`${MARKET}@0.5`, { marketMs: Date.parse(MARKET), speed: 0.5, realMs: null }],
    [
      `${MARKET}@20@2026-11-23T04:00:00.000Z`,
      { marketMs: Date.parse(MARKET), speed: 20, realMs: Date.parse('2026-11-23T04:00:00Z') },
    ],
  ])('%s is read', (text, spec) => {
    expect(parseClockSpec(text)).toEqual(spec);
  });

  test.each([
    '',
    MARKET,
    `${MARKET}@0`,
    `${MARKET}@-1`,
    `${MARKET}@fast`,
    `2026-11-23T08:49:50@20`,
    `08:49@20`,
    `${MARKET}@20@noon`,
    `${MARKET}@20@2026-11-23T04:00:00Z@1`,
  ])('%j is refused with the form it should have', (text) => {
    expect(() => parseClockSpec(text)).toThrow(ClockSpecError);
  });

  test('what is written for another process reads back the same', () => {
    const spec = { marketMs: Date.parse(MARKET), speed: 60, realMs: 1_763_800_000_123 };
    expect(parseClockSpec(formatClockSpec(spec))).toEqual(spec);
  });
});

describe('the scaled clock', () => {
  const real = { wallMs: 1_000_000, monotonicMs: 50 };
  const time = { wall: () => real.wallMs, monotonic: () => real.monotonicMs };
  const pass = (ms: number): void => {
    real.wallMs += ms;
    real.monotonicMs += ms;
  };

  test('runs at its speed from its market instant', () => {
    const clock = scaledClock({ marketMs: 5_000, speed: 60, realMs: null }, time);
    expect(clock.now()).toBe(5_000);
    pass(100);
    expect(clock.now()).toBe(11_000);
    expect(clock.monotonic()).toBe(6_000);
  });

  test('two processes given the same anchor agree whenever they start', () => {
    const spec = { marketMs: 5_000, speed: 60, realMs: real.wallMs };
    const first = scaledClock(spec, time);
    pass(250);
    const second = scaledClock(spec, time);
    pass(10);
    expect(second.now()).toBe(first.now());
  });

  test('stands at its instant until an anchor in the future', () => {
    const clock = scaledClock({ marketMs: 5_000, speed: 60, realMs: real.wallMs + 100 }, time);
    pass(90);
    expect(clock.now()).toBe(5_000);
    pass(20);
    expect(clock.now()).toBe(5_600);
  });

  test('is not moved by a change of the PC clock', () => {
    const clock = scaledClock({ marketMs: 5_000, speed: 2, realMs: null }, time);
    real.wallMs += 3_600_000;
    pass(10);
    expect(clock.now()).toBe(5_020);
  });
});

describe('the virtual clock of the tests', () => {
  test('runs timers in order of their time, then of their creation, at their own instant', async () => {
    const clock = new VirtualClock(1_000);
    const seen: [string, number][] = [];
    const note = (name: string) => () => void seen.push([name, clock.now()]);
    clock.setTimeout(note('late'), 30);
    clock.setTimeout(note('first'), 10);
    clock.setTimeout(note('second'), 10);
    clock.setInterval(note('every'), 12);
    await clock.advance(30);
    expect(seen).toEqual([
      ['first', 1010],
      ['second', 1010],
      ['every', 1012],
      ['every', 1024],
      ['late', 1030],
    ]);
  });

  test('a disposed timer does not run and does not stay', async () => {
    const clock = new VirtualClock(0);
    let ran = false;
    const timer = clock.setTimeout(() => {
      ran = true;
    }, 5);
    timer[Symbol.dispose]();
    timer[Symbol.dispose]();
    await clock.advance(10);
    expect([ran, clock.pending]).toEqual([false, 0]);
  });

  test('a timer that re-arms itself without time passing is a runaway, not a hang', async () => {
    const clock = new VirtualClock(0, 100);
    const again = (): void => void clock.setTimeout(again, 0);
    again();
    await expect(clock.advance(1)).rejects.toThrow(RunawayError);
  });

  test('a jump moves the wall clock alone', async () => {
    const clock = new VirtualClock('2026-11-23T08:00:00+05:30');
    clock.jump(3_600_000);
    expect([clock.monotonic(), clock.now()]).toEqual([0, Date.parse('2026-11-23T09:00:00+05:30')]);
  });
});
