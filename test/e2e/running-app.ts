import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Program, startProgram } from '../../build/demo/program.ts';
import { formatClockSpec, scaledClock } from '../../src/clock.ts';
import { instantOf } from '../../src/market/ist.ts';
import { demoApp } from '../exchange/exchange.ts';
import { freePort } from '../support/free-port.ts';

const root = join(import.meta.dirname, '..', '..');

export interface AppOptions {
  readonly date: string;
  /** IST, `HH:MM[:SS]`. */
  readonly at: string;
  readonly speed: number;
  /** `fresh`: the app has no key yet. Otherwise it finds a login that died at 06:00. */
  readonly login: 'fresh' | 'dead';
}

/** The app as `npm start` runs it: the PC's time, Zerodha's addresses, no key yet. It reaches nobody without one. */
export interface OwnApp extends AsyncDisposable {
  /** The page's address with its key. */
  readonly url: string;
  readonly home: string;
  readonly exit: Promise<number>;
}

export async function startOwnApp(): Promise<OwnApp> {
  const home = mkdtempSync(join(tmpdir(), 'mdts-e2e-own-'));
  const program = startProgram(join(root, 'src', 'serve', 'main.ts'), ['--no-open', '--port', '0', '--home', home], {
    MDTS_SECRETS: 'memory',
    MDTS_EXCHANGE_ENTRY: join(root, 'test', 'exchange', 'main.ts'),
  });
  return {
    url: await program.line(/^ready (http:\/\/\S+)$/),
    home,
    exit: program.exit,
    [Symbol.asyncDispose]: async () => {
      await program.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The app in browser mode and its exchange, each in its own process, on one market clock. */
export interface RunningApp extends AsyncDisposable {
  /** The page's address with its key. */
  readonly url: string;
  readonly exchangeRoot: string;
  /** Where the login comes back to, as the app and the exchange have it. */
  readonly redirectUrl: string;
  /** Scripts a fault on the exchange. */
  fault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  /** The local API, with the key. */
  api(path: string, body?: unknown): Promise<Response>;
  /** Market time now, ms since the epoch. */
  now(): number;
  /** Resolves with the app's exit code once it has ended. */
  readonly exit: Promise<number>;
}

/** Real ms until market time runs: both programs are up by then. */
const LEAD_MS = 1_500;

export async function startApp(options: AppOptions): Promise<RunningApp> {
  const folder = mkdtempSync(join(tmpdir(), 'mdts-e2e-'));
  // A port of its own: the app itself may run on this PC, or the same specs beside these.
  const redirectUrl = `http://127.0.0.1:${await freePort()}/kite/callback`;
  mkdirSync(join(folder, 'home', 'simulated'), { recursive: true });
  writeFileSync(join(folder, 'home', 'simulated', 'settings.json'), JSON.stringify({ redirectUrl }));
  const spec = { marketMs: instantOf(options.date, options.at), speed: options.speed, realMs: Date.now() + LEAD_MS };
  const clockText = formatClockSpec(spec);
  const programs: Program[] = [];
  const exchange = startProgram(
    join(root, 'test', 'exchange', 'main.ts'),
    ['--clock', clockText, '--redirect-url', redirectUrl, '--child'],
    {},
  );
  programs.push(exchange);
  const deadToken = await exchange.line(/^dead token (\S+)$/);
  const exchangeRoot = await exchange.line(/^exchange (http:\/\/\S+)$/);
  const login = {
    MDTS_API_KEY: demoApp.apiKey,
    MDTS_API_SECRET: demoApp.apiSecret,
    MDTS_ACCESS_TOKEN: deadToken,
  };
  const app = startProgram(
    join(root, 'src', 'serve', 'main.ts'),
    ['--no-open', '--port', '0', '--home', join(folder, 'home')],
    {
      MDTS_API_ROOT: exchangeRoot,
      MDTS_LOGIN_ROOT: exchangeRoot,
      MDTS_TICKER_ROOT: exchangeRoot.replace(/^http/, 'ws'),
      MDTS_CLOCK: clockText,
      MDTS_SECRETS: 'memory',
      ...(options.login === 'dead' ? login : {}),
    },
  );
  programs.push(app);
  const url = await app.line(/^ready (http:\/\/\S+)$/);
  const clock = scaledClock(spec);
  return {
    url,
    exchangeRoot,
    redirectUrl,
    fault: async (fault) => {
      const answer = await post(`${exchangeRoot}/__control/faults`, fault, {});
      if (!answer.ok) throw new Error(await answer.text());
    },
    api: (path, body) => {
      const address = new URL(path, url);
      const headers = { authorization: `Bearer ${new URL(url).searchParams.get('key')}` };
      return body === undefined ? fetch(address, { headers }) : post(address.href, body, headers);
    },
    now: () => clock.now(),
    exit: app.exit,
    [Symbol.asyncDispose]: async () => {
      for (const program of programs.reverse()) await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function post(url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
