import { loopbackTraffic } from './loopback-traffic.ts';

/** Input and output that does not come to rest: something keeps a request open or makes a new one each turn. */
export class SettleError extends Error {
  readonly code = 'not-settling';
}

/**
 * Turns of the event loop in a row with nothing in hand and nothing on its way before all counts as done: what was
 * received may need a few to be answered.
 */
const QUIET_TURNS = 6;
/** After so many turns with a request in hand it waits for a thread: turning on would only keep the processor from it. */
const TURNS_BEFORE_WAITING = 2_000;

/**
 * For `VirtualClock.advance`: lets sockets within this process deliver what is under way, by turning the event loop until
 * every byte sent has been received and nothing has been in hand (`busy`) for several turns. What waits for threads
 * (unpacking, files) is waited for in real time as long as it counts as in hand, but for no more than `longestWaitMs`.
 */
export function settleIo(busy: () => number, longestWaitMs = 30_000): () => Promise<void> {
  return () =>
    new Promise<void>((resolve, reject) => {
      const startedMs = performance.now();
      let quiet = 0;
      let turns = 0;
      const turn = (): void => {
        quiet = busy() === 0 && !loopbackTraffic.isUnderWay() ? quiet + 1 : 0;
        turns++;
        if (quiet >= QUIET_TURNS) resolve();
        else if (turns < TURNS_BEFORE_WAITING) setImmediate(turn);
        else if (performance.now() - startedMs < longestWaitMs) setTimeout(turn, 1);
        else reject(new SettleError(`${busy()} requests in hand after ${longestWaitMs} ms`));
      };
      setImmediate(turn);
    });
}
