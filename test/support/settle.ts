/** Input and output that does not come to rest: something keeps a request open or makes a new one each turn. */
export class SettleError extends Error {
  readonly code = 'not-settling';
}

/**
 * Turns of the event loop in a row without a request in hand before loopback traffic counts as delivered. A hop (connect,
 * accept, request, answer) takes a turn; only a request being served shows in `busy`.
 */
const QUIET_TURNS = 6;
/** After so many turns with a request in hand it waits for a thread: turning on would only keep the processor from it. */
const TURNS_BEFORE_WAITING = 2_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * For `VirtualClock.advance`: lets sockets within this process deliver what is under way, by turning the event loop until
 * nothing has been in hand for several turns. Works because loopback delivery inside one process takes no time of its own;
 * what waits for threads (unpacking, files) is waited for in real time as long as it counts as in hand.
 */
export function settleIo(busy: () => number): () => Promise<void> {
  return () =>
    new Promise<void>((resolve, reject) => {
      const startedMs = performance.now();
      let quiet = 0;
      let turns = 0;
      const turn = (): void => {
        quiet = busy() === 0 ? quiet + 1 : 0;
        turns++;
        if (quiet >= QUIET_TURNS) resolve();
        else if (turns < TURNS_BEFORE_WAITING) setImmediate(turn);
        else if (performance.now() - startedMs < LONGEST_WAIT_MS) setTimeout(turn, 1);
        else reject(new SettleError(`${busy()} requests in hand after ${LONGEST_WAIT_MS / 1000} s`));
      };
      setImmediate(turn);
    });
}
