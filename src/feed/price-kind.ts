import type { PriceKind } from '../contract/price.ts';
import { type SegmentDay, stageAt } from './segment-day.ts';

/**
 * How far a price may be believed at `nowMs`. Judged by the stage the price comes from (its exchange time) and the stage
 * its segment is in now: an auction's price stays indicative into continuous trading until a trade replaces it, and the
 * last trade is frozen as soon as trading stops. A fresh time stamp alone proves nothing, since indices tick before
 * their session, after it and on holidays.
 *
 * `day` is the IST day of `nowMs`; times in ms since the epoch, 0 when Kite has sent none. `isDelivered`: whether anything
 * brings prices of it now; where no hours are known nothing else can say that a price is live.
 */
export function priceKind(
  day: SegmentDay,
  exchangeTimeMs: number,
  lastTradeTimeMs: number,
  nowMs: number,
  isDelivered = true,
): PriceKind {
  const isOfToday = exchangeTimeMs >= day.startMs && exchangeTimeMs < day.endMs;
  if (!isOfToday) return 'previous-close';
  if (day.segment === null) return isDelivered ? 'live' : 'frozen';

  const origin = stageAt(day, exchangeTimeMs);
  // A PC clock that runs late must not hold back what the exchange has already stamped.
  const current = stageAt(day, Math.max(nowMs, exchangeTimeMs));
  switch (origin) {
    case 'no-session':
    case 'before':
      return 'previous-close';
    case 'unknown':
      return kindWithoutHours(day, lastTradeTimeMs, current === 'unknown');
    case 'pre-open':
    case 'closing-auction':
      return current === 'paused' || current === 'over' ? 'frozen' : 'indicative';
    case 'continuous':
    case 'paused':
    case 'over':
      if (tradedBefore(day, lastTradeTimeMs)) return 'previous-close';
      return origin === 'continuous' && current === 'continuous' ? 'live' : 'frozen';
  }
}

/** A packet of today may still carry the last trade of an earlier day: only its order book has moved. */
function tradedBefore(day: SegmentDay, lastTradeTimeMs: number): boolean {
  return !day.isIndex && lastTradeTimeMs > 0 && lastTradeTimeMs < day.startMs;
}

/** A trade of today is the only proof of a session whose hours are unpublished; an index has none to offer. */
function kindWithoutHours(day: SegmentDay, lastTradeTimeMs: number, mayBeOpen: boolean): PriceKind {
  if (day.isIndex) return mayBeOpen ? 'indicative' : 'frozen';
  if (lastTradeTimeMs < day.startMs) return 'previous-close';
  return mayBeOpen ? 'live' : 'frozen';
}
