import type { Clock } from '../clock.ts';
import type { FeedCause } from '../contract/states.ts';
import type { SessionCredentials } from '../kite/session.ts';
import { causeOfRefusal, type TokenVerdict } from './causes.ts';
import { type Moment, momentIn } from './retry-pace.ts';

/** Who was turned down with the token. */
export type RefusedBy = 'ticker' | 'rest';

/** The owner of the token, as the feed sees it. */
export interface FeedAuth {
  /** The login to use now; null while there is none that may be used. */
  session(): SessionCredentials | null;
  /** Called when another login is there, and when there is none any more. */
  onSession(listener: (session: SessionCredentials | null) => void): Disposable;
  /** Kite answered 403 to the current token; resolves with what Kite says when asked about the token itself. */
  reportRejected(source: RefusedBy): Promise<TokenVerdict>;
}

/** Nobody could say whether the token is good: asked again at this pace. */
const ASK_AGAIN_MS = 30_000;
/** The token is good and the ticker refuses it: the plan has no data, which a person has to change at Zerodha. */
const RETRY_WITHOUT_DATA_MS = 300_000;
/** The same, but the token had data earlier today: a fault on Kite's side or on the way, which may pass. */
const RETRY_AFTER_DATA_MS = 60_000;

interface Block {
  readonly token: string;
  readonly refusedBy: RefusedBy;
  readonly acceptedAtMs: number | null;
  /** The last answer about the token; null: none yet. */
  verdict: TokenVerdict | null;
  isAsking: boolean;
  cause: FeedCause;
  /** The next attempt, null for none; and the next question, in monotonic ms. */
  retry: Moment | null;
  askAtMs: number | null;
}

/**
 * A login that Kite turned down, and what is to be made of it. No attempt is made with its token until the token's owner
 * finds it good; a different token is never held back.
 */
export class LoginBlock {
  private readonly clock: Clock;
  private readonly auth: FeedAuth;
  private readonly changed: () => void;
  private block: Block | null = null;

  /** `changed` is called when a verdict has come. */
  constructor(clock: Clock, auth: FeedAuth, changed: () => void) {
    this.clock = clock;
    this.auth = auth;
    this.changed = changed;
  }

  /** Whether no attempt may be made with this login now. */
  holds(session: SessionCredentials): boolean {
    const { block } = this;
    if (block === null || block.token !== session.accessToken) return false;
    return block.retry === null || this.clock.monotonic() < block.retry.atMs;
  }

  /** Whether quotes may be asked for by REST meanwhile: only with a token that is known to be good. */
  get allowsRest(): boolean {
    return this.block === null || (this.block.verdict === 'token-fine' && this.block.refusedBy === 'ticker');
  }

  /** Null without a block. */
  get cause(): FeedCause | null {
    return this.block?.cause ?? null;
  }

  /** Wall time of the next attempt; null when only another login, or a verified one, helps. */
  get retryAt(): number | null {
    return this.block?.retry?.wallMs ?? null;
  }

  /** Kite turned `session` down. `acceptedAtMs`: when it last took it, wall time, null for never. */
  refused(session: SessionCredentials, refusedBy: RefusedBy, acceptedAtMs: number | null): void {
    const before = this.block?.token === session.accessToken ? this.block : null;
    this.block = {
      token: session.accessToken,
      refusedBy,
      acceptedAtMs,
      verdict: before?.verdict ?? null,
      isAsking: false,
      cause: before?.cause ?? 'unknown',
      retry: null,
      askAtMs: null,
    };
    void this.ask(this.block, false);
  }

  /** The trader wants another try: the token's owner is asked first, so that a dead token is not tried again. */
  recheck(): void {
    if (this.block !== null) void this.ask(this.block, true);
  }

  /**
   * The token's owner has found the token good by itself. That is news only where it was thought bad, or nobody could
   * say: the confirmation of a good token that the ticker refuses must not bring about one refusal after the other.
   */
  verified(): void {
    const { block } = this;
    if (block === null || block.isAsking || block.verdict === 'token-fine') return;
    block.retry = momentIn(this.clock, 0);
  }

  /** The login works, or another has come. */
  lift(): void {
    this.block = null;
  }

  /** To be called now and then: asks again when nobody could say. */
  tick(): void {
    const { block } = this;
    if (block === null || block.askAtMs === null || this.clock.monotonic() < block.askAtMs) return;
    void this.ask(block, false);
  }

  private async ask(block: Block, isUrgent: boolean): Promise<void> {
    block.askAtMs = null;
    block.isAsking = true;
    let verdict: TokenVerdict;
    try {
      verdict = await this.auth.reportRejected(block.refusedBy);
    } catch {
      verdict = 'unknown';
    }
    if (this.block !== block) return;
    this.judge(block, verdict, isUrgent);
    this.changed();
  }

  private judge(block: Block, verdict: TokenVerdict, isUrgent: boolean): void {
    block.verdict = verdict;
    block.isAsking = false;
    block.cause = causeOfRefusal(verdict, block.acceptedAtMs, this.clock.now());
    if (verdict === 'unknown') block.askAtMs = this.clock.monotonic() + ASK_AGAIN_MS;
    if (verdict !== 'token-fine') return;
    if (block.refusedBy === 'rest') this.block = null;
    else block.retry = momentIn(this.clock, isUrgent ? 0 : retryAfter(block.cause));
  }
}

function retryAfter(cause: FeedCause): number {
  return cause === 'plan-without-data' ? RETRY_WITHOUT_DATA_MS : RETRY_AFTER_DATA_MS;
}
