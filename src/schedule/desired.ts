import type { AuthStateName } from '../contract/states.ts';
import { istTimeOf } from '../market/ist.ts';
import type { DayPlan, FeedWindow } from './day-plan.ts';

export interface DesiredInput {
  /** Ms since the epoch. */
  readonly nowMs: number;
  /** The plan of the IST date of `nowMs`. */
  readonly plan: DayPlan;
  readonly auth: {
    readonly state: AuthStateName;
    /** Whether the owner of the login hands out a session: an unverified token past its deadline is not usable. */
    readonly usable: boolean;
  };
  /** The trader has stopped the feed by hand. */
  readonly paused: boolean;
}

/** What should be so now. */
export interface Desired {
  readonly feed: 'on' | 'off';
  /** One short phrase for a person. */
  readonly feedReason: string;
  /** Whether the login is to be kept proven by regular questions to Kite. */
  readonly validate: boolean;
}

/**
 * What should be running at an instant: the feed within the day's windows, unless the trader has paused it or signed out.
 * With a login that is dead or unproven it is still wanted, so that the feed says `blocked` and goes on by itself. Off through a break of an hour or more between two sessions; shorter breaks are inside one window. Pure.
 */
export function desired({ nowMs, plan, auth, paused }: DesiredInput): Desired {
  const validate = plan.feed.some((window) => nowMs >= window.checkMs && nowMs < window.stopMs);
  const running = plan.feed.find((window) => nowMs >= window.startMs && nowMs < window.stopMs);
  if (running === undefined) return { feed: 'off', feedReason: offReason(plan, nowMs), validate };
  if (paused) return { feed: 'off', feedReason: 'paused by the trader', validate };
  const hasLogin = auth.state !== 'unconfigured' && auth.state !== 'signed-out';
  if (!hasLogin) return { feed: 'off', feedReason: loginReasons[auth.state], validate };
  return { feed: 'on', feedReason: auth.usable ? onReason(plan, running) : loginReasons[auth.state], validate };
}

function onReason(plan: DayPlan, running: FeedWindow): string {
  const until = `until ${clockTime(running.stopMs)}`;
  if (plan.hours === 'unpublished') return `${plan.reason}: hours not published, watching ${until}`;
  if (plan.hours === 'assumed') return `calendar unknown: running by the last known hours ${until}`;
  return `${plan.kind === 'special' ? plan.reason : 'trading day'} ${until}`;
}

function offReason(plan: DayPlan, nowMs: number): string {
  const next = plan.feed.find((window) => nowMs < window.startMs);
  if (next !== undefined) return `starts at ${clockTime(next.startMs)}`;
  const last = plan.feed.at(-1);
  if (last !== undefined) return `stopped at ${clockTime(last.stopMs)}, after the close`;
  switch (plan.kind) {
    case 'holiday':
      return `holiday: ${plan.reason}`;
    case 'weekend':
      return 'weekend';
    default:
      return 'nothing that is followed trades today';
  }
}

const loginReasons: Readonly<Record<AuthStateName, string>> = {
  unconfigured: 'waiting for an API key',
  'signed-out': 'waiting for a login',
  unverified: 'waiting for Kite to confirm the login',
  suspect: 'waiting for Kite to confirm the login after its 06:00 deadline',
  expired: 'waiting for a new login',
  valid: 'waiting for a login',
};

/** `HH:MM`. */
function clockTime(instantMs: number): string {
  return istTimeOf(instantMs).slice(0, 5);
}
