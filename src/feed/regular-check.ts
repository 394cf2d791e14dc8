import type { Clock } from '../clock.ts';
import { limitAtSpeed } from './freshness.ts';

/** How often the feed looks at itself; well below the shortest limit it watches. */
const CHECK_EVERY_MS = 250;
/** The same in real ms on a fast clock: looking more often would show nothing new. */
const SHORTEST_REAL_CHECK_MS = 10;
/** Prices and instruments are judged anew at this pace. */
const JUDGE_EVERY_MS = 1_000;
/** A check this late says that this process was held up, and frames may be waiting unread. */
const LATE_CHECK_MS = 1_000;

/** What one check is to do. */
export interface CheckDue {
  /** How late it is, ms, where that is too late; null otherwise. */
  readonly heldUpMs: number | null;
  /** Prices are to be judged: never in a late check, because the frames that have waited are read first. */
  readonly judges: boolean;
}

/** The feed's regular look at itself. Times are monotonic ms. */
export class RegularCheck implements Disposable {
  private readonly clock: Clock;
  private readonly run: (due: CheckDue) => void;
  private timer: Disposable | null = null;
  private lastMs = 0;
  private judgedMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, run: (due: CheckDue) => void) {
    this.clock = clock;
    this.run = run;
    this.lastMs = clock.monotonic();
  }

  /** Whether prices have not been judged for long enough. */
  get isJudgingDue(): boolean {
    return this.clock.monotonic() - this.judgedMs >= JUDGE_EVERY_MS;
  }

  start(): void {
    this.judgedMs = Number.NEGATIVE_INFINITY;
    this.begin();
  }

  /** The clock runs at another speed from now on. */
  speedChanged(): void {
    if (this.timer !== null) this.begin();
  }

  /** Prices have just been judged. */
  judged(): void {
    this.judgedMs = this.clock.monotonic();
  }

  stop(): void {
    this.timer?.[Symbol.dispose]();
    this.timer = null;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  private begin(): void {
    const { clock } = this;
    this.stop();
    this.lastMs = clock.monotonic();
    const periodMs = Math.max(CHECK_EVERY_MS, SHORTEST_REAL_CHECK_MS * clock.speed);
    this.timer = clock.setInterval(() => this.check(periodMs), periodMs);
  }

  private check(periodMs: number): void {
    const nowMs = this.clock.monotonic();
    const lateMs = nowMs - this.lastMs - periodMs;
    const isLate = lateMs > limitAtSpeed(LATE_CHECK_MS, this.clock.speed);
    this.lastMs = nowMs;
    this.run({ heldUpMs: isLate ? lateMs : null, judges: !isLate && this.isJudgingDue });
  }
}
