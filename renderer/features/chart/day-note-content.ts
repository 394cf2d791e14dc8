import type { MarketState, StepState } from '../../../src/contract/state.ts';
import { unknownHours } from '../../../src/contract/unknown-hours.ts';
import { formatCountdown } from '../../format/durations.ts';
import { dayDate, istDate, istMinute, readableDates } from '../../format/ist.ts';

/** What is out of the ordinary about the day. */
export interface DayNoteContent {
  readonly tone: 'quiet' | 'doubt';
  readonly title: string;
  readonly detail: string;
}

/** Null on an ordinary trading day. `now`: market time, ms. `steps`: the day's plan, for when prices are watched. */
export function dayNoteContent(
  market: MarketState,
  now: number,
  steps: readonly Pick<StepState, 'step' | 'plannedAt'>[] = [],
): DayNoteContent | null {
  const words = unknownHours(market, steps);
  if (words !== null) {
    return { tone: 'doubt', title: readableDates(words.title), detail: readableDates(words.detail) };
  }
  const next = nextSession(market, now);
  switch (market.day) {
    case 'trading':
    case 'unknown':
      return null;
    case 'special':
      return { tone: 'quiet', title: market.reason, detail: 'A special session with its own hours.' };
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
