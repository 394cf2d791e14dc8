import { describe, expect, test } from 'vitest';
import { RetriedWrite } from '../../../src/storage/retried-write.ts';
import { settleMicrotasks, VirtualClock } from '../../support/virtual-clock.ts';

/** A writer whose disk fails, takes it all, or has not answered yet. */
function writer(outcome: 'fails' | 'writes' | 'more' | 'hangs') {
  const clock = new VirtualClock('2026-11-23T11:00:00+05:30');
  const held = Promise.withResolvers<boolean>();
  let writes = 0;
  const told: unknown[] = [];
  const write = new RetriedWrite({
    clock,
    write: async () => {
      writes++;
      if (outcome === 'fails') throw new Error('no');
      if (outcome === 'hangs') return await held.promise;
      return outcome === 'more';
    },
    onTrouble: (cause) => told.push(cause),
  });
  return { clock, write, held, told, writes: () => writes };
}

describe('a write that is tried again', () => {
  test('is tried until it is disposed, and never after', async () => {
    const { clock, write, writes } = writer('fails');
    void write.request();
    await clock.advance(60_000);
    const before = writes();
    expect(before).toBeGreaterThan(4);
    write[Symbol.dispose]();
    await clock.advance(600_000);
    expect([writes(), clock.pending]).toEqual([before, 0]);
  });

  test.each<[string, (write: RetriedWrite) => Promise<void>]>([
    ['asked for', (write) => write.request()],
    ['hurried', (write) => write.flush()],
  ])('is not begun when it is %s after disposal', async (_case, ask) => {
    const { clock, write, writes } = writer('fails');
    write[Symbol.dispose]();
    await ask(write);
    await clock.advance(600_000);
    expect([writes(), clock.pending]).toEqual([0, 0]);
  });

  test.each<[string, (held: PromiseWithResolvers<boolean>) => void]>([
    ['fails', (held) => held.reject(new Error('no'))],
    ['leaves more', (held) => held.resolve(true)],
  ])('that is under way at disposal and %s is the last', async (_case, end) => {
    const { clock, write, held, told, writes } = writer('hangs');
    void write.request();
    await settleMicrotasks();
    write[Symbol.dispose]();
    end(held);
    await settleMicrotasks();
    expect(clock.pending).toBe(0);
    await clock.advance(600_000);
    expect([writes(), clock.pending]).toEqual([1, 0]);
    // What has not been written is not said to be.
    expect(told).not.toContain(null);
  });
});
