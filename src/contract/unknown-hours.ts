import { istTimeOf } from '../market/ist.ts';
import type { MarketState, StepState } from './state.ts';

/**
 * What is said of a day whose hours nobody knows, wherever it is said: beyond the calendar's data, or a special session
 * that the exchange has not timed. Dates are ISO; interfaces write them out. Null for a day with known hours.
 */
export function unknownHours(
  market: Pick<MarketState, 'day' | 'hours' | 'reason' | 'date' | 'calendar'>,
  steps: readonly Pick<StepState, 'step' | 'plannedAt'>[],
): { readonly title: string; readonly detail: string } | null {
  const span = watchedSpan(steps);
  const watched = span === null ? '' : ` Prices are watched from ${span}.`;
  if (market.day === 'unknown') {
    return {
      title: `Calendar unknown for ${market.date}`,
      detail: `Its data ends on ${market.calendar.to}.${watched} These are the last known hours, in case the market opens.`,
    };
  }
  if (market.hours !== 'unpublished') return null;
  return { title: market.reason, detail: `The exchange's hours are not published.${watched}` };
}

/** When prices are watched by the day's plan, `08:55 to 15:45`; null when the plan has no feed. */
export function watchedSpan(steps: readonly Pick<StepState, 'step' | 'plannedAt'>[]): string | null {
  const start = steps.find(({ step }) => step === 'feed-start');
  const stop = steps.findLast(({ step }) => step === 'feed-stop');
  if (start === undefined || stop === undefined) return null;
  return `${istTimeOf(start.plannedAt).slice(0, 5)} to ${istTimeOf(stop.plannedAt).slice(0, 5)}`;
}
