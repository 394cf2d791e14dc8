import type { Clock } from '../../src/clock.ts';

interface Task {
  readonly id: number;
  dueMs: number;
  readonly run: () => void;
  readonly periodMs: number | null;
}

/** A test ran more timers than it could have meant to: something re-arms itself without time passing. */
export class RunawayError extends Error {
  readonly code = 'runaway-timers';
}

/**
 * Time that moves only when a test says so. Timers run in order of (due time, creation); `now()` inside a timer is its
 * due time. `jump` changes the wall clock alone, as setting the PC's clock or a sleep would.
 */
export class VirtualClock implements Clock {
  /** Clock ms per real ms, as it says; what a test lets pass is clock ms whatever it is. */
  speed = 1;
  private elapsedMs = 0;
  private wallOffsetMs: number;
  private nextId = 1;
  private readonly tasks = new Map<number, Task>();
  private readonly maxTasks: number;

  /** `start`: an ISO instant with a zone, or ms since the epoch. `maxTasks` bounds the timers run in one `advance`. */
  constructor(start: string | number, maxTasks = 1_000_000) {
    this.wallOffsetMs = typeof start === 'number' ? start : Date.parse(start);
    if (Number.isNaN(this.wallOffsetMs)) throw new Error(`not an instant: ${start}`);
    this.maxTasks = maxTasks;
  }

  now(): number {
    return this.wallOffsetMs + this.elapsedMs;
  }

  monotonic(): number {
    return this.elapsedMs;
  }

  setTimeout(run: () => void, delayMs: number): Disposable {
    return this.add(run, Math.max(0, delayMs), null);
  }

  setInterval(run: () => void, periodMs: number): Disposable {
    return this.add(run, periodMs, Math.max(1, periodMs));
  }

  /** Timers waiting, for tests that look for leaks. */
  get pending(): number {
    return this.tasks.size;
  }

  /** Moves the wall clock without running or moving any timer. */
  jump(byMs: number): void {
    this.wallOffsetMs += byMs;
  }

  /** Lets time pass without a timer running, as a process that is held up does: what is due runs late, and once. */
  hold(byMs: number): void {
    this.elapsedMs += byMs;
  }

  /** Runs every timer due within `byMs`, in order, then stands at the end. Promise callbacks run between timers. */
  async advance(byMs: number, settle: () => Promise<void> = settleMicrotasks): Promise<void> {
    const endMs = this.elapsedMs + byMs;
    await settle();
    for (let ran = 0; ; ran++) {
      if (ran > this.maxTasks) throw new RunawayError(`more than ${this.maxTasks} timers within ${byMs} ms`);
      const task = this.nextDue(endMs);
      if (task === null) break;
      this.elapsedMs = Math.max(this.elapsedMs, task.dueMs);
      if (task.periodMs === null) this.tasks.delete(task.id);
      else task.dueMs = Math.max(task.dueMs + task.periodMs, this.elapsedMs);
      task.run();
      await settle();
    }
    this.elapsedMs = endMs;
    await settle();
  }

  /** Advances to a wall instant: ISO with a zone, or ms since the epoch. */
  async advanceTo(instant: string | number, settle?: () => Promise<void>): Promise<void> {
    const target = typeof instant === 'number' ? instant : Date.parse(instant);
    await this.advance(target - this.now(), settle);
  }

  private add(run: () => void, delayMs: number, periodMs: number | null): Disposable {
    const task: Task = { id: this.nextId++, dueMs: this.elapsedMs + delayMs, run, periodMs };
    this.tasks.set(task.id, task);
    return { [Symbol.dispose]: () => void this.tasks.delete(task.id) };
  }

  private nextDue(endMs: number): Task | null {
    let first: Task | null = null;
    for (const task of this.tasks.values()) {
      if (task.dueMs > endMs) continue;
      if (first === null || task.dueMs < first.dueMs || (task.dueMs === first.dueMs && task.id < first.id))
        first = task;
    }
    return first;
  }
}

/** Lets promise callbacks run until they stop making more of themselves in the same turn. */
export async function settleMicrotasks(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
