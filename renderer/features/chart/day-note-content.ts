import type { MarketState } from '../../../src/contract/state.ts';
import { formatCountdown } from '../../format/durations.ts';
import { dayDate, fullDate, istDate, istMinute } from '../../format/ist.ts';

/** What is out of the ordinary about the day. */
export interface DayNoteContent {
  readonly tone: 'quiet' | 'doubt';
  readonly title: string;
  readonly detail: string;
}

/** Null on an ordinary trading day. `now`: market time, ms. */
export function dayNoteContent(market: MarketState, now: number): DayNoteContent | null {
  const next = nextSession(market, now);
  switch (market.day) {
    case 'trading':
      return null;
    case 'unknown':
      return {
        tone: 'doubt',
        title: `Calendar unknown for ${fullDate(market.date)}`,
        detail: `Its data ends on ${fullDate(market.calendar.to)}. Hours shown are those last known; the feed runs in case the market opens.`,
      };
    case 'special':
      return market.hours === 'unpublished'
        ? { tone: 'doubt', title: market.reason, detail: 'Hours not published. The feed watches the whole day.' }
        : { tone: 'quiet', title: market.reason, detail: 'A special session with its own hours.' };
    case 'holiday':
      return { tone: 'quiet', title: `Holiday: ${market.reason}`, detail: `No session today. ${next}` };
    case 'weekend':
      return { tone: 'quiet', title: market.reason, detail: `No session today. ${next}` };
  }
}

function nextSession({ next }: MarketState, now: number): string {
  if (next === null) return '';
  return `Next: ${dayDate(istDate(next.at))}, from ${istMinute(next.at)}, in ${formatCountdown(next.at - now)}.`;
}
