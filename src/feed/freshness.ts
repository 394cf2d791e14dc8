import type { InstrumentRole } from '../contract/state.ts';
import type { SessionStage } from './segment-day.ts';

/** Kite sends a heartbeat every 3.0 s, with and without data (measured 2026-10-08); two may be lost, not three. */
export const SILENT_AFTER_MS = 7_000;
/** A heartbeat is overdue: what is missing is not only data. */
const HEARTBEAT_OVERDUE_MS = 3_500;
/** Four data frames a second were measured; sixteen in a row do not get lost on a connection that works. */
export const MUTE_AFTER_MS = 4_000;
/** Each index ticks about 2.3 times a second in session, so five seconds are a dozen ticks. */
export const INDEX_STALE_AFTER_MS = 5_000;
/** A front-month index future changes its order book every second; calm moments are allowed for. */
export const FUTURE_STALE_AFTER_MS = 15_000;
/** Without any data for as long as an index may be quiet, no price in session is current, whoever it belongs to. */
export const FEED_STALE_AFTER_MS = INDEX_STALE_AFTER_MS;
/** The latest of 177,017 measured ticks came 2.98 s after its exchange time; this much later than usual is a backlog. */
export const LAGGING_AFTER_MS = 5_000;
/** An index of thirty shares and more that has not moved for so long in session is repeated, not traded. */
export const INDEX_UNMOVED_AFTER_MS = FUTURE_STALE_AFTER_MS;
/** A stall shorter than this in real time is the PC's hiccup: it bounds all of the above when market time is scaled. */
const SHORTEST_REAL_STALL_MS = 1_000;

/** A limit in market ms, on a clock running at `speed`. */
export function limitAtSpeed(limitMs: number, speed: number): number {
  return Math.max(limitMs, SHORTEST_REAL_STALL_MS * speed);
}

/** What a connection has shown so far; all on one monotonic clock, in ms. */
export interface ConnectionEvidence {
  readonly nowMs: number;
  /** When the connection was begun, then when it opened. */
  readonly sinceMs: number;
  /** The last frame of any kind, heartbeats included; null: none yet. */
  readonly lastFrameMs: number | null;
  readonly lastDataMs: number | null;
  /** Since when data has been due without a break; null while none is. */
  readonly dueSinceMs: number | null;
  /** How many times its usual time the connection is given for its first frame and its first data; 1 without a reason. */
  readonly patience: number;
  /** Clock ms per real ms. */
  readonly speed: number;
}

/** Nothing at all is coming (`silent`), or heartbeats without the data that is due (`mute`); null: neither. */
export function connectionStall(evidence: ConnectionEvidence): 'silent' | 'mute' | null {
  const { nowMs, sinceMs, lastFrameMs, lastDataMs, dueSinceMs, patience, speed } = evidence;
  const isOver = (lastMs: number | null, fromMs: number, limitMs: number): boolean =>
    nowMs - Math.max(fromMs, lastMs ?? fromMs) > limitAtSpeed(limitMs * (lastMs === null ? patience : 1), speed);
  if (isOver(lastFrameMs, sinceMs, SILENT_AFTER_MS)) return 'silent';
  if (dueSinceMs === null || !isOver(lastDataMs, Math.max(sinceMs, dueSinceMs), MUTE_AFTER_MS)) return null;
  return isOver(lastFrameMs, sinceMs, HEARTBEAT_OVERDUE_MS) ? 'silent' : 'mute';
}

/** A segment something is subscribed in, and where its day stands. */
export interface SubscribedSegment {
  readonly isIndex: boolean;
  readonly stage: SessionStage;
  /** Continuous trading has been on before on this day. */
  readonly hasTraded: boolean;
}

/**
 * Whether data must be arriving now. Continuous trading in any segment brings it; and an index ticks from long before
 * its session (seen from 08:38 on) until the closing auction takes its constituents away. What an index does in the
 * pre-open that ends a halt nobody has measured: nothing is due in it.
 */
export function isDataDue(subscribed: readonly SubscribedSegment[]): boolean {
  return subscribed.some(
    ({ isIndex, stage, hasTraded }) =>
      stage === 'continuous' || (isIndex && !hasTraded && (stage === 'before' || stage === 'pre-open')),
  );
}

/** What is known of one instrument; `…Ms` times are wall times in ms since the epoch, 0 for never. */
export interface InstrumentEvidence {
  readonly nowMs: number;
  readonly role: InstrumentRole;
  readonly stage: SessionStage;
  readonly stageSinceMs: number;
  /**
   * When a packet last arrived whose exchange time had moved on. Our own clock at that moment, so that a PC clock that is
   * wrong makes nobody stale, and an index that repeats one time stamp does become stale.
   */
  readonly advancedAtMs: number;
  /** How long ago its connection last brought any price, or REST one of its own; infinite for never. */
  readonly dataAgeMs: number;
  readonly speed: number;
}

/**
 * Whether a price claims more than is known: only in continuous trading, and by what the instrument is. A quiet contract
 * on the watchlist is stale only together with its whole connection. Time before the stage began does not count.
 */
export function isInstrumentStale(evidence: InstrumentEvidence): boolean {
  return isStaleSince(evidence, evidence.advancedAtMs, evidence.dataAgeMs);
}

/** The same, by another time of the last packet and of the last data; ms. */
export function isStaleSince(
  { nowMs, role, stage, stageSinceMs, speed }: InstrumentEvidence,
  advancedAtMs: number,
  dataAgeMs: number,
): boolean {
  if (stage !== 'continuous') return false;
  if (Math.min(dataAgeMs, nowMs - stageSinceMs) > limitAtSpeed(FEED_STALE_AFTER_MS, speed)) return true;
  if (role === 'watch') return false;
  const limitMs = role === 'spot' ? INDEX_STALE_AFTER_MS : FUTURE_STALE_AFTER_MS;
  return nowMs - Math.max(advancedAtMs, stageSinceMs) > limitAtSpeed(limitMs, speed);
}
