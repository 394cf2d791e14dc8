import type { AuthOwner } from '../auth/auth-owner.ts';
import type { Clock } from '../clock.ts';
import type { FeedState } from '../contract/state.ts';
import { istTimeOf } from '../market/ist.ts';
import type { AlertCenter } from '../notify/alert-center.ts';
import type { PlannedStep } from '../schedule/day-plan.ts';
import type { StepResult } from '../schedule/step-record.ts';
import type { DeskInstruments } from './instruments.ts';

export interface DayActionPorts {
  readonly clock: Clock;
  readonly auth: Pick<AuthOwner, 'state' | 'verify'>;
  readonly alerts: Pick<AlertCenter, 'remind'>;
  readonly instruments: Pick<DeskInstruments, 'active' | 'resolve' | 'listTrouble'>;
  readonly feed: () => FeedState;
  /** Completes and keeps the day's record; returns its summary. */
  readonly certify: () => string;
}

/** How long a step that Kite did not answer waits before it asks again; ms. */
const ASK_AGAIN_MS = 30_000;

/** What the desk does when one of the day's steps is due. Each may be asked again while it answers `waiting`. */
export function dayActions(ports: DayActionPorts): (step: PlannedStep) => StepResult | Promise<StepResult> {
  const { clock, auth, alerts, instruments } = ports;

  const verify = async (reason: string, insists: boolean): Promise<StepResult> => {
    const outcome = await auth.verify(reason);
    switch (outcome) {
      case 'confirmed':
        return { outcome: 'done', detail: `login ${auth.state.state}` };
      case 'superseded':
        // Another login has taken this one's place meanwhile: what counts is whether that is good.
        return auth.state.state === 'valid'
          ? { outcome: 'done', detail: 'login valid' }
          : { outcome: 'waiting', detail: `login ${auth.state.state}`, retryAtMs: clock.now() + ASK_AGAIN_MS };
      case 'rejected':
        return { outcome: 'failed', detail: 'login expired: sign in to Kite' };
      case 'no-token':
        return { outcome: 'failed', detail: 'no login yet: sign in to Kite' };
      case 'unanswered':
        return insists
          ? { outcome: 'waiting', detail: 'Kite could not be asked', retryAtMs: clock.now() + ASK_AGAIN_MS }
          : { outcome: 'failed', detail: 'Kite could not be asked: login unverified' };
    }
  };

  const remind = async (reason: string): Promise<StepResult> => {
    // What is said has to hold now: a network may have come back since Kite was last asked.
    if (auth.state.state === 'unverified' || auth.state.state === 'suspect') await auth.verify(reason);
    if (auth.state.state === 'valid') return { outcome: 'not-needed', detail: 'login valid' };
    return alerts.remind('token')
      ? { outcome: 'done', detail: `reminded: login ${auth.state.state}` }
      : { outcome: 'not-needed', detail: null };
  };

  /** The list that is made at this time of the morning, and none that was taken before. */
  const resolve = async (sinceMs: number): Promise<StepResult> => {
    const resolution = await instruments.resolve(sinceMs, 'in-turn');
    if (!resolution.ok) {
      return { outcome: 'waiting', detail: resolution.message, retryAtMs: clock.now() + ASK_AGAIN_MS };
    }
    const futures = instruments.active.filter(({ role }) => role === 'future').map(({ title }) => title);
    const errors = resolution.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    const detail = [`front month: ${futures.join(', ') || 'none'}`, ...errors].join('; ');
    return { outcome: errors.length === 0 ? 'done' : 'failed', detail };
  };

  const feedStart = (): StepResult => {
    const { source, desiredReason } = ports.feed();
    if (source === 'websocket') return { outcome: 'done', detail: 'live by socket' };
    if (source === 'rest') return { outcome: 'done', detail: 'prices by REST; the socket is down' };
    return { outcome: 'waiting', detail: ports.feed().causeText ?? desiredReason };
  };

  const firstTicks = (): StepResult => {
    const followed = instruments.active.filter(({ role }) => role !== 'watch');
    const missing = followed.filter(({ firstTickAt }) => firstTickAt === null).map(({ title }) => title);
    if (followed.length === 0 || missing.length > 0) {
      return { outcome: 'waiting', detail: `no tick yet: ${missing.join(', ') || 'nothing is followed'}` };
    }
    const last = Math.max(...followed.map(({ firstTickAt }) => firstTickAt ?? 0));
    return { outcome: 'done', detail: `all ${followed.length} by ${istTimeOf(last)}` };
  };

  const feedStop = (): StepResult =>
    ports.feed().state === 'off' ? { outcome: 'done' } : { outcome: 'waiting', detail: 'the feed is still closing' };

  return (planned) => {
    switch (planned.step) {
      case 'morning-preparation':
      case 'token-verify-early':
      case 'token-verify-late':
        return verify(planned.label, true);
      case 'token-check':
        return verify(planned.label, false);
      case 'token-reminder-2':
        // With a login that is not proven, that is what is reminded of.
        if (auth.state.state === 'valid' && instruments.listTrouble !== null) alerts.remind('instruments');
        return remind(planned.label);
      case 'token-reminder-1':
      case 'token-reminder-3':
        return remind(planned.label);
      case 'instruments':
        return resolve(planned.plannedAt);
      case 'feed-start':
        return feedStart();
      case 'first-ticks':
        return firstTicks();
      case 'feed-stop':
        return feedStop();
      case 'certificate':
        return { outcome: 'done', detail: ports.certify() };
      default:
        // The market's own steps are settled by the calendar.
        return { outcome: 'done' };
    }
  };
}
