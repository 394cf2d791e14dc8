import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DeskClient } from '../../build/demo/desk-client.ts';
import { type ClockSpec, formatClockSpec } from '../../src/clock.ts';
import { demoApp, type Exchange } from '../exchange/exchange.ts';

const root = join(import.meta.dirname, '..', '..');

export interface RealAppOptions {
  readonly home: string;
  /** The exchange it trades at, on market time; none: nobody listens where Kite should be, in real time. */
  readonly exchange?: {
    readonly exchange: Exchange;
    readonly spec: ClockSpec & { readonly realMs: number };
    readonly accessToken: string;
  };
  /** Commands that run it in surroundings of another kind; its own command line is added. */
  readonly within?: readonly string[];
  readonly nodeArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The app in browser mode, as a process of its own. */
export interface RealApp extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly client: DeskClient;
  /** Its standard error so far. */
  errors(): string;
  /** Ends it in order; its exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** Resolves when it is ready; rejects with what it said when it ends before. */
export async function startRealApp(options: RealAppOptions): Promise<RealApp> {
  const { home, within = [], nodeArguments = [] } = options;
  const entry = join(root, 'src', 'serve', 'main.ts');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', ...nodeArguments];
  const [command = '', ...args] = [...within, ...node, entry, '--no-open', '--port', '0', '--home', home];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environmentOf(options) });
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const ready = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const url = /^ready (\S+)$/.exec(line)?.[1];
    if (url !== undefined) ready.resolve(url);
  });
  void exit.then((code) => ready.reject(new Error(`ended with ${code} before it was ready: ${errors}`)));
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return await exit;
  };
  return {
    child,
    client: new DeskClient(await ready.promise),
    errors: () => errors,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}

function environmentOf({ exchange, env = {} }: RealAppOptions): NodeJS.ProcessEnv {
  const common = { ...process.env, MDTS_SECRETS: 'memory', ...env };
  if (exchange === undefined) {
    const nowhere = 'http://127.0.0.1:9';
    return {
      ...common,
      MDTS_API_ROOT: nowhere,
      MDTS_LOGIN_ROOT: nowhere,
      MDTS_TICKER_ROOT: 'ws://127.0.0.1:9',
    };
  }
  return {
    ...common,
    MDTS_API_ROOT: exchange.exchange.apiRoot,
    MDTS_LOGIN_ROOT: exchange.exchange.loginRoot,
    MDTS_TICKER_ROOT: exchange.exchange.tickerRoot,
    MDTS_CLOCK: formatClockSpec(exchange.spec),
    MDTS_API_KEY: demoApp.apiKey,
    MDTS_API_SECRET: demoApp.apiSecret,
    MDTS_ACCESS_TOKEN: exchange.accessToken,
  };
}
