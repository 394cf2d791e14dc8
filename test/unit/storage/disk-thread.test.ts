import { describe, expect, test } from 'vitest';
import type { DiskReply, DiskRequest } from '../../../src/storage/disk-messages.ts';
import { DISK_DEADLINE_MS, type DiskPort, DiskThread, hasHungThread } from '../../../src/storage/disk-thread.ts';
import { settleMicrotasks, VirtualClock } from '../../support/virtual-clock.ts';

type Task = Exclude<DiskRequest, string>;

/** A thread that answers when the test says so. */
class HandThread implements DiskPort {
  readonly posted: Task[] = [];
  isClosed = false;
  isAbandoned = false;
  hasEnded = false;
  /** Whether it holds the lock on the home: null, it does not come to say so. */
  holdsLock: boolean | null = false;
  private reply: (reply: DiskReply) => void = () => undefined;
  private end: () => void = () => undefined;

  post(request: DiskRequest): void {
    if (request === 'leave') queueMicrotask(() => this.leave());
    else if (request === 'close') this.isClosed = true;
    else this.posted.push(request);
  }
  onReply(listener: (reply: DiskReply) => void): void {
    this.reply = listener;
  }
  abandon(): void {
    this.isAbandoned = true;
  }
  onEnd(listener: () => void): void {
    const before = this.end;
    this.end = () => {
      before();
      listener();
    };
  }
  answer(value: unknown, index = 0): void {
    const [task] = this.posted.splice(index, 1);
    if (task === undefined) throw new Error('nothing was asked');
    this.reply({ id: task.id, value });
  }
  fail(cause: 'full' | 'locked', code: string): void {
    const [task] = this.posted.splice(0, 1);
    if (task === undefined) throw new Error('nothing was asked');
    this.reply({ id: task.id, failure: { cause, text: cause, code } });
  }
  leave(): void {
    if (this.holdsLock === true) this.reply({ holdsLock: true });
    else if (this.holdsLock === false) this.die();
  }
  die(): void {
    this.hasEnded = true;
    this.end();
  }
}

function diskThread() {
  const clock = new VirtualClock('2026-11-23T11:00:00+05:30');
  const threads: HandThread[] = [];
  let returned = 0;
  const disk = new DiskThread({
    clock,
    start: () => {
      const thread = new HandThread();
      threads.push(thread);
      return thread;
    },
    onNotice: () => undefined,
    onReturn: () => returned++,
  });
  const at = (index: number): HandThread => {
    const thread = threads[index];
    if (thread === undefined) throw new Error(`thread ${index} was not started`);
    return thread;
  };
  return { clock, threads, at, disk, returned: () => returned };
}

/** How a call has ended so far. */
function followed(call: Promise<unknown>): { outcome: unknown } {
  const state: { outcome: unknown } = { outcome: 'waiting' };
  call.then(
    (value: unknown) => {
      state.outcome = value;
    },
    (error: { code: string }) => {
      state.outcome = `rejected: ${error.code}`;
    },
  );
  return state;
}

