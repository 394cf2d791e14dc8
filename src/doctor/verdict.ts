import type { DoctorCheck, DoctorCheckId, DoctorVerdict } from '../contract/doctor.ts';
import type { FeedState } from '../contract/state.ts';
import { causeAdvice } from '../feed/causes.ts';
import { fixes } from './check.ts';

/**
 * Causes before what they bring about. A process that is held up lets everything time out; a network that wants its proxy
 * fails in name look-up and connection; a refused plan shows at the socket. What does not stop prices comes last.
 */
const explainsFirst: readonly DoctorCheckId[] = [
  'event-loop',
  'proxy',
  'dns',
  'tcp',
  'tls',
  'answer',
  'token',
  'plan',
  'socket',
  'clock',
  'instruments',
  'disk',
  'keychain',
  'calendar',
];

/** The one cause that best explains what is wrong, and what to do about it. */
export function verdictOf(checks: readonly DoctorCheck[], feed: FeedState): DoctorVerdict {
  const failure = firstWith(checks, 'failed');
  if (failure !== null) return verdictFrom(failure, 'failed');
  const trouble = feedTrouble(feed);
  const warning = firstWith(checks, 'warning');
  if (trouble !== null && !isAboutPrices(warning)) return trouble;
  if (warning !== null) return verdictFrom(warning, 'warning');
  return { result: 'ok', check: null, sentence: 'Everything that was looked at is in order.', fix: null };
}

function firstWith(checks: readonly DoctorCheck[], result: DoctorCheck['result']): DoctorCheck | null {
  for (const id of explainsFirst) {
    const found = checks.find((check) => check.id === id && check.result === result);
    if (found !== undefined) return found;
  }
  return null;
}

function verdictFrom(check: DoctorCheck, result: 'warning' | 'failed'): DoctorVerdict {
  return { result, check: check.id, sentence: check.sentence, fix: check.fix };
}

/** Doubts that can by themselves be why prices do not come. */
function isAboutPrices(check: DoctorCheck | null): boolean {
  return check !== null && ['event-loop', 'tls', 'answer', 'socket', 'instruments'].includes(check.id);
}

/** The feed ought to be live and is not, and none of the checks says why. */
function feedTrouble(feed: FeedState): DoctorVerdict | null {
  if (feed.desired !== 'on' || feed.state === 'live' || feed.state === 'connecting') return null;
  const advice = feed.cause === null ? null : causeAdvice[feed.cause];
  return {
    result: 'warning',
    check: null,
    sentence: `Nothing is wrong on this side. ${feed.causeText ?? advice?.sentence ?? 'The live feed is interrupted.'}`,
    fix: advice?.action === 'sign-in' ? fixes.signIn : fixes.retry,
  };
}
