import { setImmediate } from 'node:timers/promises';

/** Lets what waits in the event loop run, then goes on: between two stretches of work that is long as a whole. */
export function eventLoopTurn(): Promise<void> {
  return setImmediate();
}

/** Long work in short stretches: it yields wherever other things may be done first, and returns what it comes to. */
export type Stretches<T> = Generator<undefined, T>;

/** Does it all at once: for little of it, and where nobody waits. */
export function atOnce<T>(work: Stretches<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Does it stretch by stretch, with a turn of the event loop between two. What is one stretch is done before this returns. */
export async function byTurns<T>(work: Stretches<T>, turn: () => Promise<void> = eventLoopTurn): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await turn();
  }
}

/** Runs for each item, `size` of them a stretch. */
export function* stretchesOf<T>(items: Iterable<T>, size: number, run: (item: T) => void): Stretches<void> {
  let count = 0;
  for (const item of items) {
    if (count === size) {
      yield;
      count = 0;
    }
    run(item);
    count++;
  }
}
