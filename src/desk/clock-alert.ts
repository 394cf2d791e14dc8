import { spanWords } from '../contract/span-words.ts';
import type { DeskState } from '../contract/state.ts';
import { istTimeOf } from '../market/ist.ts';
import type { AlertInput } from '../notify/alert-center.ts';

/** Where a clock that is off begins to show in what the desk does; the exchange's own times are whole seconds. */
const WARNED_MS = 2_000;
/** The same in real time, where market time runs faster: a moment's delay is seconds there. */
const WARNED_REAL_MS = 200;
/** From here the day's steps happen at the wrong time, and a market that trades may look closed. */
const MISLEADING_MS = 60_000;

/** Lags, phases and the age of every price are measured by the PC's clock; null while it is right, or not known. */
export function clockSkewAlert(state: DeskState, nowMs: number): AlertInput | null {
  const skewMs = certainSkew(state);
  if (skewMs === null) return null;
  const direction = skewMs > 0 ? 'ahead of' : 'behind';
  const kind = { id: 'clock-skew', action: 'open-doctor' } as const;
  if (Math.abs(skewMs) < MISLEADING_MS) {
    return {
      ...kind,
      severity: 'warning',
      title: `This PC's clock is ${(Math.abs(skewMs) / 1000).toFixed(1)} s ${direction} the exchange's.`,
      body: 'Let the system set its time by itself: phases, ages and lags are off by as much.',
    };
  }
  const exchangeMs = nowMs - skewMs;
  return {
    ...kind,
    severity: 'action',
    title: `This PC's clock is ${spanWords(Math.abs(skewMs))} ${direction} Kite's.`,
    body: `At the exchange it is ${istTimeOf(exchangeMs).slice(0, 5)} on ${dateWords(exchangeMs)}. Set this PC's date and time: until then the app starts and stops at the wrong time.`,
  };
}

/** The skew that is beyond doubt, ms. The ticks' word is the finer one, the word of `Date` is there on every day. */
function certainSkew({ feed, app, machine }: DeskState): number | null {
  const fromTicks = app.speed === 1 ? feed.lag.skewMs : null;
  const skewMs = fromTicks ?? machine.clock?.skewMs ?? null;
  if (skewMs === null) return null;
  const uncertaintyMs = fromTicks === null ? (machine.clock?.uncertaintyMs ?? 0) : 0;
  const warnedMs = Math.max(WARNED_MS, WARNED_REAL_MS * app.speed);
  return Math.abs(skewMs) - uncertaintyMs < warnedMs ? null : skewMs;
}

const dates = new Intl.DateTimeFormat('en-IN', {
  timeZone: 'Asia/Kolkata',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});

function dateWords(instantMs: number): string {
  return dates.format(instantMs);
}
