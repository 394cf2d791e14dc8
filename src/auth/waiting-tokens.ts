/** A token that is not in use and that Kite has not refused. */
export interface WaitingToken {
  readonly accessToken: string;
  /** What it is called. */
  readonly from: string;
  /** The number of the attempt that brought it: the higher is the newer. */
  readonly attempt: number;
  /** When it became known, ms since the epoch; null: who knows. */
  readonly issuedAtMs: number | null;
}

/** Nobody has more logins of one day. */
const MOST_WAITING = 5;

/** Tokens that wait for a word of Kite's, the newest first. */
export class WaitingTokens {
  private tokens: readonly WaitingToken[] = [];

  get isEmpty(): boolean {
    return this.tokens.length === 0;
  }

  get newestFirst(): readonly WaitingToken[] {
    return this.tokens;
  }

  add(token: WaitingToken): void {
    const others = this.tokens.filter(({ accessToken }) => accessToken !== token.accessToken);
    this.tokens = [...others, token].sort((a, b) => b.attempt - a.attempt).slice(0, MOST_WAITING);
  }

  drop(accessToken: string): void {
    this.tokens = this.tokens.filter((token) => token.accessToken !== accessToken);
  }

  /** A token of this attempt is proven: those before it are of no use any more. */
  dropOlderThan(attempt: number): void {
    this.tokens = this.tokens.filter((token) => token.attempt > attempt);
  }

  clear(): void {
    this.tokens = [];
  }
}
