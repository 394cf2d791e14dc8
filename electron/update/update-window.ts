import { type IstTime, istTimeOf } from '../../src/market/ist.ts';

/**
 * The hours in which an update neither downloads nor installs, on any day: a new version in the morning is the last thing
 * a trader needs, and special sessions fall on weekends too. The app's own rule, not the market's: IST, start inclusive.
 */
const QUIET_FROM: IstTime = '08:30:00';
const QUIET_UNTIL: IstTime = '16:00:00';

/** Whether updates may be worked on at `nowMs`, ms since the epoch of the PC's own clock, whatever its zone. */
export function mayUpdateAt(nowMs: number): boolean {
  const time = istTimeOf(nowMs);
  return time < QUIET_FROM || time >= QUIET_UNTIL;
}
