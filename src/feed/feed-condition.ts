import type { GapState } from '../contract/state.ts';
import type { FeedCause, FeedSource, FeedStateName } from '../contract/states.ts';
import { causeAdvice } from './causes.ts';
import type { FeedCondition } from './feed-status.ts';

/** Whether the feed should run, and why, in one short phrase. */
export interface FeedDesire {
  readonly on: boolean;
  readonly reason: string;
  /** Off because the trader paused it. */
  readonly paused?: boolean;
  /** What Kite has said of the login, where it is the reason that there is none to use. */
  readonly loginCause?: FeedCause | null;
}

/** What the feed's public words are made from. */
export interface FeedFacts {
  readonly desire: FeedDesire;
  readonly hasLogin: boolean;
  /** A refused login that no attempt may be made with now, and why it was refused. */
  readonly isBlocked: boolean;
  readonly blockCause: FeedCause | null;
  readonly blockRetryAt: number | null;
  readonly hasSocket: boolean;
  readonly isLive: boolean;
  /** Frames come, but nothing that should be trading moves. */
  readonly isQuiet: boolean;
  /** The socket at hand replaces one that went quiet. */
  readonly isStalled: boolean;
  readonly restDelivers: boolean;
  readonly lossCause: FeedCause | null;
  readonly failures: number;
  readonly retryAt: number | null;
  readonly gaps: readonly GapState[];
}

const NO_LOGIN = 'There is no Kite login that can be used; sign in and prices start by themselves.';

/** The public words for what is. */
export function feedCondition(facts: FeedFacts): FeedCondition {
  const state = stateName(facts);
  const cause = causeIn(state, facts);
  return {
    desired: facts.desire.on ? 'on' : 'off',
    desiredReason: facts.desire.reason,
    source: sourceName(facts),
    state,
    cause,
    causeText: cause !== null ? causeAdvice[cause].sentence : state === 'blocked' ? NO_LOGIN : null,
    attempt: facts.failures,
    retryAt: state === 'backoff' ? facts.retryAt : state === 'blocked' ? facts.blockRetryAt : null,
    paused: facts.desire.paused ?? false,
    gaps: facts.gaps,
  };
}

function stateName(facts: FeedFacts): FeedStateName {
  if (!facts.desire.on) return 'off';
  if (facts.isLive) return facts.isQuiet ? 'stale' : 'live';
  if (facts.hasSocket) return facts.isStalled ? 'stale' : 'connecting';
  return facts.hasLogin && !facts.isBlocked ? 'backoff' : 'blocked';
}

function causeIn(state: FeedStateName, facts: FeedFacts): FeedCause | null {
  if (state === 'off' || state === 'live') return null;
  if (facts.isLive) return 'exchange-quiet';
  if (state === 'blocked') return facts.blockCause ?? (facts.hasLogin ? null : (facts.desire.loginCause ?? null));
  return facts.blockCause ?? facts.lossCause;
}

function sourceName({ isLive, restDelivers }: FeedFacts): FeedSource {
  if (isLive) return 'websocket';
  return restDelivers ? 'rest' : 'none';
}
