import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { SteeringOrder } from '../contract/transport.ts';
import { istTimeOf } from '../market/ist.ts';
import type { ClockCourse } from './clock-course.ts';
import type { SteerableClock } from './steerable-clock.ts';

/** A course begins so long after it was decided that both processes have heard of it by then; real ms. */
const LEAD_MS = 100;

export interface SteeringPorts {
  readonly clock: SteerableClock;
  /** Hands a course to the simulated exchange. Rejects when it does not take it. */
  readonly tellExchange: (course: ClockCourse) => Promise<void>;
  readonly real?: Clock;
}

/**
 * Steers the time of a simulation: the exchange's and the desk's, from the same real instant on. The exchange is asked
 * first; when it does not follow, nothing changes.
 */
export class Steering {
  private readonly ports: SteeringPorts;
  private readonly real: Clock;
  /** Orders are carried out one after the other: each starts from what the one before has made of time. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(ports: SteeringPorts) {
    this.ports = ports;
    this.real = ports.real ?? systemClock();
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

  private async carryOut(order: SteeringOrder): Promise<Result<null>> {
    const { clock, tellExchange } = this.ports;
    const course = courseAfter(order, clock, this.real.now() + LEAD_MS, LEAD_MS);
    if (!course.ok) return course;
    try {
      await tellExchange(course.value);
    } catch {
      return failed('exchange-away', 'The simulated exchange does not answer: its time was left as it is.');
    }
    await clock.follow(course.value);
    return ok(null);
  }
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
      if (order.to > marketMs) return ok({ marketMs: order.to, realMs, speed, isPaused });
      return failed(
        'time-has-passed',
        `It is past ${istTimeOf(order.to).slice(0, 5)} already: a simulation cannot go back.`,
      );
  }
}

/** Hands courses to the control of an exchange at `root`. */
export function tellExchangeAt(root: string): (course: ClockCourse) => Promise<void> {
  return async (course) => {
    const answer = await fetch(`${root}/__control/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(course),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new SteeringError(`the exchange answered ${answer.status}`);
  };
}

const ANSWERS_WITHIN_MS = 3_000;

/** An exchange that does not take a course. */
export class SteeringError extends Error {
  readonly code = 'steering';
}
