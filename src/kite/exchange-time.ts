import type { Clock } from '../clock.ts';
import type { ClockOffset } from '../contract/state.ts';

/** Hears of Kite's REST answers. */
export interface ServerTimeSink {
  /** The moment a request is sent, on the sink's own monotonic time, ms. */
  sent(): number;
  /** The head of the answer to it has come. `dateHeader`: as in RFC 9110, absent when the server named none. */
  answered(sentAtMs: number, dateHeader: string | undefined): void;
}

/** A bound is loosened by so much for each ms since it was learnt: two clocks drift apart by less. */
const DRIFT = 100e-6;
const SECOND_MS = 1_000;

/**
 * What time it is at Kite, by the `Date` of its REST answers: the only clock besides the PC's that says it whether or not
 * anything is traded. Kept against monotonic time, so that setting the PC's clock does not change it.
 */
export class ExchangeTime implements ServerTimeSink {
  private readonly clock: Clock;
  /** Kite's time minus monotonic time lies between the two, ms, as of `learntAtMs`. */
  private bounds: { readonly from: number; readonly to: number; readonly learntAtMs: number } | null = null;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  sent(): number {
    return this.clock.monotonic();
  }

  answered(sentAtMs: number, dateHeader: string | undefined): void {
    const serverMs = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader);
    if (Number.isNaN(serverMs)) return;
    const nowMs = this.clock.monotonic();
    // The second was cut off, some time between sending and the answer.
    const fresh = { from: serverMs - nowMs, to: serverMs + SECOND_MS - sentAtMs };
    const known = this.boundsAt(nowMs);
    const from = Math.max(fresh.from, known?.from ?? fresh.from);
    const to = Math.min(fresh.to, known?.to ?? fresh.to);
    // What contradicts all before it is the newer truth: this PC slept, or another server answered.
    this.bounds = from <= to ? { from, to, learntAtMs: nowMs } : { ...fresh, learntAtMs: nowMs };
  }

  /** Monotonic time stands still while a PC sleeps: what was learnt before is void. */
  reset(): void {
    this.bounds = null;
  }

  /** Kite's time, ms since the epoch; null until an answer has come. */
  now(): number | null {
    const nowMs = this.clock.monotonic();
    const bounds = this.boundsAt(nowMs);
    return bounds === null ? null : nowMs + (bounds.from + bounds.to) / 2;
  }

  /** What Kite's time is at least, ms since the epoch; null until an answer has come. */
  atLeast(): number | null {
    const nowMs = this.clock.monotonic();
    const bounds = this.boundsAt(nowMs);
    return bounds === null ? null : nowMs + bounds.from;
  }

  /** How far the PC's clock is off, and by how much that may be wrong: `Date` tells whole seconds. */
  offset(): ClockOffset | null {
    const bounds = this.boundsAt(this.clock.monotonic());
    const exchangeMs = this.now();
    if (bounds === null || exchangeMs === null) return null;
    return { skewMs: this.clock.now() - exchangeMs, uncertaintyMs: (bounds.to - bounds.from) / 2 };
  }

  private boundsAt(nowMs: number): { readonly from: number; readonly to: number } | null {
    if (this.bounds === null) return null;
    const driftMs = (nowMs - this.bounds.learntAtMs) * DRIFT;
    return { from: this.bounds.from - driftMs, to: this.bounds.to + driftMs };
  }
}
