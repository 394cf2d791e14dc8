import { createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BrowserLogin } from '../../../src/auth/browser-login.ts';
import { freePort } from '../../support/free-port.ts';
import { AuthFixture, gate, NEW } from './auth-fixture.ts';

const FIVE_MINUTES_MS = 300_000;

/** An owner of the login and its way back from the browser, on a free port of this PC. */
class LoginBench implements Disposable {
  readonly fixture: AuthFixture;
  readonly login: BrowserLogin;
  redirectUrl: string;
  private readonly exchanged: string[] = [];

  static async open(usesLoopback = true): Promise<LoginBench> {
    const bench = new LoginBench(await freePort(), usesLoopback);
    await bench.fixture.configure();
    return bench;
  }

  private constructor(port: number, usesLoopback: boolean) {
    this.redirectUrl = `http://127.0.0.1:${port}/kite/callback`;
    this.fixture = new AuthFixture('08:30:00', undefined, () => this.redirectUrl);
    this.login = new BrowserLogin({
      clock: this.fixture.clock,
      auth: this.fixture.auth,
      redirectUrl: () => this.redirectUrl,
      usesLoopback: () => usesLoopback,
      log: (_level, _area, text) => this.fixture.log.push(text),
    });
    this.fixture.kite.exchange = async (requestToken) => {
      this.exchanged.push(requestToken);
      await this.fixture.kite.gate;
      return { userId: 'AB1234', userName: 'Asha', accessToken: tokenOf(requestToken), loginAtMs: this.now };
    };
  }

  get now(): number {
    return this.fixture.clock.now();
  }

  get pending(): 'waiting' | 'finishing' | null {
    return this.fixture.auth.state.pendingLogin?.stage ?? null;
  }

  get exchanges(): readonly string[] {
    return this.exchanged;
  }

  /** Begins a login and returns the query that Kite would send the browser back with. */
  async start(requestToken = 'rt1'): Promise<string> {
    const started = await this.login.start();
    if (!started.ok) throw new Error(started.error.message);
    return successOf(started.value.url, requestToken);
  }

  fetch(pathAndQuery: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(new URL(pathAndQuery, this.redirectUrl), { headers });
  }

  async isListening(): Promise<boolean> {
    return this.fetch('/favicon.ico').then(
      () => true,
      () => false,
    );
  }

  [Symbol.dispose](): void {
    this.login[Symbol.dispose]();
    this.fixture.auth[Symbol.dispose]();
  }
}

function tokenOf(requestToken: string): string {
  return `access-token-${requestToken}`;
}

function successOf(loginUrl: string, requestToken: string): string {
  const params = new URL(loginUrl).searchParams.get('redirect_params') ?? '';
  return `?action=login&type=login&status=success&request_token=${requestToken}&${params}`;
}

async function opened(usesLoopback?: boolean): Promise<LoginBench> {
  const bench = await LoginBench.open(usesLoopback);
  onTestFinished(() => bench[Symbol.dispose]());
  return bench;
}

