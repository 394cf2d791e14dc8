import type { Clock } from '../../src/clock.ts';

/** What there is of a network at a moment. */
export interface NetworkLook {
  readonly isOnline: boolean;
  /** This PC's own addresses. */
  readonly addresses: readonly string[];
}

/** The system tells nobody in the main process when the network changes; it is looked at this often. Real milliseconds. */
const LOOK_MS = 1_000;

/**
 * Calls `wake` when the network is back, and when it has become another one: connections over the old one are dead, and
 * say nothing.
 */
export function watchNetwork(look: () => NetworkLook, wake: (reason: string) => void, clock: Clock): Disposable {
  let before = look();
  return clock.setInterval(() => {
    const now = look();
    if (now.isOnline && !before.isOnline) wake('the network is back');
    else if (now.isOnline && isElsewhere(now, before)) wake('the network is another one');
    before = now;
  }, LOOK_MS);
}

/** An address has come. One that goes takes its connections with it, which they notice themselves. */
function isElsewhere({ addresses }: NetworkLook, before: NetworkLook): boolean {
  return addresses.some((address) => !before.addresses.includes(address));
}
