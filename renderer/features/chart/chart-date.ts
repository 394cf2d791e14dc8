import { useDesk } from '../../state/desk-store.ts';
import type { Listed } from '../../state/instruments.ts';
import { useHasCome, useLiveCandles } from '../../state/session-context.ts';
import { useUi } from '../../state/ui-store.ts';

/**
 * The IST date whose candles are shown; null: the current day, live. Until that has something to show, before its first
 * session or on a day without one, the last session is shown instead.
 */
export function useChartDate(instrument: Listed): string | null {
  const chosen = useUi((ui) => ui.chartDate);
  const live = useLiveCandles(instrument);
  const previous = useDesk((state) => state.market.previousSession);
  const firstFrom = useDesk((state) =>
    state.market.sessions.reduce(
      (first, { segment, from }) => (segment === instrument.segment ? Math.min(first, from) : first),
      Number.POSITIVE_INFINITY,
    ),
  );
  const hasBegun = useHasCome(firstFrom);
  if (chosen !== null) return chosen;
  const hasCandles = live.rows.length > 0 || (live.value?.indicative.length ?? 0) > 0;
  return hasBegun || hasCandles ? null : previous;
}
