import type { GapState, SessionWindow } from '../../../src/contract/state.ts';
import { axisTime } from '../../format/ist.ts';
import type { ChartColors } from './chart-colors.ts';
import type { ShadedSpan } from './session-shading.ts';

/**
 * What to mark behind an instrument's candles: its auctions, and the outages that touched it. `sessions`: those of the
 * instrument's segment; `key`: the instrument's; `now`: market time, ms.
 */
export function shadedSpans(
  key: string,
  sessions: readonly SessionWindow[],
  gaps: readonly GapState[],
  now: number,
  colors: Pick<ChartColors, 'preOpen' | 'closingAuction' | 'outage'>,
): ShadedSpan[] {
  const auctions = sessions
    .filter((session) => session.kind !== 'continuous')
    .map((session) => ({
      from: axisTime(session.from),
      to: axisTime(session.to),
      color: session.kind === 'pre-open' ? colors.preOpen : colors.closingAuction,
      label: session.kind === 'pre-open' ? 'Pre-open' : 'Closing auction',
    }));
  const outages = gaps
    .filter((gap) => gap.keys.length === 0 || gap.keys.includes(key))
    .map((gap) => ({
      from: axisTime(gap.from),
      to: axisTime(gap.to ?? now),
      color: colors.outage,
      label: 'No data',
    }));
  return [...auctions, ...outages];
}