describe('a login in the browser', () => {
  test('started twice at once is one login with one listener', async () => {
    const bench = await opened();
    const [first, second] = await Promise.all([bench.login.start(), bench.login.start()]);
    expect(first.ok).toBe(true);
    expect(second).toEqual(first);
    expect(bench.pending).toBe('waiting');
  });

  test('given up while its port opens stays given up, and no late warning follows', async () => {
    const bench = await opened();
    const starting = bench.login.start();
    bench.login.cancel();
    expect(await starting).toMatchObject({ ok: false, error: { code: 'login-cancelled' } });
    expect(bench.pending).toBeNull();
    await bench.fixture.clock.advance(FIVE_MINUTES_MS + 1_000);
    expect(bench.fixture.log.filter((text) => /came back/.test(text))).toEqual([]);
  });

  test('begun after one that was given up has five minutes of its own', async () => {
    const bench = await opened();
    const starting = bench.login.start();
    bench.login.cancel();
    await starting;
    await bench.fixture.clock.advance(270_000);
    await bench.start();
    await bench.fixture.clock.advance(299_000);
    expect(bench.pending).toBe('waiting');
    await bench.fixture.clock.advance(1_000);
    expect(bench.pending).toBeNull();
    expect(bench.fixture.auth.state.loginFailure).toMatch(/Nobody came back/);
  });

  test('pressed again has its five minutes again', async () => {
    const bench = await opened();
    await bench.start();
    await bench.fixture.clock.advance(290_000);
    await bench.start();
    await bench.fixture.clock.advance(290_000);
    expect(bench.pending).toBe('waiting');
  });

  test('given up while its token is fetched adopts nothing, and its session is ended at Kite', async () => {
    const bench = await opened();
    const slow = gate();
    bench.fixture.kite.gate = slow.promise;
    const query = await bench.start();
    const page = bench.fetch(`/kite/callback${query}`);
    await expect.poll(() => bench.pending).toBe('finishing');
    bench.login.cancel();
    expect(bench.pending).toBeNull();
    slow.open();
    expect(await (await page).text()).toContain('Sign-in failed');
    expect(bench.fixture.auth.state).toMatchObject({ state: 'signed-out', loginFailure: null });
    expect(bench.fixture.kite.ended).toEqual([tokenOf('rt1')]);
  });

  test('is not waited for after the desk has closed, whenever that happens', async () => {
    const bench = await opened();
    const starting = bench.login.start();
    bench[Symbol.dispose]();
    expect((await starting).ok).toBe(false);
    await nextTurn();
    expect(await bench.isListening()).toBe(false);
    await bench.fixture.clock.advance(FIVE_MINUTES_MS);
    expect(bench.fixture.clock.pending).toBe(0);
  });

  test('says which port another program has, and works once that is gone', async () => {
    const bench = await opened();
    const other = createServer();
    const port = Number(new URL(bench.redirectUrl).port);
    await new Promise<void>((resolve) => void other.listen(port, '127.0.0.1', resolve));
    expect(await bench.login.start()).toMatchObject({ ok: false, error: { code: 'port-busy' } });
    expect(bench.pending).toBeNull();
    await new Promise((resolve) => other.close(resolve));
    await bench.start();
    expect(bench.pending).toBe('waiting');
  });

  test('listens at another redirect URL as soon as one is set, and no longer at the first', async () => {
    const bench = await opened();
    await bench.start();
    const before = bench.redirectUrl;
    bench.redirectUrl = `http://127.0.0.1:${await freePort()}/other`;
    const query = await bench.start('rt2');
    expect((await bench.fetch(`/other${query}`)).status).toBe(200);
    await expect(fetch(before)).rejects.toThrow();
  });

  test('opens no port where a shell watches the page itself', async () => {
    const bench = await opened(false);
    const started = await bench.login.start();
    expect(await bench.isListening()).toBe(false);
    const url = started.ok ? started.value.url : '';
    expect(await bench.login.complete(`${bench.redirectUrl}${successOf(url, 'rt1')}`)).toEqual({
      ok: true,
      value: null,
    });
  });

  test('frees its port when no page of it can be open any more', async () => {
    const bench = await opened();
    await bench.start();
    bench.login.cancel();
    expect(await bench.isListening()).toBe(true);
    await bench.fixture.clock.advance(3_600_000);
    await nextTurn();
    expect(await bench.isListening()).toBe(false);
    expect(bench.fixture.clock.pending).toBe(0);
  });
});

describe('a browser that comes back', () => {
  test.each([
    ['the redirect URL', '/kite/callback'],
    ['a slash at the end', '/kite/callback/'],
    ['the bare address', '/'],
  ])('at %s signs in', async (_case, path) => {
    const bench = await opened();
    const query = await bench.start();
    expect(await (await bench.fetch(`${path}${query}`)).text()).toContain('Signed in to Kite');
    expect(bench.fixture.auth.session?.accessToken).toBe(tokenOf('rt1'));
  });

  test.each([
    '/Kite/Callback',
    '/callback',
    '/kite/callback/more',
    '/redirect',
  ])('at %s ends in a page and words in the app that name both addresses', async (path) => {
    const bench = await opened();
    const query = await bench.start();
    const { origin } = new URL(bench.redirectUrl);
    const page = await (await bench.fetch(`${path}${query}`)).text();
    for (const words of [page, bench.fixture.auth.state.loginFailure ?? '']) {
      expect(words).toContain(`${origin}${path}`);
      expect(words).toContain(bench.redirectUrl);
      expect(words).not.toContain('rt1');
    }
    expect(bench.pending).toBeNull();
    expect(bench.exchanges).toEqual([]);
  });

  test('at another path without the state changes nothing in the app', async () => {
    const bench = await opened();
    await bench.start();
    const page = await bench.fetch('/elsewhere?request_token=rt1&status=success&state=forged');
    expect([page.status, bench.pending, bench.fixture.auth.state.loginFailure]).toEqual([400, 'waiting', null]);
  });

  test('twice, or late with another token, gets the first answer and exchanges nothing again', async () => {
    const bench = await opened();
    const query = await bench.start();
    for (const again of [query, query, query.replace('rt1', 'rt2')]) {
      expect(await (await bench.fetch(`/kite/callback${again}`)).text()).toContain('Signed in to Kite');
    }
    await bench.start('rt3');
    expect(await (await bench.fetch(`/kite/callback${query}`)).text()).toContain('Signed in to Kite');
    expect([bench.exchanges, bench.pending]).toEqual([['rt1'], 'waiting']);
  });

  test.each([
    ['given up', async (bench: LoginBench) => bench.login.cancel()],
    ['too old', (bench: LoginBench) => bench.fixture.clock.advance(FIVE_MINUTES_MS)],
  ])('to a login that was %s meets a page that says what to do', async (_case, end) => {
    const bench = await opened();
    const query = await bench.start();
    await end(bench);
    const page = await bench.fetch(`/kite/callback${query}`);
    expect([page.status, await page.text()]).toEqual([400, expect.stringMatching(/too late.*press Sign in/)]);
    expect([bench.exchanges, bench.fixture.auth.session]).toEqual([[], null]);
  });

  test('only in an image of some other site does not end the login', async () => {
    const bench = await opened();
    const query = await bench.start();
    const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
    for (const sent of ['?status=cancelled', query]) await bench.fetch(`/kite/callback${sent}`, image);
    expect([bench.pending, bench.exchanges]).toEqual(['waiting', []]);
    expect((await bench.fetch(`/kite/callback${query}`)).status).toBe(200);
  });
});

