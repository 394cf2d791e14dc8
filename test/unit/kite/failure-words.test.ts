import { describe, expect, test } from 'vitest';
import { exchangeFailure } from '../../../src/auth/login-flow.ts';
import { listAlert } from '../../../src/desk/list-alert.ts';
import { HistoryRequests } from '../../../src/history/history-requests.ts';
import { listFailureWords } from '../../../src/instruments/instrument-lists.ts';
import { KiteError, type KiteErrorCode, kiteErrorCodes } from '../../../src/kite/errors.ts';
import { type ForeignAnswer, foreignWords } from '../../../src/kite/foreign-answer.ts';
import { resolveDesk } from '../../../src/kite/instruments.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

type Code = KiteErrorCode | 'unknown';
const codes: readonly Code[] = [...kiteErrorCodes, 'unknown'];

async function historyWords(code: Code, foreign: ForeignAnswer | null = null): Promise<string> {
  const requests = new HistoryRequests({
    clock: new VirtualClock('2026-11-23T10:00:00+05:30'),
    rest: {
      candles: async () => {
        throw code === 'unknown' ? new TypeError('ours') : new KiteError(code, 'words of Kite', { foreign });
      },
    },
    session: () => ({ apiKey: 'k', accessToken: 't' }),
    reportRejected: () => undefined,
  });
  const request = { token: 1, interval: 'minute', fromMs: 0, toMs: 1, openInterest: false } as const;
  const answer = await requests.ask(request, true);
  if (answer.ok) throw new Error('there is nothing to give');
  return answer.reason;
}

const loginWords = (code: Code, foreign: ForeignAnswer | null = null): string => {
  const failure = exchangeFailure(code === 'unknown' ? new TypeError('ours') : new KiteError(code, 'k', { foreign }));
  return failure.message;
};

describe.each<readonly [string, (code: Code) => string | Promise<string>]>([
  ['earlier candles', historyWords],
  ['a login that was to be finished', loginWords],
  ['an instrument list', listFailureWords],
])('the words for a failure of %s', (_what, wordsFor) => {
  test.each(codes)('blame nobody else: %s', async (code) => {
    const words = await wordsFor(code);
    // A code is for programs.
    if (code.includes('-')) expect(words).not.toContain(code);
    expect(/be reached/.test(words)).toBe(code === 'network' || (code === 'timeout' && wordsFor === loginWords));
    if (/refuses|does not accept|may not use|plan/.test(words))
      expect(['token-rejected', 'credentials-invalid', 'not-permitted', 'bad-request']).toContain(code);
    // Our own fault is not Kite's.
    if (code === 'unknown' || code === 'cancelled') expect(words).not.toMatch(/Kite/);
  });
});

test.each(
  Object.keys(foreignWords) as ForeignAnswer[],
)('an answer that is not Kite’s is named as such: %s', async (who) => {
  expect(await historyWords('bad-response', who)).toContain(foreignWords[who].phrase);
  expect(loginWords('not-permitted', who)).toContain(foreignWords[who].sentence);
});

test('a notice about several lists gives each its own reason, and one reason once', () => {
  const titleOf = (...failures: readonly (readonly [string, Code])[]): string =>
    listAlert(
      {
        failures: failures.map(([exchange, code]) => ({ exchange, code, sinceMs: 0 })),
        olderDate: null,
        without: 0,
      } as Parameters<typeof listAlert>[0],
      { schedule: { steps: [] } } as unknown as Parameters<typeof listAlert>[1],
      0,
      null,
    ).alert.title;
  expect(titleOf(['NFO', 'timeout'], ['BFO', 'timeout'])).toBe(
    "Kite's instrument lists (NFO, BFO) could not be loaded: Kite did not answer in time.",
  );
  expect(titleOf(['NFO', 'timeout'], ['BFO', 'server-error'], ['BSE', 'timeout'])).toBe(
    "Kite's instrument lists (NFO, BFO, BSE) could not be loaded: Kite did not answer in time (NFO, BSE); Kite's server reports an error of its own (BFO).",
  );
});

test('a key that is missing is missing from the list that was read, whatever its day', () => {
  const none = new Map([['NSE', []]]);
  const question = {
    underlyings: [],
    watchlist: ['NSE:GONE'],
    dumps: none,
    today: '2026-11-23',
    calendar: bundledCalendar(),
  } as const;
  const messageOf = (olderLists?: ReadonlyMap<string, string>): string | undefined =>
    resolveDesk({ ...question, ...(olderLists === undefined ? {} : { olderLists }) }).problems[0]?.message;
  expect(messageOf()).toBe("NSE:GONE is not in Kite's list of 23 Nov.");
  expect(messageOf(new Map([['NSE', '2026-11-20']]))).toBe("NSE:GONE is not in Kite's list of 20 Nov.");
});
