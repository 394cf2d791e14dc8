import type { TokenSource } from '../auth/auth-ports.ts';
import type { ApiCandles } from '../contract/candles-api.ts';
import type { Health, MarketMessage, TokenStatus } from '../contract/health.ts';
import type { Journal } from '../contract/journal.ts';
import type { Result } from '../contract/result.ts';
import type { DeskState, StateMessage } from '../contract/state.ts';
import type { CandleQuery } from '../history/candle-query.ts';
import type { Log } from '../log.ts';
import type { IstDate } from '../market/ist.ts';

/** An interface attached to the desk: where its state messages and tick batches go. */
export interface UiClient {
  state(message: StateMessage): void;
  ticks(batch: ArrayBuffer): void;
}

/** The desk's side of an attached interface. Disposing detaches it. */
export interface UiAttachment extends Disposable {
  acknowledge(seq: number): void;
  /** Checked here; something that is not a `TickInterest` changes nothing. */
  setInterest(interest: unknown): void;
  resendSnapshot(): void;
}

/** A running desk, as its shells (browser mode, Electron, tests) see it. */
export interface Desk extends AsyncDisposable {
  readonly state: DeskState;
  health(): Health;
  tokenStatus(): TokenStatus;
  /** The record of an IST date (null: today's); null when none was kept. */
  journal(date: string | null): Promise<Journal | null>;
  /** The record that is being written. */
  readonly currentJournal: Journal;
  /** The IST date by the desk's clock. */
  readonly today: IstDate;
  /** Candles for other programs; fails with `unknown-instrument` for a key that nobody knows. */
  candles(query: CandleQuery): Promise<Result<ApiCandles>>;
  /** Runs a command of the contract; unknown names and bad arguments are refused, failures are values. */
  invoke(name: unknown, args: unknown): Promise<Result<unknown>>;
  /** Takes a token from one of the doors; refused when Kite does not accept it. */
  takeToken(accessToken: string, door: TokenSource): Promise<Result<null>>;
  /** Finishes the pending login from the URL Kite sent the browser to; every way it can fail has its own sentence. */
  completeLogin(callbackUrl: string): Promise<Result<null>>;
  /** Gives the pending login up because its page came to nothing. `failure`: what the interface says of it. */
  abandonLogin(failure: string): void;
  /** For what the shells have to say; redacted like everything else. */
  readonly log: Log;
  attach(client: UiClient): UiAttachment;
  /** The public market stream: a snapshot at once, then ticks and state as they change. */
  watchMarket(listener: (message: MarketMessage) => void): Disposable;
  /** Something happened outside (resume from sleep, network up, clock set): look at everything again now. */
  wake(reason: string): void;
}

/** Holds the desk that is running now: a simulation swaps it, and shells re-attach. */
export interface DeskHost {
  readonly desk: Desk;
  onSwap(listener: (desk: Desk) => void): Disposable;
}
