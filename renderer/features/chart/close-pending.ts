import type { CandleRow } from '../../../src/contract/commands.ts';
import type { SessionWindow } from '../../../src/contract/state.ts';

/** The desk asks for the last time a minute after the derivatives have closed. */
const ASKED_BY_MS = 120_000;

/**
 * Whether an index has stopped trading and the day's last candle is not sure to be its official close: the exchange may
 * not have listed the last minute, and the desk confirms it when the derivatives have closed. `sessions`: of all that is
 * followed today.
 */
export function isClosePending(
  [start, , , , , , , state]: CandleRow,
  segment: string | null,
  sessions: readonly SessionWindow[],
  now: number,
): boolean {
  if (segment?.endsWith('_INDEX') !== true) return false;
  const own = sessions.filter((session) => session.segment === segment);
  const traded = own.findLast(({ kind }) => kind === 'continuous');
  const hasAuction = own.some(({ kind }) => kind === 'closing-auction');
  if (traded === undefined || !hasAuction || now < traded.to) return false;
  const confirmedMs = Math.max(...sessions.map(({ to }) => to)) + ASKED_BY_MS;
  return now < confirmedMs || state !== 'settled' || start < traded.to;
}
