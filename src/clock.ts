/**
 * Time, injected. Everything below the composition roots tells the time and sets timers through a `Clock`, so that the
 * same code runs on the PC's clock, on market time at some speed (demo), and on a virtual clock (tests).
 */

/** Timers are returned as `Disposable`: disposing cancels, and disposing twice is harmless. */
export interface Clock {
  /** Wall time: milliseconds since the Unix epoch (UTC). May jump when the PC's clock is set. */
  now(): number;
  /** Milliseconds from an arbitrary origin, never going back. For ages and durations; runs at the speed of `now()`. */
  monotonic(): number;
  /** Calls `run` once after `delayMs` of this clock's time. */
  setTimeout(run: () => void, delayMs: number): Disposable;
  /** Calls `run` every `periodMs` of this clock's time. Late periods are skipped, not run in a burst. */
  setInterval(run: () => void, periodMs: number): Disposable;
  /** Clock milliseconds per real millisecond: 1 except when market time is scaled. */
  readonly speed: number;
  /** Time stands still, and `speed` is what it will go on at; absent on clocks that are never paused. */
  readonly isPaused?: boolean;
}

/** The longest delay Node's timers take (2^31 - 1 ms); longer waits are made of several. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** What a clock is made from: real wall and monotonic time in ms. Exists so that scaling itself can be tested. */
export interface RealTime {
  wall(): number;
  monotonic(): number;
}

const realTime: RealTime = { wall: () => Date.now(), monotonic: () => performance.now() };

/** The PC's own clock. */
export function systemClock(): Clock {
  return clockOf(
    1,
    () => realTime.wall(),
    () => realTime.monotonic(),
  );
}

/** `MDTS_CLOCK` taken apart: market time starts at `marketMs` when the PC's clock shows `realMs`, and runs at `speed`. */
export interface ClockSpec {
  /** Market instant, ms since the epoch (UTC). */
  readonly marketMs: number;
  /** Market ms per real ms; above 0. */
  readonly speed: number;
  /** The real instant both are anchored at, ms since the epoch; `null`: when the process starts. */
  readonly realMs: number | null;
}

/** A clock specification that cannot be read. */
export class ClockSpecError extends Error {
  readonly code = 'clock-spec';
}

/** Reads `<market instant>@<speed>[@<real instant>]`, instants in ISO 8601 with a zone. */
export function parseClockSpec(text: string): ClockSpec {
  const [market, speed, real, ...rest] = text.split('@');
  const spec: ClockSpec = {
    marketMs: instant(market),
    speed: Number(speed),
    realMs: real === undefined ? null : instant(real),
  };
  if (rest.length > 0 || Number.isNaN(spec.marketMs) || Number.isNaN(spec.realMs ?? 0) || !(spec.speed > 0)) {
    throw new ClockSpecError(
      `MDTS_CLOCK "${text}" is not <market instant>@<speed>[@<real instant>], e.g. 2026-11-23T08:49:50+05:30@20`,
    );
  }
  return spec;
}

function instant(text: string | undefined): number {
  const hasZone = text !== undefined && /T.*(Z|[+-]\d\d:?\d\d)$/.test(text);
  return hasZone ? Date.parse(text) : Number.NaN;
}

/** Writes a specification that another process can follow in step: the anchor is always included. */
export function formatClockSpec(spec: ClockSpec & { readonly realMs: number }): string {
  return `${new Date(spec.marketMs).toISOString()}@${spec.speed}@${new Date(spec.realMs).toISOString()}`;
}

/**
 * Market time at `spec.speed`, in step with every other process given the same anchored specification. Until a real
 * instant in the future comes, market time stands at `spec.marketMs`: processes can be started ahead of their day.
 */
export function scaledClock(spec: ClockSpec, real: RealTime = realTime): Clock {
  const sinceAnchorMs = real.wall() - (spec.realMs ?? real.wall());
  const originMarket = spec.marketMs + Math.max(0, sinceAnchorMs) * spec.speed;
  const originMonotonic = real.monotonic() + Math.max(0, -sinceAnchorMs);
  const elapsed = (): number => Math.max(0, real.monotonic() - originMonotonic) * spec.speed;
  return clockOf(spec.speed, () => originMarket + elapsed(), elapsed);
}

/** The real instant at which `clock` will show `marketMs`: for wake-ups by the operating system's own time. */
export function realDateAt(clock: Clock, marketMs: number): Date {
  return new Date(realTime.wall() + (marketMs - clock.now()) / clock.speed);
}

function clockOf(speed: number, now: () => number, monotonic: () => number): Clock {
  const timeout = (run: () => void, delayMs: number): Disposable => {
    const due = monotonic() + Math.max(0, delayMs);
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const waitMs = Math.min(LONGEST_TIMER_MS, Math.max(0, (due - monotonic()) / speed));
      handle = setTimeout(() => (monotonic() < due - speed ? arm() : run()), waitMs);
    };
    arm();
    return { [Symbol.dispose]: () => clearTimeout(handle) };
  };
  const interval = (run: () => void, periodMs: number): Disposable => {
    let due = monotonic() + periodMs;
    let pending: Disposable;
    const arm = (): void => {
      pending = timeout(() => {
        due = Math.max(due + periodMs, monotonic());
        arm();
        run();
      }, due - monotonic());
    };
    arm();
    return { [Symbol.dispose]: () => pending[Symbol.dispose]() };
  };
  return { now, monotonic, setTimeout: timeout, setInterval: interval, speed };
}
