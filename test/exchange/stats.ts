/** How one attempt at a socket ended: it opened, was answered with a status, was reset, or was left hanging. */
export type UpgradeOutcome = 'open' | 'reset' | 'hung' | number;

/** What the exchange has done since it started. */
export interface ExchangeStats {
  /** Frames put on sockets: heartbeats, data frames and text frames apart. */
  readonly heartbeats: number;
  readonly dataFrames: number;
  readonly textFrames: number;
  /** HTTP requests by route, e.g. `GET /user/profile`. */
  readonly requests: Readonly<Record<string, number>>;
  readonly openSockets: number;
  /** Attempts at a socket, oldest first; the last thousand. Instants in ms since the epoch, market time. */
  readonly upgrades: readonly { readonly atMs: number; readonly outcome: UpgradeOutcome }[];
  /** How sockets ended, oldest first; the last thousand. 1006: without a closing handshake. */
  readonly closes: readonly { readonly atMs: number; readonly code: number }[];
}

const EVENTS_KEPT = 1000;

/** Counts; everyone who does something reports it here. */
export class StatsCounter {
  heartbeats = 0;
  dataFrames = 0;
  textFrames = 0;
  openSockets = 0;
  /** HTTP requests not yet answered. */
  inHand = 0;
  private readonly requests = new Map<string, number>();
  private readonly upgrades: { atMs: number; outcome: UpgradeOutcome }[] = [];
  private readonly closes: { atMs: number; code: number }[] = [];

  countRequest(route: string): void {
    this.requests.set(route, (this.requests.get(route) ?? 0) + 1);
  }

  countUpgrade(atMs: number, outcome: UpgradeOutcome): void {
    this.upgrades.push({ atMs, outcome });
    if (this.upgrades.length > EVENTS_KEPT) this.upgrades.shift();
  }

  countClose(atMs: number, code: number): void {
    this.closes.push({ atMs, code });
    if (this.closes.length > EVENTS_KEPT) this.closes.shift();
  }

  snapshot(): ExchangeStats {
    const { heartbeats, dataFrames, textFrames, openSockets } = this;
    return {
      heartbeats,
      dataFrames,
      textFrames,
      openSockets,
      requests: Object.fromEntries(this.requests),
      upgrades: [...this.upgrades],
      closes: [...this.closes],
    };
  }
}
