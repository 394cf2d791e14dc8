import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AuthFacts,
  afterVerdict,
  apiKeyHintOf,
  authState,
  isUsable,
  newToken,
  stateName,
  type TokenFacts,
  type Verdict,
} from '../../../src/auth/auth-machine.ts';
import { instantOf } from '../../../src/market/ist.ts';

const at = (time: string, date = '2026-11-23'): number => instantOf(date, time);
const yesterday = (time: string): number => at(time, '2026-11-22');
const factsOf = (token: TokenFacts | null): AuthFacts => ({
  apiKeyHint: 'abcd…wxyz',
  token,
  pendingLogin: null,
  loginFailure: null,
  note: null,
});
const loggedIn = (loginAtMs: number): TokenFacts =>
  newToken({ userId: 'AB1234', userName: 'Asha', loginAtMs, adoptedAtMs: loginAtMs });
const yes = (askedAtMs: number): Verdict => ({ type: 'confirmed', askedAtMs, user: null });
const no: Verdict = { type: 'rejected', what: 'token' };
const silence: Verdict = { type: 'unanswered', code: 'timeout' };

/** Applies verdicts at times of day to a token of yesterday 10:00. */
function history(...verdicts: readonly (readonly [string, Verdict])[]): TokenFacts {
  return verdicts.reduce(
    (token, [time, verdict]) => afterVerdict(token, verdict, at(time)),
    loggedIn(yesterday('10:00')),
  );
}

describe('the state of the login', () => {
  test.each<[string, TokenFacts | null, number, ReturnType<typeof stateName>, boolean]>([
    ['no token', null, at('08:00'), 'signed-out', false],
    ['a token never asked about, before its deadline', loggedIn(yesterday('10:00')), at('05:59'), 'unverified', true],
    ['a token never asked about, from 06:00 on', loggedIn(yesterday('10:00')), at('06:00'), 'suspect', false],
    ['a login after 06:00 lives until tomorrow', history(['08:00', silence]), at('08:00'), 'unverified', false],
    ['confirmed today', history(['08:50', yes(at('08:50'))]), at('15:00'), 'valid', true],
    ['confirmed at 06:05, in the grey zone', history(['06:05', yes(at('06:05'))]), at('07:00'), 'valid', true],
    ['asked just before 06:00, answered after', history(['06:01', yes(at('05:59'))]), at('06:01'), 'suspect', false],
    ['Kite said 403', history(['06:05', no]), at('06:06'), 'expired', false],
    ['403 is not undone by silence', history(['06:05', no], ['06:06', silence]), at('06:07'), 'expired', false],
    ['403 is undone by Kite alone', history(['06:05', no], ['06:06', yes(at('06:06'))]), at('06:07'), 'valid', true],
    ['silence before the deadline tells nothing after it', history(['05:30', silence]), at('06:00'), 'suspect', false],
    ['silence after the deadline', history(['06:05', silence]), at('06:06'), 'unverified', false],
    [
      'three failures in a row are borne',
      history(['08:50', yes(at('08:50'))], ['08:51', silence], ['08:52', silence], ['08:53', silence]),
      at('08:54'),
      'valid',
      true,
    ],
    [
      'four are not, but the token may still be used',
      history(
        ['08:50', yes(at('08:50'))],
        ['08:51', silence],
        ['08:52', silence],
        ['08:53', silence],
        ['08:54', silence],
      ),
      at('08:55'),
      'unverified',
      true,
    ],
  ])('%s', (_case, token, nowMs, name, usable) => {
    expect(stateName(factsOf(token), nowMs)).toBe(name);
    expect(isUsable(factsOf(token), nowMs)).toBe(usable);
  });

  test('without an api key it is unconfigured, whatever token there is', () => {
    const facts = { ...factsOf(history(['08:50', yes(at('08:50'))])), apiKeyHint: null };
    expect(stateName(facts, at('09:00'))).toBe('unconfigured');
    expect(isUsable(facts, at('09:00'))).toBe(false);
  });

  test('a token that outlived one deadline is suspect again at the next', () => {
    const token = history(['06:05', yes(at('06:05'))]);
    expect(stateName(factsOf(token), at('05:59', '2026-11-24'))).toBe('valid');
    expect(stateName(factsOf(token), at('06:00', '2026-11-24'))).toBe('suspect');
  });

  test('only a 403 expires a token: no run of silence and no passing of time does', () => {
    const failure = fc.constantFrom<Verdict & { type: 'unanswered' }>(
      ...(['network', 'timeout', 'server-error', 'rate-limited', 'bad-response', 'unknown'] as const).map((code) => ({
        type: 'unanswered' as const,
        code,
      })),
    );
    const event = fc.record({
      minutes: fc.integer({ min: -2000, max: 4000 }),
      verdict: fc.oneof(failure, fc.constant('yes')),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let nowMs = at('10:00');
        let token = loggedIn(nowMs);
        for (const { minutes, verdict } of events) {
          nowMs += minutes * 60_000;
          token = afterVerdict(token, typeof verdict === 'string' ? yes(nowMs) : verdict, nowMs);
          const name = stateName(factsOf(token), nowMs);
          expect(name).not.toBe('expired');
          if (verdict === 'yes') expect(name).toBe('valid');
        }
      }),
    );
  });

  test('the same facts give the same state when the clock has been set back', () => {
    const token = loggedIn(at('10:00', '2026-11-22'));
    const times = [at('05:00'), at('07:00'), at('05:00')];
    expect(times.map((nowMs) => stateName(factsOf(token), nowMs))).toEqual(['unverified', 'suspect', 'unverified']);
  });
});

describe('what interfaces are told', () => {
  test('an early end is told apart from the daily one', () => {
    const early = authState(factsOf(afterVerdict(history(['08:50', yes(at('08:50'))]), no, at('11:00'))), at('11:00'));
    const daily = authState(factsOf(history(['06:05', no])), at('06:05'));
    expect(early.reason).toContain('before its time');
    expect(daily.reason).toBe('Kite no longer accepts this login. Sign in again.');
  });

  test('malformed credentials have words of their own', () => {
    const refused = history(['08:50', { type: 'rejected', what: 'credentials' }]);
    expect(authState(factsOf(refused), at('08:51')).reason).toContain('API key');
  });

  test('a valid login whose last check failed says so', () => {
    const token = history(['08:50', yes(at('08:50'))], ['08:51', silence]);
    expect(authState(factsOf(token), at('08:52'))).toMatchObject({
      state: 'valid',
      checkedAt: at('08:50'),
      reason: 'Confirmed earlier; the last check failed: Kite did not answer in time.',
    });
  });

  test('the deadline follows from the login, or from the first yes to a token from elsewhere', () => {
    expect(authState(factsOf(loggedIn(at('08:00'))), at('08:01')).expiresAt).toBe(at('06:00', '2026-11-24'));
    const pasted = newToken({ userId: null, userName: null, loginAtMs: null, adoptedAtMs: at('08:00') });
    expect(authState(factsOf(pasted), at('08:01')).expiresAt).toBeNull();
    const confirmed = afterVerdict(pasted, { type: 'confirmed', askedAtMs: at('08:02'), user: null }, at('08:02'));
    expect(authState(factsOf(confirmed), at('08:03')).expiresAt).toBe(at('06:00', '2026-11-24'));
  });

  test('an api key is shown in part, and a short one not at all', () => {
    expect(apiKeyHintOf('abcd1234efghwxyz')).toBe('abcd…wxyz');
    expect(apiKeyHintOf('abcdwxyz')).toBe('…');
  });
});
