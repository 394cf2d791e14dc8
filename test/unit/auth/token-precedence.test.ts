import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newToken, type TokenFacts } from '../../../src/auth/auth-machine.ts';
import { memorySecretStore } from '../../../src/auth/secret-store.ts';
import { mayTakeOver } from '../../../src/auth/token-precedence.ts';
import type { KiteErrorCode } from '../../../src/kite/errors.ts';
import { instantOf, istTimeOf } from '../../../src/market/ist.ts';
import { AuthFixture, NEW, OLD, storedLogin } from './auth-fixture.ts';

const at = (time: string): number => instantOf('2026-11-23', time as '08:00');
const YESTERDAY = at('08:00') - 86_400_000;

function inUse(facts: Partial<TokenFacts>): TokenFacts {
  const token = newToken({ userId: null, userName: null, loginAtMs: null, adoptedAtMs: at('08:00') });
  return { ...token, ...facts };
}

describe('an unproven token takes the place of', () => {
  test.each<[string, TokenFacts | null, number | null, boolean]>([
    ['nothing', null, null, true],
    ['one that Kite refused', inUse({ rejection: 'token', provenAtMs: at('08:00') }), at('08:40'), true],
    ['not one that Kite has confirmed', inUse({ provenAtMs: at('08:00') }), at('08:40'), false],
    ['not one from a login of today', inUse({ loginAtMs: at('08:00') }), at('08:40'), false],
    ['an older unproven one', inUse({}), at('08:40'), true],
    ['not a newer unproven one', inUse({}), at('07:59'), false],
    ['not one of today, if nobody knows when it was made', inUse({}), null, false],
    ['one of yesterday', inUse({ loginAtMs: YESTERDAY, adoptedAtMs: YESTERDAY }), at('08:40'), true],
    ['not one of yesterday, if it is from then itself', inUse({ adoptedAtMs: YESTERDAY }), YESTERDAY + 1, false],
  ])('%s', (_case, token, issuedAtMs, may) => {
    expect(mayTakeOver({ issuedAtMs }, token, at('08:50'))).toBe(may);
  });
});

test("yesterday's token file does not touch today's stored login while Kite cannot be asked", async () => {
  const stored = await storedLogin({ adoptedAtMs: at('08:10'), loginAtMs: at('08:10') });
  const fixture = new AuthFixture('11:00:00', stored);
  fixture.kite.answer = 'server-error';
  await fixture.auth.restore();
  expect(fixture.auth.session?.accessToken).toBe(OLD);
  const taken = await fixture.auth.setToken(NEW, 'file', YESTERDAY);
  expect(taken).toMatchObject({ ok: false, error: { code: 'unverified' } });
  expect(fixture.sessions.map(({ session }) => session?.accessToken)).toEqual([OLD]);
  expect(await stored.get('session')).toContain(OLD);
  fixture.kite.answer = 'ok';
  fixture.kite.answers.set(NEW, 'token-rejected');
  await fixture.clock.advance(120_000);
  expect(fixture.auth.state.state).toBe('valid');
  expect(fixture.auth.session?.accessToken).toBe(OLD);
});

test('a login that Kite confirmed in an earlier run is not given up for an unproven one in the next', async () => {
  const secrets = memorySecretStore();
  const first = new AuthFixture('08:40:00', secrets);
  await first.signIn(OLD);
  await first.clock.advance(0);
  const second = new AuthFixture('09:20:00', secrets);
  second.kite.answer = 'bad-response';
  await second.auth.restore();
  expect(await second.auth.setToken(NEW, 'api')).toMatchObject({ error: { code: 'unverified' } });
  expect(second.auth.session?.accessToken).toBe(OLD);
});

test('nor is one that was taken unproven and confirmed afterwards', async () => {
  const secrets = memorySecretStore();
  const first = new AuthFixture('08:40:00', secrets);
  await first.configure();
  first.kite.answer = 'timeout';
  await first.auth.setToken(OLD, 'api');
  first.kite.answer = 'ok';
  await first.auth.verify('test');
  await first.clock.advance(0);
  const second = new AuthFixture('09:20:00', secrets);
  second.kite.answer = 'timeout';
  await second.auth.restore();
  expect(await second.auth.setToken(NEW, 'api')).toMatchObject({ error: { code: 'unverified' } });
});

test('an unproven login that gave way to another comes back when Kite refuses that one', async () => {
  const fixture = new AuthFixture('08:40:00');
  await fixture.configure();
  fixture.auth.keepValidated(true);
  fixture.kite.answer = 'timeout';
  expect((await fixture.auth.setToken(OLD, 'paste')).ok).toBe(true);
  expect((await fixture.auth.setToken(NEW, 'paste')).ok).toBe(true);
  expect(fixture.auth.session?.accessToken).toBe(NEW);
  fixture.kite.answers.set(NEW, 'token-rejected').set(OLD, 'ok');
  await fixture.clock.advance(70_000);
  expect(fixture.auth.state.state).toBe('valid');
  expect(fixture.auth.session?.accessToken).toBe(OLD);
});

