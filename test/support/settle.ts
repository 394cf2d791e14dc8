/** Input and output that does not come to rest: something keeps a request open or makes a new one each turn. */
export class SettleError extends Error {
  readonly code = 'not-settling';
}

/**
 * Turns of the event loop in a row without a request in hand before loopback traffic counts as delivered. A hop (connect,
 * accept, request, answer) takes a turn; only a request being served shows in `busy`.
 */
const QUIET_TURNS = 6;
const MOST_TURNS = 100_000;

/**
 * For `VirtualClock.advance`: lets sockets within this process deliver what is under way, by turning the event loop until
 * nothing has been in hand for several turns. Works because loopback delivery inside one process takes no time of its own;
 * what waits for threads (name look-up, asynchronous files) is not covered.
 */
export function settleIo(busy: () => number): () => Promise<void> {
  return () =>
    new Promise<void>((resolve, reject) => {
      let quiet = 0;
      let turns = 0;
      const turn = (): void => {
        quiet = busy() === 0 ? quiet + 1 : 0;
        turns++;
        if (quiet >= QUIET_TURNS) resolve();
        else if (turns > MOST_TURNS) reject(new SettleError(`${busy()} requests in hand after ${turns} turns`));
        else setImmediate(turn);
      };
      setImmediate(turn);
    });
}
