import type { Clock } from '../clock.ts';
import type { FeedLag, FeedState } from '../contract/state.ts';
import type { FeedStateName } from '../contract/states.ts';
import { MOST_TOKENS } from './allocation.ts';

/** Figures that change with every frame; a reader wants them about once a second. */
export type FeedCounters = Pick<
  FeedState,
  'frames' | 'ticks' | 'dropped' | 'reconnects' | 'lastFrameAt' | 'lastTickAt' | 'lag'
>;
/** Everything else but the instants that follow from it: a change is told at once. */
export type FeedCondition = Omit<FeedState, keyof FeedCounters | 'since' | 'backFromRestAt'>;

/** Before the first tick of continuous trading. */
export const NO_LAG: FeedLag = { samples: 0, p50Ms: null, p95Ms: null, p99Ms: null, skewMs: null, heldUpMs: 0 };

const COUNTERS_EVERY_MS = 1_000;

/** States that are one condition to a person: reconnecting is one outage, however many steps it takes. */
const conditionOf: Readonly<Record<FeedStateName, string>> = {
  off: 'off',
  live: 'live',
  blocked: 'blocked',
  connecting: 'down',
  stale: 'down',
  backoff: 'down',
};

/** The feed's public state: says changes at once and counters at most once a second. */
export class FeedStatus {
  private readonly clock: Clock;
  private readonly listeners = new Set<(state: FeedState) => void>();
  private current: FeedState;
  private toldMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.toldMs = clock.monotonic();
    this.current = {
      desired: 'off',
      desiredReason: '',
      source: 'none',
      state: 'off',
      cause: null,
      causeText: null,
      attempt: 0,
      retryAt: null,
      since: clock.now(),
      backFromRestAt: null,
      frames: 0,
      ticks: 0,
      dropped: 0,
      reconnects: 0,
      lastFrameAt: null,
      lastTickAt: null,
      paused: false,
      gaps: [],
      lag: NO_LAG,
      capacity: { used: 0, limit: MOST_TOKENS },
    };
  }

  get state(): FeedState {
    return this.current;
  }

  onChange(listener: (state: FeedState) => void): Disposable {
    this.listeners.add(listener);
    return { [Symbol.dispose]: () => void this.listeners.delete(listener) };
  }

  update(condition: FeedCondition, counters: FeedCounters): void {
    const before = this.current;
    const isNewCondition = differs(before, condition);
    if (!isNewCondition && !differs(before, counters)) return;
    const goesOn = conditionOf[before.state] === conditionOf[condition.state];
    this.current = {
      ...condition,
      ...counters,
      since: goesOn ? before.since : this.clock.now(),
      backFromRestAt: condition.source === 'websocket' ? this.backFromRestAt(before) : null,
    };
    const nowMs = this.clock.monotonic();
    if (!isNewCondition && nowMs - this.toldMs < COUNTERS_EVERY_MS) return;
    this.toldMs = nowMs;
    for (const listener of [...this.listeners]) listener(this.current);
  }

  private backFromRestAt(before: FeedState): number | null {
    return before.source === 'rest' ? this.clock.now() : before.backFromRestAt;
  }
}

function differs(before: FeedState, after: Partial<FeedState>): boolean {
  return Object.entries(after).some(([name, value]) => before[name as keyof FeedState] !== value);
}
