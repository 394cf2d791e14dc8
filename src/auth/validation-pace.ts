/** How often Kite is asked about the token. Times in ms of the desk's clock. */

/** While the day needs the login proven. */
const PERIOD_MS = 30_000;
/** First retry after a question without an answer; doubled each time. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** The same where somebody else answers in Kite's place: a filter or a sign-in page is gone from one moment to the next. */
const LONGEST_PASSING_RETRY_MS = 10_000;
/** When nothing needs the login now, an unverified one is still asked about, at leisure. */
const IDLE_FIRST_RETRY_MS = 30_000;
const IDLE_LONGEST_RETRY_MS = 300_000;
/** Spread of every wait, so that many copies of the app do not ask in step. */
const JITTER = 0.1;

/**
 * The wait from the last question to the next. `failures`: questions in a row without an answer. `random`: 0 up to 1.
 * A rate limit is answered with the longest wait at once.
 */
export function validationDelay(
  {
    needed,
    failures,
    rateLimited,
    passing = false,
  }: { needed: boolean; failures: number; rateLimited: boolean; passing?: boolean },
  random: number,
): number {
  const longestNeeded = passing ? LONGEST_PASSING_RETRY_MS : LONGEST_RETRY_MS;
  const [first, longest] = needed ? [FIRST_RETRY_MS, longestNeeded] : [IDLE_FIRST_RETRY_MS, IDLE_LONGEST_RETRY_MS];
  const base = failures === 0 ? PERIOD_MS : rateLimited ? longest : Math.min(longest, first * 2 ** (failures - 1));
  return base * (1 + JITTER * (2 * random - 1));
}