type Step = 'start' | 'cancel' | 'complete' | 'forge' | 'answer' | 'settle' | 'wait' | 'outlast';
const steps = fc.array(
  fc.constantFrom<Step>(
    'start',
    'start',
    'cancel',
    'complete',
    'complete',
    'forge',
    'answer',
    'settle',
    'wait',
    'outlast',
  ),
  { maxLength: 24 },
);

/** Plays a sequence beside what must be so: the login that is waited for, and the tokens of logins nobody gave up. */
class Interleaving {
  private readonly bench: LoginBench;
  private query: string | null = null;
  private deadlineMs = 0;
  private readonly underWay: Promise<unknown>[] = [];
  private unanswered: string[] = [];
  private latest: string | null = null;
  private slow = gate();
  private count = 0;

  constructor(bench: LoginBench) {
    this.bench = bench;
    bench.fixture.kite.gate = this.slow.promise;
  }

  async take(step: Step): Promise<void> {
    const { bench } = this;
    const { auth, clock } = bench.fixture;
    switch (step) {
      case 'start': {
        this.underWay.push(bench.login.start());
        const started = auth.startLogin();
        this.query = started.ok ? successOf(started.value.url, `rt${++this.count}`) : null;
        this.deadlineMs = bench.now + FIVE_MINUTES_MS;
        break;
      }
      case 'cancel':
        bench.login.cancel();
        this.query = null;
        this.unanswered = [];
        break;
      case 'complete':
        if (this.query === null) break;
        this.unanswered.push(tokenOf(new URLSearchParams(this.query).get('request_token') ?? ''));
        this.underWay.push(bench.login.complete(`${bench.redirectUrl}${this.query}`));
        this.query = null;
        break;
      case 'forge':
        this.underWay.push(bench.login.complete(`${bench.redirectUrl}?request_token=forged&state=forged`));
        break;
      case 'answer':
        await this.answer();
        break;
      case 'settle':
        await nextTurn();
        break;
      case 'wait':
        await clock.advance(100_000);
        break;
      case 'outlast':
        await clock.advance(FIVE_MINUTES_MS);
        break;
    }
    if (this.query !== null && bench.now >= this.deadlineMs) this.query = null;
    if (this.query !== null) expect(bench.pending).toBe('waiting');
    else expect(bench.pending).not.toBe('waiting');
  }

  async end(): Promise<void> {
    await this.answer();
    await Promise.all(this.underWay);
    this.bench.login.cancel();
    expect(this.bench.pending).toBeNull();
    expect(this.bench.fixture.auth.session?.accessToken ?? null).toBe(this.latest);
  }

  /** Kite answers all that it has been asked. */
  private async answer(): Promise<void> {
    this.slow.open();
    await this.bench.fixture.clock.advance(0);
    this.latest = this.unanswered.at(-1) ?? this.latest;
    this.unanswered = [];
    this.slow = gate();
    this.bench.fixture.kite.gate = this.slow.promise;
  }
}

test('whatever is pressed and comes back in whatever order, one login is waited for and none that was given up is taken', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      using bench = await LoginBench.open();
      const run = new Interleaving(bench);
      for (const step of sequence) await run.take(step);
      await run.end();
    }),
    { numRuns: 60 },
  );
});

test('the words of every end are free of tokens', async () => {
  const bench = await opened();
  const query = await bench.start();
  await bench.fetch(`/kite/callback${query}`);
  expect(bench.fixture.said()).not.toMatch(new RegExp(`rt1|${NEW}|${tokenOf('rt1')}`));
});
