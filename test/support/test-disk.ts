import type { Clock } from '../../src/clock.ts';
import type { StorageCause } from '../../src/contract/state.ts';
import { storageCauseOf } from '../../src/storage/disk-error.ts';
import type { DiskReply, DiskRequest } from '../../src/storage/disk-messages.ts';
import { type DiskTasks, HomeTasks } from '../../src/storage/disk-tasks.ts';
import type { Disk, DiskPort } from '../../src/storage/disk-thread.ts';

/** Tasks of this thread, behind promises. */
export function promisedDisk(tasks: DiskTasks): Disk {
  return {
    open: async () => tasks.open(),
    loadJournal: async (...args) => tasks.loadJournal(...args),
    loadCandles: async (...args) => tasks.loadCandles(...args),
    writeHistory: async (...args) => tasks.writeHistory(...args),
    prune: async (...args) => tasks.prune(...args),
    stat: async (...args) => tasks.stat(...args),
    readText: async (...args) => tasks.readText(...args),
    saveSettings: async (...args) => tasks.saveSettings(...args),
    appendPart: async (...args) => tasks.appendPart(...args),
    putInPlace: async (...args) => tasks.putInPlace(...args),
    examine: async () => tasks.examine(),
    setAside: async (...args) => tasks.setAside(...args),
  };
}

/** What is wrong with a disk: it fails at once, answers late by so many ms, or does not answer at all. */
export type DiskFault = StorageCause | { readonly lateMs: number } | 'hangs';

/**
 * A home's disk without a thread of its own, with a fault that can be put in and taken out. One for all threads that are
 * started. What it was asked while it hung it answers when it no longer does, as a system does.
 */
export class TestDisk implements Disposable {
  /** Tasks that reached the disk, by name. */
  readonly done: string[] = [];
  /** Threads that were started. */
  threads = 0;
  private readonly clock: Clock;
  private readonly tasks: HomeTasks;
  private readonly held: (() => void)[] = [];
  private current: DiskFault | null = null;
  private isAtWork = false;

  constructor(clock: Clock, home: string) {
    this.clock = clock;
    this.tasks = new HomeTasks(home, () => undefined, clock);
  }

  get fault(): DiskFault | null {
    return this.current;
  }

  set fault(fault: DiskFault | null) {
    this.current = fault;
    if (fault !== 'hangs') for (const answer of this.held.splice(0)) queueMicrotask(answer);
  }

  /** Whether a task is being done now, in place of the thread that would do it. */
  get atWork(): boolean {
    return this.isAtWork;
  }

  readonly start = (): DiskPort => {
    let listener: (reply: DiskReply) => void = () => undefined;
    let ended: () => void = () => undefined;
    let isAbandoned = false;
    /** The one that hangs: it is under way, and nothing can take it back. */
    let inHand: DiskRequest | null = null;
    this.threads++;
    return {
      post: (request) => {
        const answer = (): void => {
          if (request === 'close' || request === 'leave') ended();
          else listener(isAbandoned && !isDone(request, inHand) ? abandonedReply(request.id) : this.answer(request));
        };
        if (this.current === 'hangs') {
          inHand ??= request;
          this.held.push(answer);
        } else if (typeof this.current === 'object' && this.current !== null) {
          this.clock.setTimeout(answer, this.current.lateMs);
        } else queueMicrotask(answer);
      },
      onReply: (next) => {
        listener = next;
      },
      abandon: () => {
        isAbandoned = true;
      },
      onEnd: (next) => {
        ended = next;
      },
    };
  };

  [Symbol.dispose](): void {
    this.tasks[Symbol.dispose]();
  }

  private answer({ id, task, args }: Exclude<DiskRequest, string>): DiskReply {
    if (typeof this.current === 'string' && this.current !== 'hangs') {
      return { id, failure: { cause: this.current, text: this.current, code: null } };
    }
    this.done.push(task);
    this.isAtWork = true;
    try {
      const run = this.tasks[task].bind(this.tasks) as (...given: readonly unknown[]) => unknown;
      return { id, value: run(...args) };
    } catch (error) {
      return { id, failure: { cause: storageCauseOf(error), text: String(error), code: null } };
    } finally {
      this.isAtWork = false;
    }
  }
}

/** What a thread that was given up still does when it comes back; only the database takes nothing from it. */
function isDone(request: DiskRequest, inHand: DiskRequest | null): boolean {
  return request === inHand && typeof request !== 'string' && request.task !== 'writeHistory';
}

function abandonedReply(id: number): DiskReply {
  return { id, failure: { cause: 'no-answer', text: 'This thread was given up.', code: null } };
}
