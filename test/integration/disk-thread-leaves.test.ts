import { expect, onTestFinished, test } from 'vitest';
import type { DiskReply } from '../../src/storage/disk-messages.ts';
import { startDiskWorker } from '../../src/storage/disk-thread.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** One of Node's threads on a home folder, asked one thing at a time. */
function worker(home: string) {
  const port = startDiskWorker(home);
  let next = Promise.withResolvers<DiskReply>();
  port.onReply((reply) => next.resolve(reply));
  const ended = Promise.withResolvers<'ended'>();
  port.onEnd(() => ended.resolve('ended'));
  onTestFinished(async () => {
    port.post('close');
    await ended.promise;
  });
  const answer = (): Promise<DiskReply | 'ended'> => {
    next = Promise.withResolvers<DiskReply>();
    return Promise.race([next.promise, ended.promise]);
  };
  return {
    open: () => {
      const reply = answer();
      port.post({ id: 1, task: 'open', args: [] });
      return reply;
    },
    ask: (request: 'close' | 'leave') => {
      const reply = answer();
      port.post(request);
      return reply;
    },
  };
}

test('a thread that is asked to leave ends, and the one with the lock on the home keeps it until it is closed', async () => {
  const home = temporaryHome();
  const [first, second, third] = [worker(home), worker(home), worker(home)];
  expect(await first.open()).toEqual({ id: 1, value: null });
  const inUse = { id: 1, value: expect.objectContaining({ code: 'home-in-use', pid: process.pid }) };
  expect(await second.open()).toEqual(inUse);
  expect(await second.ask('leave')).toBe('ended');
  expect(await first.ask('leave')).toEqual({ holdsLock: true });
  expect(await third.open()).toEqual(inUse);
  expect(await first.ask('close')).toBe('ended');
  expect(await third.open()).toEqual({ id: 1, value: null });
});
