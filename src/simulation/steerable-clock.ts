import type { Clock } from '../clock.ts';
import { Listeners } from '../listeners.ts';
import { type ClockCourse, marketTimeAt } from './clock-course.ts';

interface Timer {
  /** On the clock's own monotonic time. */
  readonly dueMs: number;
  readonly run: () => void;
  handle: Disposable | null;
}

/** A course that has begun, or will. */
interface Beginning {
  readonly course: ClockCourse;
  /** On the real clock's monotonic time. */
  readonly atMs: number;
  /** What the course shows then. */
  readonly marketMs: number;
}

/**
 * Market time that can be paused, set to another speed and moved ahead while it runs. A move ahead changes wall time
 * alone, as a sleep of the PC does: ages and timers go by monotonic time, which runs on evenly, so that nothing seems to
 * have waited for as long as the move was. No course takes time back: one that would goes on from what has been read.
 */
export class SteerableClock implements Clock {
  private readonly real: Clock;
  private readonly timers = new Set<Timer>();
  private readonly changes = new Listeners<ClockCourse>();
  private inForce: ClockCourse;
  /** Where both times were when the course in force began, on the real clock's monotonic time. */
  private anchor: { readonly realMs: number; readonly marketMs: number; readonly monotonicMs: number };
  private upcoming: Beginning | null = null;
  private pending: Disposable | null = null;
  private movedMs = 0;

  /** Until the real instant of `course` comes, time stands at its market instant. */
  constructor(course: ClockCourse, real: Clock) {
    this.real = real;
    this.inForce = course;
    const realMs = real.monotonic() + Math.max(0, course.realMs - real.now());
    this.anchor = { realMs, marketMs: marketTimeAt(course, real.now()), monotonicMs: 0 };
  }

  get speed(): number {
    return this.course.speed;
  }

  get isPaused(): boolean {
    return this.course.isPaused;
  }

  /** What this clock follows now. */
  get course(): ClockCourse {
    this.takeEffect();
    return this.inForce;
  }

  /** What it follows or, where it has taken up another course already, is about to. */
  get latest(): ClockCourse {
    return this.upcoming?.course ?? this.inForce;
  }

  /** How far the course in force moved wall time ahead as it began, ms. */
  get lastMoveMs(): number {
    return this.movedMs;
  }

  now(): number {
    this.takeEffect();
    return this.anchor.marketMs + this.passedMs(this.real.monotonic());
  }

  monotonic(): number {
    this.takeEffect();
    return this.anchor.monotonicMs + this.passedMs(this.real.monotonic());
  }

  /** Follows another course from its real instant on; resolves once it does. A course that was still to come is dropped. */
  follow(course: ClockCourse): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.schedule(course, () => {
      this.changes.tell(course);
      resolve();
    });
    return promise;
  }

  /**
   * The same for the clock whose time others follow: a course that comes too late is refused. Whoever has waited for its
   * instant can then ask, and know for good, whether it is followed.
   */
  takeUp(course: ClockCourse): boolean {
    if (course.realMs <= this.real.now()) return false;
    void this.follow(course);
    return true;
  }

  /**
   * Has time stand from a real instant on (ms since the epoch) until another course is followed; nobody is told. Disposed
   * before, time goes on as it did; if it has stood by then, it catches up, and that is told.
   */
  holdFrom(realMs: number): Disposable {
    const before = this.course;
    if (before.isPaused) return { [Symbol.dispose]: () => undefined };
    const hold: ClockCourse = { ...before, marketMs: this.now(), realMs, isPaused: true };
    this.schedule(hold, () => undefined);
    return {
      [Symbol.dispose]: () => {
        this.takeEffect();
        if (this.upcoming?.course === hold) this.dropUpcoming();
        else if (this.inForce === hold) void this.follow(before);
      },
    };
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

  private schedule(course: ClockCourse, begun: () => void): void {
    this.takeEffect();
    this.dropUpcoming();
    const [realMs, monotonicMs] = [this.real.now(), this.real.monotonic()];
    const waitMs = Math.max(0, course.realMs - realMs);
    this.upcoming = { course, atMs: monotonicMs + waitMs, marketMs: marketTimeAt(course, realMs) };
    const begin = (): void => {
      // Real timers may come a moment early.
      if (this.upcoming?.course === course)
        this.begin(this.upcoming, Math.min(this.upcoming.atMs, this.real.monotonic()));
      this.pending = null;
      for (const timer of this.timers) this.arm(timer);
      begun();
    };
    if (waitMs > 0) this.pending = this.real.setTimeout(begin, waitMs);
    else begin();
  }

  private dropUpcoming(): void {
    this.pending?.[Symbol.dispose]();
    this.pending = null;
    this.upcoming = null;
  }

  /** A course is in force from its instant on, also where its timer comes late: what is read does not hang on that. */
  private takeEffect(): void {
    if (this.upcoming !== null && this.real.monotonic() >= this.upcoming.atMs) {
      this.begin(this.upcoming, this.upcoming.atMs);
    }
  }

  /** Its own monotonic time goes on from here, and wall time no less: what has been read is never taken back. */
  private begin({ course, marketMs }: Beginning, realMs: number): void {
    this.upcoming = null;
    const passedMs = this.passedMs(realMs);
    const readMs = this.anchor.marketMs + passedMs;
    this.movedMs = Math.max(0, marketMs - readMs);
    this.anchor = { realMs, marketMs: readMs + this.movedMs, monotonicMs: this.anchor.monotonicMs + passedMs };
    this.inForce = course;
  }

  /** Since the course in force began, until an instant of the real clock's monotonic time. */
  private passedMs(untilMs: number): number {
    return this.inForce.isPaused ? 0 : Math.max(0, untilMs - this.anchor.realMs) * this.inForce.speed;
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
