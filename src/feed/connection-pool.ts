import type { FeedCause } from '../contract/states.ts';
import type { SessionCredentials } from '../kite/session.ts';
import { TOKENS_PER_CONNECTION, TokenAllocation } from './allocation.ts';
import type { FeedConnection } from './feed-connection.ts';
import type { PartFlow } from './flow-watch.ts';
import type { TickModes } from './tick-modes.ts';

/** Connecting takes less; after this long what a further connection carries counts as missing. */
const GRACE_MS = 1_500;

/** Instruments without data while the others have theirs. */
export interface LostPart {
  readonly count: number;
  readonly cause: FeedCause | null;
  readonly evidence: string | null;
}

/**
 * As many connections as the instruments need. The first carries the indices and futures and goes ahead of the others:
 * they dial only while it is open, so that a refused login, or a network that is down, is met once and not three times.
 */
export class ConnectionPool implements Disposable {
  private readonly make: (number: number) => FeedConnection;
  private readonly modes: TickModes;
  private readonly allocation = new TokenAllocation();
  private list: readonly FeedConnection[];
  private readonly first: FeedConnection;
  private ownTokens: readonly (readonly number[])[] = [[]];

  constructor(make: (number: number) => FeedConnection, modes: TickModes) {
    this.make = make;
    this.modes = modes;
    this.first = make(0);
    this.list = [this.first];
  }

  get primary(): FeedConnection {
    return this.first;
  }

  get connections(): readonly FeedConnection[] {
    return this.list;
  }

  /** Each connection's tokens, by its number. */
  get parts(): readonly (readonly number[])[] {
    return this.ownTokens;
  }

  /**
   * Follows these tokens: `first` (indices and futures) on the first connection, `others` spread. `pulse`: an index that
   * ticks all day and is put on every connection with room for it, so that each one's silence and lag mean something.
   */
  follow(first: readonly number[], others: readonly number[], pulse: number | null): void {
    this.ownTokens = this.allocation.assign(first, others);
    for (const connection of this.list.slice(this.ownTokens.length)) connection[Symbol.dispose]();
    this.list = this.ownTokens.map((tokens, number) => {
      const connection = this.list[number] ?? this.make(number);
      const hasRoom = pulse !== null && number > 0 && tokens.length < TOKENS_PER_CONNECTION;
      connection.follow({
        tokens: hasRoom ? [pulse, ...tokens] : tokens,
        modeOf: (token) => this.modes.modeOf(token),
      });
      return connection;
    });
  }

  /** Makes the attempts that are due. */
  dial(session: SessionCredentials): void {
    for (const connection of this.list) {
      if (connection === this.first || this.first.isOpen) connection.dialIfDue(session);
    }
  }

  /** What the further connections lack while the first is live; null when that is nothing. */
  get lostPart(): LostPart | null {
    if (!this.first.isLive) return null;
    const lost = this.list.filter((connection) => connection.isMissedAfter(GRACE_MS));
    const [worst] = lost;
    if (worst === undefined) return null;
    const count = lost.reduce((sum, { number }) => sum + (this.ownTokens[number]?.length ?? 0), 0);
    return { count, cause: worst.cause, evidence: worst.evidence };
  }

  /** How each connection stands; `causeOf`: why data does not flow, where it does not. */
  flows(causeOf: (connection: FeedConnection) => FeedCause): readonly PartFlow[] {
    return this.list.map((connection) => ({
      isLive: connection.isLive,
      isStarting: connection.isStarting,
      isRepeating: connection.isRepeating,
      isInTime: isInTime(connection),
      liveForMs: connection.liveForMs,
      dataAgeMs: connection.dataAgeMs,
      lastTickAt: connection.lastTickAt,
      cause: causeOf(connection),
    }));
  }

  [Symbol.dispose](): void {
    for (const connection of this.list) connection[Symbol.dispose]();
  }
}

/** Whether a connection brings prices, and brings them in time: a price that is known to be late is no present one. */
export function isInTime({ isLive, lateByMs }: FeedConnection): boolean {
  return isLive && lateByMs === null;
}
