import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { DiskError } from './disk-error.ts';
import type { DiskReply, DiskRequest } from './disk-messages.ts';
import type { DiskTaskName, DiskTasks } from './disk-tasks.ts';

/**
 * The tasks of the disk, asked for from another thread. Every call ends, with `DiskError` if need be: the thread is given up
 * with all that waits for it once the task it is at takes longer than `DISK_DEADLINE_MS`.
 */
export type Disk = {
  readonly [Task in DiskTaskName]: (...args: Parameters<DiskTasks[Task]>) => Promise<ReturnType<DiskTasks[Task]>>;
};

/** A thread as `DiskThread` uses it; a worker of Node's, or a test's. */
export interface DiskPort {
  post(message: DiskRequest): void;
  onReply(listener: (reply: DiskReply) => void): void;
  /** Nobody waits for it any longer: what it still has before it is not to be done, and what it does not to be kept. */
  abandon(): void;
  /** The thread ended by itself. */
  onEnd(listener: () => void): void;
}

export interface DiskThreadPorts {
  /** Real time. */
  readonly clock: Clock;
  readonly start: () => DiskPort;
  readonly onNotice: (text: string) => void;
  /** A thread that was given up has come back: what it was doing may have come after what was done since. */
  readonly onReturn?: () => void;
}

/** For one task. A local disk answers in milliseconds; a network drive that answers at all, in a few seconds. */
export const DISK_DEADLINE_MS = 5_000;
/** A thread that hangs is left alone; the next one is not started sooner than this, and later each time. */
const FIRST_RESTART_MS = 1_000;
const LONGEST_RESTART_MS = 60_000;
const SHUTDOWN_MS = 2_000;
/** Threads that may hang at a time: each keeps some MB. Beyond it one of them has to come back first. */
const MOST_HUNG = 4;

/** Threads of this process that hang in the system. */
const hungThreads = new Set<DiskPort>();

/** Whether a thread hangs in the system: the process cannot end in order while one does. */
export function hasHungThread(): boolean {
  return hungThreads.size > 0;
}

/** Ends the process, whatever hangs. */
export function endProcess(exitCode: number): void {
  if (hasHungThread()) process.kill(process.pid, 'SIGKILL');
  process.exit(exitCode);
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: DiskError) => void;
}

/**
 * One thread for all files of the home folder. A call that the system does not answer cannot be taken back: its thread is
 * given up as it is, and the next call after a pause gets a new one. One that comes back after all is ended, unless it holds
 * the lock on the home.
 */
export class DiskThread implements AsyncDisposable {
  private readonly ports: DiskThreadPorts;
  private readonly waiting = new Map<number, Waiting>();
  private readonly hung = new Set<DiskPort>();
  /** Given up and come back: asked to leave, with the deadline for it, or kept for the lock (null). */
  private readonly returned = new Map<DiskPort, Disposable | null>();
  /** Of the task the thread is at. */
  private deadline: Disposable | null = null;
  private isClosed = false;
  private port: DiskPort | null = null;
  private nextId = 1;
  private restartAtMs = Number.NEGATIVE_INFINITY;
  private restartDelayMs = FIRST_RESTART_MS;

  constructor(ports: DiskThreadPorts) {
    this.ports = ports;
  }

  async call<Task extends DiskTaskName>(
    task: Task,
    ...args: Parameters<DiskTasks[Task]>
  ): Promise<ReturnType<DiskTasks[Task]>> {
    const port = this.running();
    const id = this.nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.waiting.set(id, { resolve, reject });
    if (this.deadline === null) this.expectReply(port);
    port.post({ id, task, args });
    return (await promise) as ReturnType<DiskTasks[Task]>;
  }

  /** Closes what the threads hold open; one that does not answer is not waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    const ports = [...this.returned.keys(), ...(this.port === null ? [] : [this.port])];
    await Promise.all(ports.map((port) => this.close(port)));
  }

  private async close(port: DiskPort): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    port.onEnd(resolve);
    this.noLongerReturned(port);
    const deadline = this.ports.clock.setTimeout(() => {
      if (port === this.port) this.giveUp(port);
      else this.noteHung(port);
      resolve();
    }, SHUTDOWN_MS);
    port.post('close');
    await promise;
    deadline[Symbol.dispose]();
  }

  private running(): DiskPort {
    if (this.port !== null) return this.port;
    const { clock, start } = this.ports;
    if (this.isClosed) throw new DiskError('failed', 'The files are closed.');
    if (clock.monotonic() < this.restartAtMs || this.hung.size >= MOST_HUNG) throw noAnswer();
    const port = start();
    this.port = port;
    port.onReply((reply) => this.onReply(port, reply));
    port.onEnd(() => {
      this.noLongerHung(port);
      this.noLongerReturned(port);
      this.drop(port, new DiskError('failed', 'The thread for files ended by itself.'));
    });
    return port;
  }

  private onReply(port: DiskPort, reply: DiskReply): void {
    if ('notice' in reply) {
      this.ports.onNotice(reply.notice);
      return;
    }
    if ('holdsLock' in reply) {
      this.noLongerHung(port);
      this.noLongerReturned(port);
      if (this.isClosed) port.post('close');
      else this.returned.set(port, null);
      return;
    }
    if (port !== this.port) {
      if (this.noLongerHung(port)) this.letLeave(port);
      return;
    }
    this.restartDelayMs = FIRST_RESTART_MS;
    const call = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    this.expectReply(port);
    if ('failure' in reply) {
      const { cause, text, code } = reply.failure;
      call?.reject(new DiskError(cause, text, code));
    } else call?.resolve(reply.value);
  }

  /** The thread does one task after another: what waits behind the one it is at has its own time yet to come. */
  private expectReply(port: DiskPort): void {
    this.deadline?.[Symbol.dispose]();
    this.deadline =
      this.waiting.size === 0 ? null : this.ports.clock.setTimeout(() => this.giveUp(port), DISK_DEADLINE_MS);
  }

