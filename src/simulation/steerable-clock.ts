import { type Clock, systemClock } from '../clock.ts';
import { Listeners } from '../listeners.ts';
import { type ClockCourse, marketTimeAt } from './clock-course.ts';

interface Timer {
  /** On the clock's own monotonic time. */
  readonly dueMs: number;
  readonly run: () => void;
  handle: Disposable | null;
}

/**
 * Market time that can be paused, set to another speed and moved ahead while it runs. A move ahead changes wall time
 * alone, as a sleep of the PC does: ages and timers go by monotonic time, which runs on evenly, so that nothing seems to
 * have waited for as long as the move was.
 */
export class SteerableClock implements Clock {
  private readonly real: Clock;
  private readonly timers = new Set<Timer>();
  private readonly changes = new Listeners<ClockCourse>();
  private inForce: ClockCourse;
  /** Where both times were when the course in force began, on the real clock's monotonic time. */
  private anchor: { readonly realMs: number; readonly marketMs: number; readonly monotonicMs: number };
  private pending: Disposable | null = null;

  /** Until the real instant of `course` comes, time stands at its market instant. */
  constructor(course: ClockCourse, real: Clock = systemClock()) {
    this.real = real;
    this.inForce = course;
    const realMs = real.monotonic() + Math.max(0, course.realMs - real.now());
    this.anchor = { realMs, marketMs: marketTimeAt(course, real.now()), monotonicMs: 0 };
  }

  get speed(): number {
    return this.inForce.speed;
  }

  get isPaused(): boolean {
    return this.inForce.isPaused;
  }

  /** What this clock follows now. */
  get course(): ClockCourse {
    return this.inForce;
  }

  now(): number {
    return this.anchor.marketMs + this.passedMs();
  }

  monotonic(): number {
    return this.anchor.monotonicMs + this.passedMs();
  }

  /** Follows another course from its real instant on; resolves once it does. A course that was still to come is dropped. */
  follow(course: ClockCourse): Promise<void> {
    this.pending?.[Symbol.dispose]();
    const { promise, resolve } = Promise.withResolvers<void>();
    const begin = (): void => {
      this.pending = null;
      this.begin(course);
      resolve();
    };
    const waitMs = course.realMs - this.real.now();
    if (waitMs > 0) this.pending = this.real.setTimeout(begin, waitMs);
    else begin();
    return promise;
  }

  /** Told each time another course is in force. */
  onChange(listener: (course: ClockCourse) => void): Disposable {
    return this.changes.add(listener);
  }

  setTimeout(run: () => void, delayMs: number): Disposable {
    const timer: Timer = { dueMs: this.monotonic() + Math.max(0, delayMs), run, handle: null };
    this.timers.add(timer);
    this.arm(timer);
    return { [Symbol.dispose]: () => this.cancel(timer) };
  }

  setInterval(run: () => void, periodMs: number): Disposable {
    let dueMs = this.monotonic() + periodMs;
    let next: Disposable;
    const arm = (): void => {
      next = this.setTimeout(() => {
        dueMs = Math.max(dueMs + periodMs, this.monotonic());
        arm();
        run();
      }, dueMs - this.monotonic());
    };
    arm();
    return { [Symbol.dispose]: () => next[Symbol.dispose]() };
  }

  private begin(course: ClockCourse): void {
    const realMs = this.real.monotonic();
    // Its own monotonic time goes on from here: what has been read is never taken back.
    this.anchor = { realMs, marketMs: marketTimeAt(course, this.real.now()), monotonicMs: this.monotonic() };
    this.inForce = course;
    for (const timer of this.timers) this.arm(timer);
    this.changes.tell(course);
  }

  private passedMs(): number {
    return this.isPaused ? 0 : Math.max(0, this.real.monotonic() - this.anchor.realMs) * this.speed;
  }

  /** While time stands, only what is due already runs. */
  private arm(timer: Timer): void {
    timer.handle?.[Symbol.dispose]();
    timer.handle = null;
    const untilMs = timer.dueMs - this.monotonic();
    if (untilMs > 0 && this.isPaused) return;
    const leadMs = Math.max(0, this.anchor.realMs - this.real.monotonic());
    const waitMs = untilMs <= 0 ? 0 : leadMs + untilMs / this.speed;
    timer.handle = this.real.setTimeout(() => this.ring(timer), waitMs);
  }

  /** Real timers may come a moment early. */
  private ring(timer: Timer): void {
    if (timer.dueMs - this.monotonic() > this.speed) {
      this.arm(timer);
      return;
    }
    this.timers.delete(timer);
    timer.run();
  }

  private cancel(timer: Timer): void {
    this.timers.delete(timer);
    timer.handle?.[Symbol.dispose]();
  }
}
