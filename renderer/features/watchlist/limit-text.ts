import type { FeedCapacity } from '../../../src/contract/state.ts';
import { formatCount, formatQuantity } from '../../format/numbers.ts';

/** From this share of Kite's limit on it is worth a line. */
const NEARLY_FULL = 0.9;

/** How near the number of instruments is to what Kite gives an app; null while there is plenty of room. */
export function limitText({ used, limit }: FeedCapacity): string | null {
  if (used > limit)
    return `Kite gives ${formatQuantity(limit)} live instruments: the last ${formatQuantity(used - limit)} get no prices.`;
  if (used < limit * NEARLY_FULL) return null;
  return `Room for ${formatCount(limit - used, 'more instrument')}: Kite gives ${formatQuantity(limit)}.`;
}