  private giveUp(port: DiskPort): void {
    if (port !== this.port) return;
    this.noteHung(port);
    this.drop(port, noAnswer());
  }

  private noteHung(port: DiskPort): void {
    port.abandon();
    this.hung.add(port);
    hungThreads.add(port);
  }

  /** Whether it was hung until now. The system answers again then: the next call need not wait. */
  private noLongerHung(port: DiskPort): boolean {
    if (!this.hung.delete(port)) return false;
    hungThreads.delete(port);
    this.restartAtMs = Number.NEGATIVE_INFINITY;
    this.ports.onReturn?.();
    return true;
  }

  /** One that has come back, and those kept before it: the lock they held may be none any more. */
  private letLeave(port: DiskPort): void {
    if (this.isClosed) {
      port.post('close');
      return;
    }
    const kept = [...this.returned].flatMap(([other, deadline]) => (deadline === null ? [other] : []));
    for (const each of [port, ...kept]) {
      const deadline = this.ports.clock.setTimeout(() => {
        this.returned.delete(each);
        this.noteHung(each);
      }, DISK_DEADLINE_MS);
      this.returned.set(each, deadline);
      each.post('leave');
    }
  }

  private noLongerReturned(port: DiskPort): void {
    this.returned.get(port)?.[Symbol.dispose]();
    this.returned.delete(port);
  }

  private drop(port: DiskPort, error: DiskError): void {
    if (port !== this.port) return;
    this.port = null;
    this.deadline?.[Symbol.dispose]();
    this.deadline = null;
    this.restartAtMs = this.ports.clock.monotonic() + this.restartDelayMs;
    this.restartDelayMs = Math.min(LONGEST_RESTART_MS, this.restartDelayMs * 2);
    const calls = [...this.waiting.values()];
    this.waiting.clear();
    for (const call of calls) call.reject(error);
  }
}

function noAnswer(): DiskError {
  return new DiskError('no-answer', 'The disk does not respond.');
}

/** The worker's program as text, where a bundler has put it into the main program. */
declare const DISK_WORKER_SOURCE: string | undefined;

/** Node's own worker on a home folder. */
export function startDiskWorker(home: string): DiskPort {
  const abandoned = new Int32Array(new SharedArrayBuffer(4));
  const options = { workerData: { home, abandoned }, stdin: false };
  const worker =
    typeof DISK_WORKER_SOURCE === 'string'
      ? new Worker(DISK_WORKER_SOURCE, { ...options, eval: true })
      : new Worker(new URL('./disk-worker.ts', import.meta.url), options);
  // A process is not kept alive by a thread that hangs.
  worker.unref();
  worker.on('error', () => undefined);
  return {
    post: (message) => worker.postMessage(message),
    abandon: () => void Atomics.store(abandoned, 0, 1),
    onReply: (listener) => void worker.on('message', listener),
    onEnd: (listener) => void worker.once('exit', listener),
  };
}

/** The thread's tasks as methods. */
export function diskOf(thread: DiskThread): Disk {
  return {
    open: (...args) => thread.call('open', ...args),
    loadJournal: (...args) => thread.call('loadJournal', ...args),
    loadCandles: (...args) => thread.call('loadCandles', ...args),
    writeHistory: (...args) => thread.call('writeHistory', ...args),
    prune: (...args) => thread.call('prune', ...args),
    stat: (...args) => thread.call('stat', ...args),
    readText: (...args) => thread.call('readText', ...args),
    saveSettings: (...args) => thread.call('saveSettings', ...args),
    appendPart: (...args) => thread.call('appendPart', ...args),
    putInPlace: (...args) => thread.call('putInPlace', ...args),
    examine: (...args) => thread.call('examine', ...args),
    setAside: (...args) => thread.call('setAside', ...args),
  };
}
