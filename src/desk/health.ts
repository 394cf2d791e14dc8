import type { Health, HealthInstrument, MarketTick, TokenStatus } from '../contract/health.ts';
import type { AuthState, DeskState, FeedState, InstrumentState } from '../contract/state.ts';
import type { QuoteRow } from '../contract/tick-lane.ts';
import { formatIst, formatIstMillis } from '../market/ist.ts';

/** The last row of an instrument, null before its first tick. */
export type RowReader = (slot: number) => QuoteRow | null;

/** How long the feed may take to come up, or back, before the health is `down` rather than `degraded`; desk ms. */
const GRACE_MS = 10_000;

/** The public health of the desk at `nowMs`. */
export function healthOf(state: DeskState, nowMs: number, rows: RowReader): Health {
  const { app, market, auth, feed } = state;
  return {
    status: statusOf(state, nowMs),
    version: app.version,
    uptimeSeconds: Math.floor((nowMs - app.startedAt) / 1000),
    simulated: app.simulated,
    clock: { now: formatIst(nowMs), skewMs: roundedOrNull(feed.lag.skewMs ?? certainSkewMs(state)) },
    market: {
      day: market.day,
      reason: market.reason,
      phase: market.phase,
      next: market.next === null ? null : { phase: market.next.phase, at: formatIst(market.next.at) },
    },
    auth: tokenStatusOf(auth),
    feed: {
      desired: feed.desired,
      source: feed.source,
      state: feed.state,
      cause: feed.cause,
      attempt: feed.attempt,
      since: formatIst(feed.since),
      frames: feed.frames,
      ticks: feed.ticks,
      reconnects: feed.reconnects,
      lastFrameAgeMs: ageOf(feed.lastFrameAt, nowMs),
      lastTickAgeMs: ageOf(feed.lastTickAt, nowMs),
    },
    instruments: state.instruments.flatMap((instrument, slot) =>
      instrument.retired ? [] : [instrumentHealth(instrument, rows(slot), nowMs)],
    ),
  };
}

export function tokenStatusOf(auth: AuthState): TokenStatus {
  return {
    state: auth.state,
    userId: auth.userId,
    expiresAt: auth.expiresAt === null ? null : formatIst(auth.expiresAt),
    checkedAt: auth.checkedAt === null ? null : formatIst(auth.checkedAt),
    reason: auth.reason,
  };
}

/** A tick of the public stream. */
export function marketTickOf(instrument: InstrumentState, row: QuoteRow): MarketTick {
  return {
    key: instrument.key,
    token: instrument.token,
    lastPrice: row.lastPrice,
    volume: row.volume,
    oi: row.openInterest,
    exchangeTime: row.exchangeTime === 0 ? null : formatIst(row.exchangeTime),
    receivedAt: formatIstMillis(row.receivedAt),
    kind: row.kind,
  };
}

function statusOf(state: DeskState, nowMs: number): Health['status'] {
  if (feedIsMissing(state.feed, state.schedule.steps, nowMs)) return 'down';
  const needsTrader = state.alerts.some((alert) => alert.severity !== 'info');
  const secondBest = state.feed.desired === 'on' && (state.feed.source !== 'websocket' || state.feed.state !== 'live');
  const hasSilent = (state.feed.silent ?? []).length > 0;
  return needsTrader || secondBest || hasSilent || state.market.day === 'unknown' ? 'degraded' : 'ok';
}

/** The feed ought to be running by the day's plan and has had nothing for a while. */
function feedIsMissing(feed: FeedState, steps: DeskState['schedule']['steps'], nowMs: number): boolean {
  const start = steps.findLast((step) => step.step === 'feed-start' && step.dueAt <= nowMs);
  const stop = steps.find(
    (step) => step.step === 'feed-stop' && start !== undefined && step.plannedAt > start.plannedAt,
  );
  if (start === undefined || stop === undefined || nowMs >= stop.plannedAt || feed.paused) return false;
  return feed.source === 'none' && nowMs - Math.max(start.dueAt, feed.since) > GRACE_MS;
}

function instrumentHealth(instrument: InstrumentState, row: QuoteRow | null, nowMs: number): HealthInstrument {
  const { key, token, role, underlying, stale } = instrument;
  if (row === null) {
    return { key, token, role, underlying, lastPrice: null, kind: 'previous-close', ageMs: null, lagMs: null, stale };
  }
  return {
    key,
    token,
    role,
    underlying,
    lastPrice: row.lastPrice,
    kind: row.kind,
    ageMs: Math.max(0, Math.round(nowMs - row.receivedAt)),
    lagMs: row.exchangeTime === 0 ? null : Math.round(row.receivedAt - row.exchangeTime),
    stale: row.stale,
  };
}

function roundedOrNull(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

function ageOf(instantMs: number | null, nowMs: number): number | null {
  return instantMs === null ? null : Math.max(0, Math.round(nowMs - instantMs));
}

/** By Kite's `Date`, which tells whole seconds: what may be nothing is not said. */
function certainSkewMs({ machine: { clock } }: DeskState): number | null {
  return clock !== null && Math.abs(clock.skewMs) > clock.uncertaintyMs ? clock.skewMs : null;
}