describe('the thread of the disk', () => {
  test('answers each call by itself, in whatever order', async () => {
    const { disk, at } = diskThread();
    const [first, second] = [followed(disk.call('loadJournal', '2026-11-20')), followed(disk.call('stat', 'a'))];
    at(0).answer(null, 1);
    await settleMicrotasks();
    expect([first.outcome, second.outcome]).toEqual(['waiting', null]);
    at(0).answer('{}');
    await settleMicrotasks();
    expect(first.outcome).toBe('{}');
  });

  test('passes on why a call failed, and goes on', async () => {
    const { disk, at, threads } = diskThread();
    const call = followed(disk.call('stat', 'a'));
    at(0).fail('full', 'ENOSPC');
    await settleMicrotasks();
    const next = followed(disk.call('stat', 'a'));
    at(0).answer(null);
    await settleMicrotasks();
    expect([call.outcome, next.outcome, threads.length]).toEqual(['rejected: full', null, 1]);
  });

  test('ends every call by its deadline, and answers at once until a new thread is due', async () => {
    const { disk, clock, threads, at } = diskThread();
    const calls = [followed(disk.call('stat', 'a')), followed(disk.call('stat', 'b'))];
    await clock.advance(DISK_DEADLINE_MS - 1);
    expect(calls.map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting']);
    await clock.advance(1);
    expect(calls.map(({ outcome }) => outcome)).toEqual(['rejected: no-answer', 'rejected: no-answer']);
    expect([at(0).isAbandoned, hasHungThread()]).toEqual([true, true]);
    const soon = followed(disk.call('stat', 'c'));
    await settleMicrotasks();
    expect([soon.outcome, threads.length]).toEqual(['rejected: no-answer', 1]);
    await clock.advance(1_000);
    const later = followed(disk.call('stat', 'd'));
    at(1).answer(null);
    await settleMicrotasks();
    expect(later.outcome).toBeNull();
    at(0).answer(null);
    expect(hasHungThread()).toBe(false);
  });

  test('counts the time of each task from where the one before it was answered', async () => {
    const { disk, clock, threads, at } = diskThread();
    const calls = ['a', 'b', 'c', 'd'].map((path) => followed(disk.call('stat', path)));
    for (let answered = 0; answered < 3; answered++) {
      await clock.advance(DISK_DEADLINE_MS - 1);
      at(0).answer(null);
      await settleMicrotasks();
    }
    expect(calls.map(({ outcome }) => outcome)).toEqual([null, null, null, 'waiting']);
    expect([threads.length, at(0).isAbandoned, hasHungThread()]).toEqual([1, false, false]);
    await clock.advance(DISK_DEADLINE_MS - 1);
    expect(calls[3]?.outcome).toBe('waiting');
    await clock.advance(1);
    expect([calls[3]?.outcome, at(0).isAbandoned]).toEqual(['rejected: no-answer', true]);
    at(0).answer(null);
    await settleMicrotasks();
    expect([clock.pending, hasHungThread()]).toEqual([0, false]);
  });

  test('begins the deadline anew for a call after an idle time', async () => {
    const { disk, clock, at } = diskThread();
    followed(disk.call('stat', 'a'));
    at(0).answer(null);
    await clock.advance(DISK_DEADLINE_MS * 3);
    expect(clock.pending).toBe(0);
    const call = followed(disk.call('stat', 'b'));
    await clock.advance(DISK_DEADLINE_MS - 1);
    expect(call.outcome).toBe('waiting');
    at(0).answer(null);
    await settleMicrotasks();
    expect(call.outcome).toBeNull();
  });

  test('has one thread, and the one with the lock on the home, however often others hang and come back', async () => {
    const { disk, clock, threads, at } = diskThread();
    for (let round = 0; round < 20; round++) {
      const call = followed(disk.call('stat', 'a'));
      if (round === 0) at(0).holdsLock = true;
      await clock.advance(DISK_DEADLINE_MS);
      expect(call.outcome).toBe('rejected: no-answer');
      at(round).answer(null);
      await settleMicrotasks();
    }
    const next = followed(disk.call('stat', 'a'));
    at(20).answer(null);
    await settleMicrotasks();
    expect([next.outcome, hasHungThread(), clock.pending]).toEqual([null, false, 0]);
    expect(threads.flatMap(({ hasEnded }, index) => (hasEnded ? [] : [index]))).toEqual([0, 20]);
    expect(at(0).isClosed).toBe(false);
    // In the end the lock is given up too.
    const closed = followed(disk[Symbol.asyncDispose]());
    expect([at(0).isClosed, at(20).isClosed]).toEqual([true, true]);
    at(0).die();
    at(20).die();
    await settleMicrotasks();
    expect([closed.outcome, clock.pending]).toEqual([undefined, 0]);
  });

  test('lets one leave that was kept for a lock that is none any more', async () => {
    const { disk, clock, at } = diskThread();
    for (const round of [0, 1]) {
      followed(disk.call('stat', 'a'));
      at(round).holdsLock = true;
      // The folder has gone and was made anew: the second thread has the lock of it.
      if (round === 1) at(0).holdsLock = false;
      await clock.advance(DISK_DEADLINE_MS);
      at(round).answer(null);
      await settleMicrotasks();
    }
    expect([at(0).hasEnded, at(1).hasEnded]).toEqual([true, false]);
  });

  test('counts one that hangs again while it leaves', async () => {
    const { disk, clock, at } = diskThread();
    followed(disk.call('stat', 'a'));
    at(0).holdsLock = null;
    await clock.advance(DISK_DEADLINE_MS);
    at(0).answer(null);
    expect(hasHungThread()).toBe(false);
    await clock.advance(DISK_DEADLINE_MS);
    expect(hasHungThread()).toBe(true);
    at(0).die();
    expect([hasHungThread(), clock.pending]).toEqual([false, 0]);
  });

  test('closes one that comes back after the end, lock and all', async () => {
    const { disk, clock, at } = diskThread();
    followed(disk.call('stat', 'a'));
    at(0).holdsLock = true;
    await clock.advance(DISK_DEADLINE_MS);
    await disk[Symbol.asyncDispose]();
    at(0).answer(null);
    expect([at(0).isClosed, hasHungThread()]).toEqual([true, false]);
  });

  test('counts a thread that comes back once, however many answers it still has', async () => {
    const first = diskThread();
    for (const path of ['a', 'b', 'c']) followed(first.disk.call('stat', path));
    await first.clock.advance(DISK_DEADLINE_MS);
    const second = diskThread();
    followed(second.disk.call('stat', 'a'));
    await second.clock.advance(DISK_DEADLINE_MS);
    for (let answer = 0; answer < 3; answer++) first.at(0).answer(null);
    expect([hasHungThread(), first.returned()]).toEqual([true, 1]);
    second.at(0).answer(null);
    expect(hasHungThread()).toBe(false);
  });

  test('hangs in no more than four threads on a disk that never answers, and starts anew once one is back', async () => {
    const { disk, clock, threads, at } = diskThread();
    for (let minute = 0; minute < 600; minute++) {
      followed(disk.call('stat', 'a'));
      await clock.advance(60_000);
    }
    expect(threads.length).toBe(4);
    at(2).answer(null);
    const call = followed(disk.call('stat', 'a'));
    at(4).answer(null);
    await settleMicrotasks();
    expect(call.outcome).toBeNull();
    for (const index of [0, 1, 3]) at(index).answer(null);
    expect(hasHungThread()).toBe(false);
  });

  test('is started again when it ends by itself', async () => {
    const { disk, clock, at } = diskThread();
    const call = followed(disk.call('stat', 'a'));
    at(0).die();
    await settleMicrotasks();
    expect(call.outcome).toBe('rejected: failed');
    await clock.advance(1_000);
    const next = followed(disk.call('stat', 'a'));
    at(1).answer(null);
    await settleMicrotasks();
    expect(next.outcome).toBeNull();
  });

  test('closes within two seconds, whatever hangs, and starts no other', async () => {
    const { disk, clock, threads, at } = diskThread();
    const call = followed(disk.call('stat', 'a'));
    const closed = followed(disk[Symbol.asyncDispose]());
    await clock.advance(2_000);
    expect([closed.outcome, call.outcome, at(0).isClosed]).toEqual([undefined, 'rejected: no-answer', true]);
    const after = followed(disk.call('stat', 'a'));
    await clock.advance(120_000);
    expect([after.outcome, threads.length, clock.pending]).toEqual(['rejected: failed', 1, 0]);
    at(0).die();
    expect(hasHungThread()).toBe(false);
  });
});
