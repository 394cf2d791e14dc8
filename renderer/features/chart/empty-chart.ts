import type { CandlesValue } from '../../../src/contract/commands.ts';
import { missingPrices, whyNoPrices } from '../../../src/contract/missing-prices.ts';
import type { AuthState, FeedState, MarketState, SessionWindow } from '../../../src/contract/state.ts';
import { istMinute } from '../../format/ist.ts';

/** Why there is nothing to draw of the current day. */
export interface EmptyChart {
  /** `missing`: prices are being missed. `quiet`: there are none to have. */
  readonly tone: 'missing' | 'quiet';
  readonly title: string;
  readonly detail: string | null;
}

/** What is known of the day; `sessions`: the instrument's own; `value`: what the desk says of its candles; `now`: ms. */
export interface EmptyDay {
  readonly market: Pick<MarketState, 'day' | 'phase'>;
  readonly sessions: readonly SessionWindow[];
  readonly auth: Pick<AuthState, 'state'>;
  readonly feed: Pick<FeedState, 'state' | 'paused' | 'source'> & Partial<Pick<FeedState, 'lastTickAt'>>;
  readonly value: Pick<CandlesValue, 'history' | 'reason'> | null;
  readonly now: number;
}

/** `No trades yet` is said only where it is known: the feed is live, and Kite's history has none either. */
export function emptyChart({ market, sessions, auth, feed, value, now }: EmptyDay): EmptyChart {
  const opening = sessions.find((session) => session.kind === 'continuous');
  const trouble = whyNoPrices(auth, feed);
  const missing = missingPrices(market, sessions, feed, now);
  if (missing !== null && trouble !== null) {
    const what = missing.isOpen ? 'The market is open' : 'The pre-open is running';
    return {
      tone: 'missing',
      title: `${trouble}: prices are being missed`,
      detail: `${what}; nothing has been received since ${istMinute(missing.since)}.`,
    };
  }
  if (market.day === 'unknown') {
    const from = opening === undefined ? '' : `, from ${istMinute(opening.from)} by the last known hours`;
    return quiet(trouble ?? 'No prices yet', `Candles begin if the market opens${from}.`);
  }
  const beginsAt = opening !== undefined && opening.from > now ? `Candles begin at ${istMinute(opening.from)}.` : null;
  if (opening === undefined && market.phase !== 'unknown') {
    if (market.day === 'holiday' || market.day === 'weekend') return quiet('No session today');
    if (market.day === 'trading') return quiet('No session of this instrument today');
  }
  if (beginsAt !== null) return quiet('Not trading yet', beginsAt);
  if (value?.history === 'unavailable') return quiet('Today’s candles are not loaded', value.reason);
  return trouble === null ? quiet('No trades yet', null) : quiet('No candles of today', null);
}

function quiet(title: string, detail: string | null = null): EmptyChart {
  return { tone: 'quiet', title, detail };
}
