import type { DeskBridge, LinkState, TickInterest } from '../../src/contract/bridge.ts';
import type { CommandArgs, CommandName, CommandValue } from '../../src/contract/commands.ts';
import { failed, type Result } from '../../src/contract/result.ts';
import type { StateMessage } from '../../src/contract/state.ts';
import type { PageTime } from '../state/desk-clock.ts';

/** What the bridge needs of a socket; the browser's `WebSocket` is one. */
export interface SocketLike {
  binaryType: BinaryType;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  send(data: string): void;
  close(): void;
}

export interface WebSocketBridgeOptions {
  readonly connect: () => SocketLike;
  /** Whether the desk answers and does not take this page's key: a socket that fails does not tell. Rejects without an answer. */
  readonly isRefused?: () => Promise<boolean>;
  readonly time: PageTime;
  readonly openExternal: (url: string) => void;
}

/** Text the desk sends: the lossless lane, and answers to commands. */
type ServerMessage = StateMessage | { readonly type: 'result'; readonly id: number; readonly result: Result<unknown> };

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5000;
/** A desk that accepts and then says nothing is asked for its state. */
const SNAPSHOT_PATIENCE_MS = 1000;

const linkLost = failed('link-lost', 'The link to the desk was lost before it answered.');

/** The desk over a WebSocket (browser mode). Connects at once and reconnects by itself until disposed. */
export class WebSocketBridge implements DeskBridge, Disposable {
  private readonly options: WebSocketBridgeOptions;
  private readonly stateListeners = new Set<(message: StateMessage) => void>();
  private readonly tickListeners = new Set<(batch: ArrayBuffer) => void>();
  private readonly linkListeners = new Set<(state: LinkState) => void>();
  private readonly waiting = new Map<number, (result: Result<unknown>) => void>();
  private socket: SocketLike | null = null;
  private open = false;
  private disposed = false;
  private link: LinkState = 'connecting';
  private failures = 0;
  private nextId = 1;
  private interest: TickInterest | null = null;
  private retry: Disposable | null = null;
  private patience: Disposable | null = null;

  constructor(options: WebSocketBridgeOptions) {
    this.options = options;
    this.connect();
  }

  invoke<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<CommandValue<N>>> {
    if (!this.open) return Promise.resolve(linkLost);
    const id = this.nextId++;
    return new Promise((resolve) => {
      // The desk answers a command with that command's value; this is where the wire's `unknown` gets its type back.
      this.waiting.set(id, (result) => resolve(result as Result<CommandValue<N>>));
      this.send({ type: 'invoke', id, name, args });
    });
  }

  /** A subscription on an open link asks for a new snapshot. */
  onState(listener: (message: StateMessage) => void): () => void {
    this.stateListeners.add(listener);
    this.send({ type: 'snapshot' });
    return () => {
      this.stateListeners.delete(listener);
    };
  }

  onTicks(listener: (batch: ArrayBuffer) => void): () => void {
    this.tickListeners.add(listener);
    return () => {
      this.tickListeners.delete(listener);
    };
  }

  /** Tells the present state at once, and every change. */
  onLink(listener: (state: LinkState) => void): () => void {
    this.linkListeners.add(listener);
    listener(this.link);
    return () => {
      this.linkListeners.delete(listener);
    };
  }

  acknowledgeTicks(seq: number): void {
    this.send({ type: 'ack', seq });
  }

  setInterest(interest: TickInterest): void {
    this.interest = interest;
    this.send({ type: 'interest', ...interest });
  }

  openExternal(url: string): void {
    this.options.openExternal(url);
  }

  [Symbol.dispose](): void {
    this.disposed = true;
    this.retry?.[Symbol.dispose]();
    this.patience?.[Symbol.dispose]();
    this.socket?.close();
  }

  private connect(): void {
    const socket = this.options.connect();
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.opened();
    socket.onmessage = ({ data }) => this.received(data);
    socket.onclose = () => this.closed();
  }

  private opened(): void {
    this.open = true;
    this.failures = 0;
    this.patience = this.options.time.setTimeout(() => this.send({ type: 'snapshot' }), SNAPSHOT_PATIENCE_MS);
    if (this.interest !== null) this.send({ type: 'interest', ...this.interest });
    this.setLink('connected');
  }

  private closed(): void {
    const wasOpen = this.open;
    this.open = false;
    this.socket = null;
    this.patience?.[Symbol.dispose]();
    for (const settle of this.waiting.values()) settle(linkLost);
    this.waiting.clear();
    if (this.disposed) return;
    if (this.link !== 'refused') this.setLink('lost');
    if (!wasOpen) void this.tellRefusal();
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.failures++;
    this.retry = this.options.time.setTimeout(() => this.connect(), delayMs);
  }

  private async tellRefusal(): Promise<void> {
    const isRefused = await this.options.isRefused?.().catch(() => false);
    if (!this.open && !this.disposed) this.setLink(isRefused === true ? 'refused' : 'lost');
  }

  private received(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      for (const listener of this.tickListeners) listener(data);
      return;
    }
    const message = typeof data === 'string' ? readMessage(data) : null;
    if (message === null) return;
    if (message.type === 'result') {
      const settle = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      settle?.(message.result);
      return;
    }
    this.patience?.[Symbol.dispose]();
    for (const listener of [...this.stateListeners]) listener(message);
  }

  private send(message: object): void {
    if (this.open) this.socket?.send(JSON.stringify(message));
  }

  private setLink(link: LinkState): void {
    if (link === this.link) return;
    this.link = link;
    for (const listener of this.linkListeners) listener(link);
  }
}

/** A message of one of the known types; anything else is dropped. */
function readMessage(text: string): ServerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  const known = value.type === 'snapshot' || value.type === 'patch' || value.type === 'result';
  // The desk is this page's own server, of the same version: the envelope is checked, its contents are trusted.
  return known ? (value as ServerMessage) : null;
}
