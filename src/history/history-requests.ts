import type { Clock } from '../clock.ts';
import { KiteError } from '../kite/errors.ts';
import { type ForeignAnswer, foreignWords } from '../kite/foreign-answer.ts';
import type { CandleInterval, KiteCandle, KiteRest, SessionCredentials } from '../kite/session.ts';

/** Kite allows three historical requests a second for an API key: a third of a second, and a little. */
export const REQUEST_GAP_MS = 350;

export interface HistoryRequest {
  readonly token: number;
  readonly interval: CandleInterval;
  /** Both included, ms since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly openInterest: boolean;
}

/** Candles, and the starts of rows that no trade can have made (null: the time cannot be read); or why there are none. */
export type HistoryResult =
  | { readonly ok: true; readonly candles: readonly KiteCandle[]; readonly refused: readonly (number | null)[] }
  | { readonly ok: false; readonly reason: string; readonly code: KiteError['code'] | 'signed-out' | 'unknown' };

export interface HistoryRequestPorts {
  readonly clock: Clock;
  readonly rest: Pick<KiteRest, 'candles'>;
  readonly session: () => SessionCredentials | null;
  /** Kite turned the token down. */
  readonly reportRejected: () => void;
}

const CLOSING: HistoryResult = { ok: false, reason: 'The app is closing.', code: 'cancelled' };

interface Waiting {
  readonly request: HistoryRequest;
  readonly resolve: (result: HistoryResult) => void;
}

/** Every question to Kite's history goes through here, at Kite's pace; what somebody waits for goes before the rest. */
export class HistoryRequests implements Disposable {
  private readonly ports: HistoryRequestPorts;
  private readonly first: Waiting[] = [];
  private readonly later: Waiting[] = [];
  private lastStartMs = Number.NEGATIVE_INFINITY;
  private timer: Disposable | null = null;
  private isDisposed = false;

  constructor(ports: HistoryRequestPorts) {
    this.ports = ports;
  }

  /** Never rejects. */
  ask(request: HistoryRequest, isWaitedFor: boolean): Promise<HistoryResult> {
    if (this.isDisposed) return Promise.resolve(CLOSING);
    return new Promise((resolve) => {
      (isWaitedFor ? this.first : this.later).push({ request, resolve });
      this.pump();
    });
  }

  /** The clock was paused or goes on: what waits is looked at anew. */
  paceChanged(): void {
    this.timer?.[Symbol.dispose]();
    this.timer = null;
    this.pump();
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
    this.timer?.[Symbol.dispose]();
    for (const { resolve } of [...this.first.splice(0), ...this.later.splice(0)]) resolve(CLOSING);
  }

  private pump(): void {
    if (this.timer !== null) return;
    const { clock } = this.ports;
    const waitMs = this.lastStartMs + REQUEST_GAP_MS - clock.monotonic();
    // While time stands nothing waits for it to pass: a day is looked at in peace.
    if (waitMs > 0 && clock.isPaused !== true) {
      this.timer = clock.setTimeout(() => {
        this.timer = null;
        this.pump();
      }, waitMs);
      return;
    }
    const next = this.first.shift() ?? this.later.shift();
    if (next === undefined) return;
    void this.send(next.request).then(next.resolve);
    if (this.first.length + this.later.length > 0) this.pump();
  }

  private async send(request: HistoryRequest): Promise<HistoryResult> {
    const session = this.ports.session();
    if (session === null) return { ok: false, reason: 'Sign in to load earlier candles.', code: 'signed-out' };
    this.lastStartMs = this.ports.clock.monotonic();
    try {
      let refused: readonly (number | null)[] = [];
      const onRefused = (starts: readonly (number | null)[]): void => {
        refused = starts;
      };
      const candles = await this.ports.rest.candles(session, { ...request, onRefused });
      return { ok: true, candles, refused };
    } catch (error) {
      const code = error instanceof KiteError ? error.code : 'unknown';
      const foreign = error instanceof KiteError ? error.foreign : null;
      if (code === 'token-rejected') this.ports.reportRejected();
      return { ok: false, reason: reasonOf(code, foreign), code };
    }
  }
}

function reasonOf(code: KiteError['code'] | 'unknown', foreign: ForeignAnswer | null): string {
  if (foreign !== null) return `Earlier candles could not be loaded: ${foreignWords[foreign].phrase}.`;
  switch (code) {
    case 'unknown':
    case 'cancelled':
      return 'Earlier candles could not be loaded.';
    case 'rate-limited':
      return 'Kite is asked for too much at once; earlier candles follow shortly.';
    case 'token-rejected':
      return 'Sign in to load earlier candles.';
    case 'network':
      return 'Kite could not give earlier candles: it cannot be reached.';
    case 'timeout':
      return 'Kite could not give earlier candles: it did not answer in time.';
    case 'server-error':
      return 'Kite could not give earlier candles: its server reports an error of its own.';
    case 'bad-response':
      return 'Kite could not give earlier candles: the answer is not what it documents.';
    case 'not-permitted':
      return 'Kite could not give earlier candles: the plan of this app does not include them.';
    case 'credentials-invalid':
    case 'bad-request':
      return 'Kite could not give earlier candles: it refuses the request.';
  }
}
