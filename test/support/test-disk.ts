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
    setAside: async (...args) => tasks.setAside(...args),
  };
}

/** What is wrong with a disk: it fails at once, answers late by so many ms, or does not answer at all. */
export type DiskFault = StorageCause | { readonly lateMs: number } | 'hangs';

/** A home's disk without a thread, with a fault that can be put in and taken out. One for all threads that are started. */
export class TestDisk implements Disposable {
  fault: DiskFault | null = null;
  /** Tasks that reached the disk, by name. */
  readonly done: string[] = [];
  private readonly clock: Clock;
  private readonly tasks: HomeTasks;

  constructor(clock: Clock, home: string) {
    this.clock = clock;
    this.tasks = new HomeTasks(home, () => undefined);
  }

  readonly start = (): DiskPort => {
    let listener: (reply: DiskReply) => void = () => undefined;
    let ended: () => void = () => undefined;
    return {
      post: (request) => {
        const answer = (): void => {
          if (request === 'close') ended();
          else listener(this.answer(request));
        };
        if (this.fault === 'hangs') return;
        if (typeof this.fault === 'object' && this.fault !== null) this.clock.setTimeout(answer, this.fault.lateMs);
        else queueMicrotask(answer);
      },
      onReply: (next) => {
        listener = next;
      },
      onEnd: (next) => {
        ended = next;
      },
    };
  };

  [Symbol.dispose](): void {
    this.tasks[Symbol.dispose]();
  }

  private answer({ id, task, args }: Exclude<DiskRequest, 'close'>): DiskReply {
    if (typeof this.fault === 'string' && this.fault !== 'hangs') {
      return { id, failure: { cause: this.fault, text: this.fault, code: null } };
    }
    this.done.push(task);
    try {
      const run = this.tasks[task].bind(this.tasks) as (...given: readonly unknown[]) => unknown;
      return { id, value: run(...args) };
    } catch (error) {
      return { id, failure: { cause: storageCauseOf(error), text: String(error), code: null } };
    }
  }
}