type Step =
  | { readonly type: 'offer'; readonly token: number }
  | { readonly type: 'kite'; readonly answer: 'ok' | KiteErrorCode }
  | { readonly type: 'wait'; readonly seconds: number }
  | { readonly type: 'verify' }
  | { readonly type: 'restart' };

const tokens = ['tokenaaaaaaaa', 'tokenbbbbbbbb', 'tokencccccccc'] as const;
const away = ['timeout', 'network', 'bad-response', 'not-permitted', 'server-error', 'bad-request'] as const;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('offer' as const), token: fc.nat({ max: 2 }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('kite' as const), answer: fc.constantFrom('ok', ...away) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), seconds: fc.constantFrom(1, 6, 35, 130) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('verify' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
);

/** An owner of the login beside what a bystander knows: which token is good, and which ones it has been given. */
class Run {
  fixture: AuthFixture;
  readonly offered = new Set<string>();
  /** Tokens that Kite refused in earlier runs. */
  private readonly refused = new Set<string>();
  private readonly good: string;
  private readonly secrets = memorySecretStore();
  private answer: 'ok' | KiteErrorCode = 'ok';
  private wasProven = false;

  constructor(good: string) {
    this.good = good;
    this.fixture = new AuthFixture('09:00:00', this.secrets);
  }

  async begin(): Promise<void> {
    await this.fixture.configure();
    this.fixture.auth.keepValidated(true);
    this.setAnswer('ok');
  }

  async take(next: Step): Promise<void> {
    const { auth, clock } = this.fixture;
    const before = auth.session?.accessToken ?? null;
    if (next.type === 'kite') this.setAnswer(next.answer);
    if (next.type === 'wait') await clock.advance(next.seconds * 1_000);
    if (next.type === 'verify') await auth.verify('test');
    if (next.type === 'restart') await this.restart();
    if (next.type === 'offer') await this.offer(tokens[next.token] ?? tokens[0], before);
    this.check();
  }

  async settleWithKite(): Promise<void> {
    this.setAnswer('ok');
    await this.fixture.clock.advance(300_000);
    this.check();
    if (this.offered.has(this.good)) expect(this.fixture.auth.session?.accessToken).toBe(this.good);
  }

  private async offer(token: string, before: string | null): Promise<void> {
    const { auth } = this.fixture;
    const result = await auth.setToken(token, 'api');
    this.offered.add(token);
    const now = auth.session?.accessToken ?? null;
    if (result.ok) expect(now).toBe(token);
    else if (this.answer === 'ok')
      expect([result.error.code, now]).toEqual(['token-rejected', before === token ? null : before]);
    else expect([result.error.code, now]).toEqual([this.isRefused(token) ? 'token-rejected' : 'unverified', before]);
  }

  private async restart(): Promise<void> {
    const { auth, clock } = this.fixture;
    const kept = auth.session?.accessToken;
    await clock.advance(1_000);
    const time = istTimeOf(clock.now());
    auth[Symbol.dispose]();
    for (const token of this.fixture.kite.refused) this.refused.add(token);
    this.fixture = new AuthFixture(time.length === 5 ? `${time}:00` : time, this.secrets);
    this.fixture.auth.keepValidated(true);
    this.setAnswer(this.answer);
    this.offered.clear();
    await this.fixture.auth.restore();
    await this.fixture.clock.advance(0);
    if (kept !== undefined && this.fixture.auth.session !== null) this.offered.add(kept);
  }

  private setAnswer(answer: 'ok' | KiteErrorCode): void {
    this.answer = answer;
    for (const token of tokens) {
      const isDead = answer === 'ok' && token !== this.good;
      this.fixture.kite.answers.set(token, isDead ? 'token-rejected' : answer);
    }
  }

  private isRefused(token: string): boolean {
    return this.refused.has(token) || this.fixture.kite.refused.has(token);
  }

  private check(): void {
    const { state, session } = this.fixture.auth;
    expect(session !== null && this.isRefused(session.accessToken)).toBe(false);
    if (this.wasProven) expect(session?.accessToken).toBe(this.good);
    if (state.state === 'valid') expect(session?.accessToken).toBe(this.good);
    this.wasProven ||= state.state === 'valid';
  }
}

test('whatever is offered and however Kite answers, a proven login stays, a refused one is never used and the good one is found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 2 }), fc.array(step, { maxLength: 25 }), async (good, steps) => {
      const run = new Run(tokens[good] ?? tokens[0]);
      await run.begin();
      for (const next of steps) await run.take(next);
      await run.settleWithKite();
    }),
  );
});
