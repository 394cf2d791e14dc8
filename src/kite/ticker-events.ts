/** The modes Kite streams in. */
export type TickerMode = 'ltp' | 'quote' | 'full';

/** Why a ticker socket ended, as far as the wire tells. A close code alone (1006) proves nothing about the token. */
export type SocketEnd =
  /** The server answered the upgrade with an HTTP status instead of a socket. */
  | { readonly how: 'refused'; readonly status: number; readonly body: string }
  /** The connection could not be made or broke: `ECONNREFUSED`, `ENOTFOUND`, TLS codes… */
  | { readonly how: 'failed'; readonly networkCode: string | null; readonly message: string }
  /** No upgrade within the time-out. */
  | { readonly how: 'handshake-timeout' }
  /** The server or the network closed an open socket. */
  | { readonly how: 'closed'; readonly code: number; readonly reason: string }
  /** We ended it: stall, new token, stop. */
  | { readonly how: 'terminated'; readonly why: string };

/** Text messages the ticker sends; unknown ones are counted and dropped. */
export type TickerMessage =
  | { readonly type: 'error'; readonly text: string }
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'instruments-meta'; readonly count: number; readonly etag: string }
  | { readonly type: 'order' }
  | { readonly type: 'other'; readonly name: string };

/** What a ticker socket tells its owner. Calls stop at once after `end`, which comes exactly once. */
export interface TickerListener {
  open(): void;
  /** A binary frame longer than a heartbeat; valid only during the call. */
  frame(bytes: Uint8Array, receivedAtMs: number): void;
  heartbeat(receivedAtMs: number): void;
  message(message: TickerMessage): void;
  end(end: SocketEnd): void;
}

/** One ticker connection. Its state is its own; a later socket never hears this one. */
export interface TickerSocket extends Disposable {
  /** Distinguishes this socket's events from every other's in logs. */
  readonly generation: number;
  readonly isOpen: boolean;
  subscribe(tokens: readonly number[]): void;
  unsubscribe(tokens: readonly number[]): void;
  setMode(mode: TickerMode, tokens: readonly number[]): void;
  /** Cuts the connection without a closing handshake; `end` follows with `terminated`. */
  terminate(why: string): void;
}

/** What all sockets of a connector heard and could not use. */
export interface IgnoredFrames {
  /** Binary frames of 0, 2 or 3 bytes: neither a heartbeat nor data. */
  readonly shortFrames: number;
  /** Text frames that are not a JSON message with a type. */
  readonly unreadableTexts: number;
}

/** Opens ticker sockets. The production one speaks to `KiteEndpoints.tickerRoot`. */
export interface TickerConnector {
  readonly ignored: IgnoredFrames;
  connect(session: { readonly apiKey: string; readonly accessToken: string }, listener: TickerListener): TickerSocket;
}
