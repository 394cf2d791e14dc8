import type { FeedCapacity, GapState, SilentInstrument } from '../contract/state.ts';
import type { FeedCause, FeedSource, FeedStateName } from '../contract/states.ts';
import { causeAdvice } from './causes.ts';
import type { LostPart } from './connection-pool.ts';
import { lateSentence, partSentence } from './evidence.ts';
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
  readonly blockEvidence: string | null;
  readonly blockRetryAt: number | null;
  readonly hasSocket: boolean;
  readonly isLive: boolean;
  /** Frames come, but nothing that should be trading moves. */
  readonly isQuiet: boolean;
  /** The socket at hand replaces one that went quiet. */
  readonly isStalled: boolean;
  /** Prices flow and are this late; null while they come in time. */
  readonly lateByMs: number | null;
  /** Instruments that lack data while the indices have theirs. */
  readonly lostPart: LostPart | null;
  readonly restDelivers: boolean;
  /** How many instruments there are to follow, and how many more are asked for that no list names yet. */
  readonly followed: number;
  readonly unlisted: number;
  readonly lossCause: FeedCause | null;
  readonly lossEvidence: string | null;
  readonly failures: number;
  readonly retryAt: number | null;
  readonly capacity: FeedCapacity;
  readonly silent: readonly SilentInstrument[];
  readonly gaps: readonly GapState[];
}

const NO_LOGIN = 'There is no Kite login that can be used; sign in and prices start by themselves.';

/** The public words for what is. */
export function feedCondition(facts: FeedFacts): FeedCondition {
  const state = stateName(facts);
  const trouble = troubleIn(state, facts);
  return {
    desired: facts.desire.on ? 'on' : 'off',
    desiredReason: facts.desire.reason,
    source: sourceName(facts),
    state,
    cause: trouble.cause,
    causeText: trouble.sentence,
    attempt: facts.failures,
    retryAt: retryAtOf(state, facts),
    paused: facts.desire.paused ?? false,
    capacity: facts.capacity,
    silent: facts.silent,
    gaps: facts.gaps,
  };
}

/** When the next attempt is due, of whatever kind the wait is. */
function retryAtOf(state: FeedStateName, { retryAt, blockRetryAt }: FeedFacts): number | null {
  if (state === 'backoff') return blockRetryAt ?? retryAt;
  return state === 'blocked' ? blockRetryAt : null;
}

function stateName(facts: FeedFacts): FeedStateName {
  if (!facts.desire.on) return 'off';
  if (facts.isLive) return isWhole(facts) ? 'live' : 'stale';
  if (facts.hasSocket) return facts.isStalled ? 'stale' : 'connecting';
  return facts.hasLogin && !facts.isBlocked ? 'backoff' : 'blocked';
}

function isWhole({ isQuiet, lateByMs, lostPart }: FeedFacts): boolean {
  return !isQuiet && lateByMs === null && lostPart === null;
}

/** A cause and the words for it: the exact ones of what was seen, where there are any, else the cause's own. */
interface Trouble {
  readonly cause: FeedCause | null;
  readonly sentence: string | null;
}

function troubleIn(state: FeedStateName, facts: FeedFacts): Trouble {
  const { blockCause, blockEvidence, lossCause, lossEvidence, hasLogin, desire } = facts;
  if (state === 'off') return { cause: null, sentence: null };
  const lacksAll = facts.followed === 0 && facts.unlisted > 0 && state !== 'blocked';
  if (lacksAll || (state === 'live' && facts.unlisted > 0)) return troubleOf('no-instruments');
  if (state === 'live') return { cause: null, sentence: null };
  if (facts.isLive) return troubleWhileLive(facts);
  if (blockCause !== null) return troubleOf(blockCause, blockEvidence);
  if (state !== 'blocked')
    return lossCause === null ? { cause: null, sentence: null } : troubleOf(lossCause, lossEvidence);
  const loginCause = hasLogin ? null : (desire.loginCause ?? null);
  return loginCause === null ? { cause: null, sentence: NO_LOGIN } : troubleOf(loginCause);
}

/** What is wrong with all comes before what is wrong with some. */
function troubleWhileLive({ isQuiet, lateByMs, lostPart, blockCause }: FeedFacts): Trouble {
  if (isQuiet || (lateByMs === null && lostPart === null)) return troubleOf('exchange-quiet');
  if (lateByMs !== null) return { cause: 'network', sentence: lateSentence(lateByMs) };
  const { cause, sentence } = troubleOf(blockCause ?? lostPart?.cause ?? 'network', lostPart?.evidence);
  return { cause, sentence: partSentence(lostPart?.count ?? 0, sentence ?? '') };
}

function troubleOf(cause: FeedCause, evidence: string | null = null): Trouble {
  return { cause, sentence: evidence ?? causeAdvice[cause].sentence };
}

function sourceName({ isLive, restDelivers }: FeedFacts): FeedSource {
  if (isLive) return 'websocket';
  return restDelivers ? 'rest' : 'none';
}
