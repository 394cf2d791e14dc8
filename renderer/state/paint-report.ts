import type { DeskBridge } from '../../src/contract/bridge.ts';
import { type CommandArgs, MOST_PAINTED_TICKS } from '../../src/contract/commands.ts';
import type { ScreenLag } from '../../src/contract/state.ts';
import type { QuoteRow, TickBatch } from '../../src/contract/tick-lane.ts';

/** A price that has not changed for longer does not stream: what comes of it next may be long past. */
const STREAMS_WITHIN_MS = 5_000;

type Painted = CommandArgs<'ticks.painted'>;

/**
 * Tells the desk when ticks are on the screen; the desk, whose clock stamped them, says what they took. One report at a
 * time: a paint that comes before the last is answered goes unreported.
 */
export class PaintReport {
  private readonly bridge: Pick<DeskBridge, 'invoke'>;
  private readonly streamed = new Map<number, { readonly exchangeTime: number; readonly receivedAt: number }>();
  private lastSentAt = 0;
  private waiting: Painted | null = null;
  private isTelling = false;
  private figures: ScreenLag | null = null;

  constructor(bridge: Pick<DeskBridge, 'invoke'>) {
    this.bridge = bridge;
  }

  /** The day's figures as the desk last told them; null until it has. */
  get lag(): ScreenLag | null {
    return this.figures;
  }

  /** A batch has come in. A hidden page paints nothing: its batches tell nothing. */
  arrived(batch: TickBatch, isHidden: boolean): void {
    const since = this.lastSentAt;
    this.lastSentAt = batch.sentAt;
    // The others are sent again because they have come on screen, not because they are new.
    const fresh = batch.quotes.filter(({ receivedAt }) => receivedAt > since);
    const ticks = fresh.filter((quote) => this.streams(quote)).map(timesOf);
    if (isHidden) this.waiting = null;
    if (isHidden || since === 0 || fresh.length === 0) return;
    const before = this.waiting ?? { receivedAt: Number.POSITIVE_INFINITY, ticks: [] };
    this.waiting = {
      receivedAt: Math.min(before.receivedAt, ...fresh.map(({ receivedAt }) => receivedAt)),
      ticks: [...before.ticks, ...ticks].slice(0, MOST_PAINTED_TICKS),
    };
  }

  /** All that had arrived is on the screen. */
  painted(): void {
    const { waiting } = this;
    this.waiting = null;
    if (waiting !== null && !this.isTelling) void this.tell(waiting);
  }

  /** The slots have got another meaning. */
  clear(): void {
    this.streamed.clear();
    this.waiting = null;
  }

  private async tell(painted: Painted): Promise<void> {
    this.isTelling = true;
    try {
      const answer = await this.bridge.invoke('ticks.painted', painted);
      if (answer.ok) this.figures = answer.value;
    } finally {
      this.isTelling = false;
    }
  }

  /**
   * Whether the lag of a tick can be told: the first of its exchange second, in continuous trading, of an instrument that
   * streams. A later one of the same second would count the second's own length.
   */
  private streams({ slot, kind, fromRest, exchangeTime, receivedAt }: QuoteRow): boolean {
    const before = this.streamed.get(slot);
    if (exchangeTime === 0 || exchangeTime === before?.exchangeTime) return false;
    this.streamed.set(slot, { exchangeTime, receivedAt });
    const hasStreamed = before !== undefined && receivedAt - before.receivedAt <= STREAMS_WITHIN_MS;
    return hasStreamed && kind === 'live' && !fromRest;
  }
}

function timesOf({ exchangeTime, receivedAt }: QuoteRow): [number, number] {
  return [exchangeTime, receivedAt];
}
