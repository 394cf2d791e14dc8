import type { GapState, InstrumentState, SessionWindow } from '../../../src/contract/state.ts';

type Timed = Pick<SessionWindow, 'from' | 'to'>;

/**
 * The share (0 to 1) of an instrument's trading time so far for which there was live data, counted from when the app
 * has followed it; null before there was any such time. Instants in ms.
 */
export function uptimeOf(
  instrument: Pick<InstrumentState, 'key' | 'segment' | 'followedSince'>,
  sessions: readonly SessionWindow[],
  gaps: readonly GapState[],
  now: number,
): number | null {
  const trading = sessions
    .filter((session) => session.segment === instrument.segment && session.kind === 'continuous')
    .map(({ from, to }): Timed => ({ from: Math.max(from, instrument.followedSince), to: Math.min(to, now) }))
    .filter(({ from, to }) => from < to);
  const tradingMs = trading.reduce((sum, { from, to }) => sum + to - from, 0);
  if (tradingMs === 0) return null;
  const out = joined(
    gaps
      .filter(({ keys }) => keys.length === 0 || keys.includes(instrument.key))
      .map((gap): Timed => ({ from: gap.from, to: gap.to ?? now })),
  );
  const lostMs = trading.reduce((sum, window) => sum + out.reduce((lost, gap) => lost + overlapMs(window, gap), 0), 0);
  return 1 - lostMs / tradingMs;
}

/** Gaps of one instrument and of all can lie on one another: time is only lost once. */
function joined(spans: readonly Timed[]): Timed[] {
  const result: Timed[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || span.from > last.to) result.push(span);
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return result;
}

function overlapMs(one: Timed, other: Timed): number {
  return Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));
}

/** `99.98%`; never 100 while anything was lost. */
export function uptimeText(share: number | null): string {
  if (share === null) return '–';
  if (share === 1) return '100%';
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)}%`;
}
