import type { Clock } from '../clock.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { SteeringOrder } from '../contract/transport.ts';
import { DAY_MS, istTimeOf } from '../market/ist.ts';
import type { ClockCourse } from './clock-course.ts';
import type { SteerableClock } from './steerable-clock.ts';
import { CourseRefusedError, type SteeredExchange, SteeringError } from './steered-exchange.ts';

/** A course begins at least so long after it was decided, and longer with an exchange that is slow to answer; real ms. */
const LEAD_MS = 100;
/** Real ms. */
const ANSWERS_WITHIN_MS = 3_000;
/** How often an exchange is asked that may have taken a course and does not say; real ms. */
const ASK_AGAIN_MS = 1_000;

/** No two market days are further apart. */
const FURTHEST_JUMP_MS = 7 * DAY_MS;

export interface SteeringPorts {
  readonly clock: SteerableClock;
  readonly exchange: SteeredExchange;
  /** Real time. */
  readonly real: Clock;
}

/**
 * Steers the time of a simulation: the exchange's and the desk's, from the same real instant on. When the exchange does
 * not follow, nothing changes. Where that is not known by the instant, the desk's time stands until it is: whatever the
 * exchange has done, the desk can then go ahead to the same time, and never has to go back.
 */
export class Steering implements Disposable {
  private readonly ports: SteeringPorts;
  private readonly real: Clock;
  /** Orders are carried out one after the other: each starts from what the one before has made of time. */
  private last: Promise<unknown> = Promise.resolve();
  /** What the exchange follows is not known: the desk's time stands. */
  private isLost = false;
  private askAgain: Disposable | null = null;
  private isDisposed = false;

  constructor(ports: SteeringPorts) {
    this.ports = ports;
    this.real = ports.real;
  }

  get clock(): SteerableClock {
    return this.ports.clock;
  }

  /** Resolves when the order is in force, or with why it cannot be. */
  steer(order: SteeringOrder): Promise<Result<null>> {
    const done = this.last.then(() => this.carryOut(order));
    this.last = done.catch(() => undefined);
    return done;
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
    this.askAgain?.[Symbol.dispose]();
  }

  private async carryOut(order: SteeringOrder): Promise<Result<null>> {
    const { clock } = this.ports;
    const askedMs = this.real.monotonic();
    const exchange = await this.ask();
    if (exchange === null) return this.isLost ? standing() : asItIs('does not answer');
    await this.found(exchange.course);
    // The exchange must have heard of the course, and said so, by the time it begins.
    const leadMs = Math.max(LEAD_MS, 2 * (this.real.monotonic() - askedMs));
    const { speed, isPaused } = exchange.course;
    // Of two that were not in step, the one behind moves ahead.
    const base = { now: () => Math.max(clock.now(), exchange.nowMs), speed, isPaused };
    const course = courseAfter(order, base, this.real.now() + leadMs, leadMs);
    if (!course.ok) return course;
    return await this.hand(course.value);
  }

  /** Hands a course to the exchange and, when it is taken, follows it. */
  private async hand(course: ClockCourse): Promise<Result<null>> {
    const { clock } = this.ports;
    const hold = clock.holdFrom(course.realMs);
    const isTaken = await this.isTaken(course);
    if (isTaken === null) {
      this.isLost = true;
      await clock.follow({ ...clock.course, marketMs: clock.now(), realMs: this.real.now(), isPaused: true });
      this.askLater();
      return standing();
    }
    if (isTaken) {
      await clock.follow(course);
      return ok(null);
    }
    hold[Symbol.dispose]();
    return asItIs('did not follow');
  }

  /** Whether the exchange follows a course that it is handed; null: it does not say. */
  private async isTaken(course: ClockCourse): Promise<boolean | null> {
    try {
      await this.inTime((signal) => this.ports.exchange.follow(course, signal));
      return true;
    } catch (error) {
      if (error instanceof CourseRefusedError) return false;
    }
    // From its instant on it is not taken any more: what the exchange says then is final.
    await this.until(course.realMs);
    const exchange = await this.ask();
    return exchange === null ? null : isSame(exchange.course, course);
  }

  private askLater(): void {
    if (this.isDisposed) return;
    this.askAgain = this.real.setTimeout(() => {
      this.last = this.last.then(async () => {
        if (!this.isLost || this.isDisposed) return;
        const exchange = await this.ask();
        if (exchange === null) this.askLater();
        else await this.found(exchange.course);
      });
    }, ASK_AGAIN_MS);
  }

  /** The desk, whose time stood because this was not known, goes on with the exchange. */
  private async found(course: ClockCourse): Promise<void> {
    if (!this.isLost) return;
    this.isLost = false;
    this.askAgain?.[Symbol.dispose]();
    await this.ports.clock.follow(course);
  }

  /** What the exchange follows, and what its clock shows; null: it does not answer. */
  private async ask(): Promise<Awaited<ReturnType<SteeredExchange['time']>> | null> {
    try {
      return await this.inTime((signal) => this.ports.exchange.time(signal));
    } catch {
      return null;
    }
  }

  private async inTime<Value>(call: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const limit = new AbortController();
    const late = Promise.withResolvers<never>();
    using _timer = this.real.setTimeout(() => {
      late.reject(new SteeringError('the exchange did not answer in time'));
      limit.abort();
    }, ANSWERS_WITHIN_MS);
    return await Promise.race([call(limit.signal), late.promise]);
  }

  private until(realMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.real.setTimeout(resolve, realMs - this.real.now());
    return promise;
  }
}

function asItIs(why: string): Result<null> {
  return failed('exchange-away', `The simulated exchange ${why}: its time was left as it is.`);
}

function standing(): Result<null> {
  return failed('exchange-away', 'The simulated exchange does not answer: the simulation stands until it does.');
}

function isSame(one: ClockCourse, other: ClockCourse): boolean {
  return (
    one.marketMs === other.marketMs &&
    one.realMs === other.realMs &&
    one.speed === other.speed &&
    one.isPaused === other.isPaused
  );
}

/** The course an order makes of a clock, from `leadMs` of real time from now on. Time is never taken back. */
export function courseAfter(
  order: SteeringOrder,
  clock: Pick<Clock, 'now' | 'speed' | 'isPaused'>,
  realMs: number,
  leadMs: number,
): Result<ClockCourse> {
  const { speed } = clock;
  const isPaused = clock.isPaused === true;
  const marketMs = clock.now() + (isPaused ? 0 : leadMs * speed);
  switch (order.do) {
    case 'pause':
      return ok({ marketMs, realMs, speed, isPaused: true });
    case 'resume':
      return ok({ marketMs, realMs, speed, isPaused: false });
    case 'speed':
      return ok({ marketMs, realMs, speed: order.speed, isPaused });
    case 'jump':
      if (order.to - marketMs > FURTHEST_JUMP_MS) {
        return failed('too-far-ahead', 'A simulation can be moved ahead by a week at most.');
      }
      if (order.to > marketMs) return ok({ marketMs: order.to, realMs, speed, isPaused });
      return failed(
        'time-has-passed',
        `It is past ${istTimeOf(order.to).slice(0, 5)} already: a simulation cannot go back.`,
      );
  }
}
