import type { Clock } from '../clock.ts';
import type { FeedCause } from '../contract/states.ts';
import type { SessionCredentials } from '../kite/session.ts';
import { retryDelayMs } from './backoff.ts';
import { causeOfRefusal, type TokenVerdict, workedSinceFlush } from './causes.ts';
import { unprovenRefusal } from './evidence.ts';
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

/** What is known of a refusal besides the token. */
export interface RefusalDetail {
  /** When Kite last took this token, wall time; null for never. */
  readonly acceptedAtMs: number | null;
  /** The sentence for a refusal that is visibly somebody else's (a web page); null where it may be Kite's. */
  readonly foreignSentence: string | null;
}

/** The token is good and the live socket refuses it: another login, or something outside this app, has to change. */
const RETRY_REFUSED_MS = 300_000;
/** The same, but the token had data earlier today: a fault on Kite's side or on the way, which may pass. */
const RETRY_AFTER_DATA_MS = 60_000;

interface Block {
  readonly token: string;
  readonly refusedBy: RefusedBy;
  readonly detail: RefusalDetail;
  /** The last answer about the token; null: none yet. */
  verdict: TokenVerdict | null;
  isAsking: boolean;
  cause: FeedCause;
  /** A sentence more exact than the cause's. */
  evidence: string | null;
  /** The next attempt, null for none, in monotonic ms. */
  retry: Moment | null;
  /** Refusals in a row of which nobody could say what they mean. */
  readonly unproven: number;
}

/**
 * A login that was turned down, and what is to be made of it. Kite's own no ends all attempts; a live socket that refuses a
 * confirmed login is tried again at long intervals; a refusal that proves nothing (somebody else's page, or a Kite that
 * cannot be asked) is a lost connection like any other, and attempts go on. A different token is never held back.
 */
export class LoginBlock {
  private readonly clock: Clock;
  private readonly auth: FeedAuth;
  private readonly changed: () => void;
  /** The wait after so many unproven refusals in a row; ms. */
  private readonly unprovenDelayMs: (attempt: number) => number;
  private block: Block | null = null;
  /** The token whose plan has no market data, by Kite's own word. */
  private tokenWithoutData: string | null = null;

  /** `changed` is called when a verdict has come. */
  constructor(
    clock: Clock,
    auth: FeedAuth,
    changed: () => void,
    unprovenDelayMs = (attempt: number): number =>
      retryDelayMs({ attempt, cause: 'network', inSession: true, random: () => 0.5 }),
  ) {
    this.clock = clock;
    this.auth = auth;
    this.changed = changed;
    this.unprovenDelayMs = unprovenDelayMs;
  }

  /** Whether no attempt may be made with this login now. */
  holds(session: SessionCredentials): boolean {
    const { block } = this;
    if (block === null || block.token !== session.accessToken) return false;
    return block.retry === null || this.clock.monotonic() < block.retry.atMs;
  }

  /** Whether what holds an attempt back is the login, and not merely the wait before the next. */
  get isAboutLogin(): boolean {
    return this.block !== null && !isUnproven(this.block);
  }

  /** Whether quotes may be asked for by REST meanwhile: only with a token that is known to be good. */
  get allowsRest(): boolean {
    return this.block === null || this.isSocketOnly;
  }

  /** The live socket refuses a login that Kite confirms: no use waiting for it before asking by REST. */
  get isSocketOnly(): boolean {
    return this.block?.verdict === 'token-fine' && this.block.refusedBy === 'ticker';
  }

  /** Null without a block. */
  get cause(): FeedCause | null {
    return this.block?.cause ?? null;
  }

  /** A sentence more exact than the cause's; null without one. */
  get evidence(): string | null {
    return this.block?.evidence ?? null;
  }

  /** Wall time of the next attempt; null when only another login, or a verified one, helps. */
  get retryAt(): number | null {
    return this.block?.retry?.wallMs ?? null;
  }

  /** `session` was turned down with HTTP 403, which by itself is nobody's word about the token. */
  refused(session: SessionCredentials, refusedBy: RefusedBy, detail: RefusalDetail | null): void {
    const before = this.block?.token === session.accessToken ? this.block : null;
    this.block = {
      token: session.accessToken,
      refusedBy,
      detail: detail ?? { acceptedAtMs: null, foreignSentence: null },
      verdict: before?.verdict ?? null,
      isAsking: false,
      cause: before?.cause ?? 'unknown',
      evidence: before?.evidence ?? null,
      retry: null,
      unproven: before !== null && isUnproven(before) ? before.unproven + 1 : 1,
    };
    void this.ask(this.block, false);
  }

  /** Kite itself says that this login may not have market data. */
  lacksData(session: SessionCredentials): void {
    this.tokenWithoutData = session.accessToken;
    const { block } = this;
    if (block?.token === session.accessToken && block.verdict === 'token-fine') block.cause = this.causeOf(block);
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
    this.tokenWithoutData = null;
  }

  private async ask(block: Block, isUrgent: boolean): Promise<void> {
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
    const wasUnproven = block.verdict !== null && isUnproven(block);
    block.verdict = verdict;
    block.isAsking = false;
    block.cause = this.causeOf(block);
    block.evidence = evidenceOfRefusal(block);
    if (verdict === 'token-rejected') {
      block.retry = null;
    } else if (verdict === 'token-fine' && block.refusedBy === 'rest') {
      this.block = null;
    } else if (isUnproven(block)) {
      block.retry = momentIn(this.clock, isUrgent ? 0 : this.unprovenDelayMs(block.unproven));
    } else {
      // Whoever stood between may just have gone: the refusal may have been theirs.
      block.retry = momentIn(this.clock, isUrgent || wasUnproven ? 0 : retryAfter(block, this.clock.now()));
    }
  }

  private causeOf({ verdict, detail, token, refusedBy }: Block): FeedCause {
    if (verdict === 'token-fine' && refusedBy === 'ticker' && detail.foreignSentence !== null) return 'network';
    const lacksData = this.tokenWithoutData === token;
    return causeOfRefusal(verdict ?? 'unknown', detail.acceptedAtMs, this.clock.now(), lacksData);
  }
}

/** Nothing is known that speaks against the login: Kite could not be asked, or somebody else turned the socket away. */
function isUnproven({ verdict, detail, refusedBy }: Block): boolean {
  if (verdict === null || verdict === 'token-rejected') return false;
  return verdict !== 'token-fine' || (refusedBy === 'ticker' && detail.foreignSentence !== null);
}

function evidenceOfRefusal(block: Block): string | null {
  const { verdict, detail } = block;
  if (!isUnproven(block)) return null;
  if (detail.foreignSentence !== null) return detail.foreignSentence;
  const isForeign = verdict === 'web-page' || verdict === 'network-sign-in' || verdict === 'not-kite';
  return unprovenRefusal(isForeign ? verdict : null);
}

function retryAfter({ detail }: Block, nowMs: number): number {
  return workedSinceFlush(detail.acceptedAtMs, nowMs) ? RETRY_AFTER_DATA_MS : RETRY_REFUSED_MS;
}
