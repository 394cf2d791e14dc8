import { setImmediate } from 'node:timers/promises';

/** Lets what waits in the event loop run, then goes on: between two stretches of work that is long as a whole. */
export function eventLoopTurn(): Promise<void> {
  return setImmediate();
}
