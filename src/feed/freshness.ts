import type { InstrumentRole } from '../contract/state.ts';
import type { SessionStage } from './segment-day.ts';

/** Kite sends a heartbeat every 3.0 s, with and without data (measured 2026-10-08); two may be lost, not three. */
export const SILENT_AFTER_MS = 7_000;
/** Four data frames a second were measured; sixteen in a row do not get lost on a connection that works. */
export const MUTE_AFTER_MS = 4_000;
/** Each index ticks about 2.3 times a second in session, so five seconds are a dozen ticks. */
export const INDEX_STALE_AFTER_MS = 5_000;
/** A front-month index future changes its order book every second; calm moments are allowed for. */
export const FUTURE_STALE_AFTER_MS = 15_000;
/** Without any data for as long as an index may be quiet, no price in session is current, whoever it belongs to. */
export const FEED_STALE_AFTER_MS = INDEX_STALE_AFTER_MS;
/** A stall shorter than this in real time is the PC's hiccup: it bounds all of the above when market time is scaled. */
const SHORTEST_REAL_STALL_MS = 100;

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
  readonly isDataDue: boolean;
  /** Clock ms per real ms. */
  readonly speed: number;
}

/** Nothing at all is coming (`silent`), or heartbeats without the data that is due (`mute`); null: neither. */
export function connectionStall(evidence: ConnectionEvidence): 'silent' | 'mute' | null {
  const { nowMs, sinceMs, lastFrameMs, lastDataMs, isDataDue, speed } = evidence;
  if (nowMs - Math.max(sinceMs, lastFrameMs ?? sinceMs) > limitAtSpeed(SILENT_AFTER_MS, speed)) return 'silent';
  if (!isDataDue) return null;
  return nowMs - Math.max(sinceMs, lastDataMs ?? sinceMs) > limitAtSpeed(MUTE_AFTER_MS, speed) ? 'mute' : null;
}

/** A segment something is subscribed in, and where its day stands. */
export interface SubscribedSegment {
  readonly isIndex: boolean;
  readonly stage: SessionStage;
}

/**
 * Whether data must be arriving now. Continuous trading in any segment brings it; and an index ticks from long before
 * its session (seen from 08:38 on) until the closing auction takes its constituents away.
 */
export function isDataDue(subscribed: readonly SubscribedSegment[]): boolean {
  return subscribed.some(
    ({ isIndex, stage }) => stage === 'continuous' || (isIndex && (stage === 'before' || stage === 'pre-open')),
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
  /** How long ago a price last arrived for any instrument, from the socket or by REST; infinite for never. */
  readonly feedDataAgeMs: number;
  readonly speed: number;
}

/**
 * Whether a price claims more than is known: only in continuous trading, and by what the instrument is. A quiet contract
 * on the watchlist is stale only together with the whole feed. Time before the stage began does not count.
 */
export function isInstrumentStale(evidence: InstrumentEvidence): boolean {
  const { nowMs, role, stage, stageSinceMs, advancedAtMs, feedDataAgeMs, speed } = evidence;
  if (stage !== 'continuous') return false;
  if (Math.min(feedDataAgeMs, nowMs - stageSinceMs) > limitAtSpeed(FEED_STALE_AFTER_MS, speed)) return true;
  if (role === 'watch') return false;
  const limitMs = role === 'spot' ? INDEX_STALE_AFTER_MS : FUTURE_STALE_AFTER_MS;
  return nowMs - Math.max(advancedAtMs, stageSinceMs) > limitAtSpeed(limitMs, speed);
}
