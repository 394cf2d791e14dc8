import type { CommandArgs, CommandName, CommandValue } from './commands.ts';
import type { Result } from './result.ts';
import type { StateMessage } from './state.ts';

/** What the interface wants ticks of; everything else stays in the desk. */
export interface TickInterest {
  /** Slots (indices into `DeskState.instruments`) that are on screen. */
  readonly slots: readonly number[];
  /** Slots whose order book is on screen. */
  readonly depth: readonly number[];
  /** Slots whose forming candle is on screen. */
  readonly candles: readonly number[];
  /** A hidden window gets at most one batch a second. */
  readonly hidden: boolean;
}

/** How the link between interface and desk stands. `refused`: the desk is there, and this page has not the right key. */
export type LinkState = 'connecting' | 'connected' | 'lost' | 'refused';

/**
 * The interface's one way to the desk, the same over IPC and over a WebSocket. Each `on…` returns its unsubscription.
 * A tick batch must be answered by `acknowledgeTicks` with its sequence number: until then the next is held and merged.
 */
export interface DeskBridge {
  invoke<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<CommandValue<N>>>;
  onState(listener: (message: StateMessage) => void): () => void;
  onTicks(listener: (batch: ArrayBuffer) => void): () => void;
  onLink(listener: (state: LinkState) => void): () => void;
  acknowledgeTicks(seq: number): void;
  setInterest(interest: TickInterest): void;
  /** Opens an https link, or the login page, outside the interface. */
  openExternal(url: string): void;
}
