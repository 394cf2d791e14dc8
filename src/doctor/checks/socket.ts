import { silentWords } from '../../contract/silent-words.ts';
import type { FeedState } from '../../contract/state.ts';
import { causeAdvice, causeOfEnd, describeEnd } from '../../feed/causes.ts';
import type { SocketEnd } from '../../kite/ticker-events.ts';
import { istTimeOf } from '../../market/ist.ts';
import { broken, type Check, type CheckContext, doubtful, type Finding, fine, fixes, skipped } from '../check.ts';

/** What trying the live socket came to. */
export type SocketTrial =
  | { readonly tried: true; readonly opened: true; readonly elapsedMs: number }
  | { readonly tried: true; readonly opened: false; readonly end: SocketEnd }
  /** Left alone; `why` is a sentence. */
  | { readonly tried: false; readonly why: string };

/** Longer than the socket's own time for a handshake. */
const LIMIT_MS = 12_000;

/** Tries the live socket, at most once an examination; `null` from `dial` when there is no login to try it with. */
export type TrySocket = (context: CheckContext) => Promise<SocketTrial>;

/**
 * The trial never makes things worse: none while the feed has the socket open, while Kite counts too many of them, or
 * with a login that Kite has not just confirmed.
 */
export function socketTrial(ports: {
  feed(): FeedState;
  /** Opens a ticker socket and closes it; null without a usable login. */
  dial(signal: AbortSignal): Promise<{ readonly end: SocketEnd | null; readonly elapsedMs: number } | null>;
}): TrySocket {
  return async ({ signal, earlier }) => {
    const feed = ports.feed();
    if (feed.source === 'websocket') return { tried: false, why: 'Prices are coming in over it now.' };
    if (earlier.get('token')?.result !== 'ok')
      return { tried: false, why: 'It is not tried without a confirmed login.' };
    if (feed.cause === 'too-many-connections' && feed.desired === 'on') {
      return { tried: false, why: causeAdvice['too-many-connections'].sentence };
    }
    const outcome = await ports.dial(signal);
    if (outcome === null) return { tried: false, why: 'There is no login to try it with.' };
    const { end, elapsedMs } = outcome;
    return end === null ? { tried: true, opened: true, elapsedMs } : { tried: true, opened: false, end };
  };
}

export function socketCheck(trial: TrySocket, feed: () => FeedState): Check {
  return {
    id: 'socket',
    title: 'Live socket',
    limitMs: LIMIT_MS,
    lateFinding: broken(causeAdvice.network.sentence, 'no socket in time', fixes.retry),
    examine: async (context) => readSocket(await trial(context), feed()),
  };
}

export function planCheck(trial: TrySocket, feed: () => FeedState): Check {
  return {
    id: 'plan',
    title: 'Plan',
    limitMs: LIMIT_MS,
    examine: async (context) => readPlan(await trial(context), context.earlier.get('token')?.result === 'ok', feed()),
  };
}

/** Feed causes that show only on a socket that is open. */
const QUIET_CAUSES = ['mute', 'silent', 'exchange-quiet'] as const;

export function readSocket(trial: SocketTrial, feed: FeedState): Finding {
  if (!trial.tried) {
    if (feed.source === 'websocket') return readQuiet(feed) ?? readSilent(feed) ?? fine(trial.why);
    if (feed.desired === 'on' && feed.cause === 'too-many-connections')
      return broken(trial.why, 'HTTP 429', fixes.retry);
    return skipped(trial.why);
  }
  if (trial.opened) {
    return readQuiet(feed) ?? fine('The live socket opens.', `opened in ${Math.round(trial.elapsedMs)} ms`);
  }
  const evidence = describeEnd(trial.end);
  if (trial.end.how === 'refused' && trial.end.status === 403) {
    return broken('Kite refuses the live socket, though it accepts the login.', evidence);
  }
  return broken(causeAdvice[causeOfEnd(trial.end)].sentence, evidence, fixes.retry);
}

/** The socket opens, and the feed knows that nothing useful comes over it; null when it does not say so. */
function readQuiet(feed: FeedState): Finding | null {
  const cause = QUIET_CAUSES.find((quiet) => feed.desired === 'on' && feed.cause === quiet);
  if (cause === undefined) return null;
  return doubtful(causeAdvice[cause].sentence, `opens; the feed is ${feed.state}: ${cause}`, fixes.retry);
}

/** The line works, and somebody on it sends nothing; null when nobody is missed. */
function readSilent({ silent = [] }: FeedState): Finding | null {
  const symbols = silent.map(({ key }) => key.slice(key.indexOf(':') + 1));
  if (symbols.length === 0) return null;
  const since = istTimeOf(Math.min(...silent.map((one) => one.since)));
  return doubtful(silentWords(symbols), `nothing since ${since}`, fixes.retry);
}

/** A login that works beside a socket that is refused. That it is the plan is said only where Kite has told the feed so. */
export function readPlan(trial: SocketTrial, isLoginGood: boolean, feed: FeedState): Finding {
  if (feed.source === 'websocket') return fine('Prices come in, so the plan of this API key includes live data.');
  if (!trial.tried) return skipped('Shown by the live socket, which was not tried.');
  if (trial.opened) return fine('The plan of this API key includes live data.');
  const isRefused = trial.end.how === 'refused' && trial.end.status === 403;
  if (!isRefused || !isLoginGood) return skipped('The live socket did not come to the point of telling.');
  const evidence = 'profile confirmed, socket HTTP 403';
  if (feed.cause === 'plan-without-data') {
    return broken(
      "The login is good and live data is refused: the plan of this API key does not include market data. See the subscription in Zerodha's developer console.",
      `${evidence}, quotes HTTP 403`,
    );
  }
  return broken(
    "The login is good and live data is refused. Sign in again first; then try without a VPN or from another network. If neither helps, the app is not active at Zerodha's developer console, or its plan does not include market data.",
    evidence,
    fixes.signIn,
  );
}
