/** The state words of DESIGN's states section, shared by the desk and every interface. */

export const authStates = ['unconfigured', 'signed-out', 'unverified', 'valid', 'suspect', 'expired'] as const;
/**
 * `unconfigured`: no api key. `signed-out`: key, but no token. `unverified`: there is a token and Kite cannot be asked.
 * `valid`: Kite confirmed it. `suspect`: past its 06:00 IST deadline and not yet asked. `expired`: Kite itself refused it.
 */
export type AuthStateName = (typeof authStates)[number];

export const feedStates = ['off', 'connecting', 'live', 'stale', 'backoff', 'blocked'] as const;
/** `blocked`: Kite refused the token, or its live socket refuses a confirmed one; another login, or time, helps. */
export type FeedStateName = (typeof feedStates)[number];

export const feedSources = ['websocket', 'rest', 'none'] as const;
export type FeedSource = (typeof feedSources)[number];

export const feedCauses = [
  'token-expired',
  'logged-in-elsewhere',
  'plan-without-data',
  'socket-refused',
  'too-many-connections',
  'no-instruments',
  'network',
  'exchange-quiet',
  'mute',
  'silent',
  'server-error',
  'unknown',
] as const;
/**
 * Why the feed is not live, or not all that was asked for is. `silent`: no frame at all; `mute`: heartbeats but no data. `socket-refused`: the live socket
 * refuses a login that Kite confirms, and nothing says that the plan lacks market data; `plan-without-data`: Kite says so. `no-instruments`: no list.
 */
export type FeedCause = (typeof feedCauses)[number];

/** Why live data is missing on record: the feed's trouble, or the app was quit while the feed should have run. */
export const gapCauses = [...feedCauses, 'not-running'] as const;
export type GapCause = (typeof gapCauses)[number];
