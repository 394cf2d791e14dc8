import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { formatClockSpec } from '../../../src/clock.ts';
import { demoApp } from '../../exchange/exchange.ts';
import type { LiveExchange } from './live-exchange.ts';

const entry = join(import.meta.dirname, '..', '..', '..', 'src', 'serve', 'main.ts');
const READY_LIMIT_MS = 30_000;
const WAIT_LIMIT_MS = 30_000;

/** The app did not come up, or did not do what was waited for. */
export class AppError extends Error {
  readonly code = 'bench-app';
}

/** The parts of `GET /api/health` the benchmarks look at. */
const healthSchema = z.object({
  feed: z.object({ state: z.string(), source: z.string(), ticks: z.number() }),
  instruments: z.array(z.object({ lastPrice: z.number().nullable() })),
});
export type AppHealth = z.infer<typeof healthSchema>;

const messageSchema = z.object({ type: z.string(), ticks: z.array(z.object({ kind: z.string() })).optional() });

/** The app in browser mode, as a process of its own. Times are real ms of this process's monotonic clock. */
export interface RunningApp extends AsyncDisposable {
  readonly readyUrl: URL;
  /** From its start to the `ready` line. */
  readonly readyAfterMs: number;
  /** From its start to the first answer of `GET /api/health`. */
  readonly answeredAfterMs: number;
  /** Processor time it took to get there, whatever else the machine did meanwhile; null where the system does not tell. */
  readonly answeredCpuMs: number | null;
  health(): Promise<AppHealth>;
  /** The answer of the local API, as JSON. */
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<number>;
  /** When the next ticks came after `is` was first true; they are told over `WS /ws/market`. */
  ticksOnce(is: () => boolean): Promise<number>;
  /** Waits until the health is so. */
  until(is: (health: AppHealth) => boolean, limitMs?: number): Promise<void>;
}

/**
 * Starts the app on the exchange's clock, with a login that works and a home of its own. `within`: the command line that
 * runs it in other surroundings, from its home.
 */
export async function startApp(
  live: LiveExchange,
  accessToken = live.issueToken(),
  within: (home: string) => readonly string[] = () => [],
): Promise<RunningApp> {
  const home = mkdtempSync(join(tmpdir(), 'mdts-bench-'));
  const { exchange, spec } = live;
  const startedAt = performance.now();
  const app = ['--disable-warning=ExperimentalWarning', entry, '--no-open', '--port', '0', '--home', home];
  const [command = process.execPath, ...args] = [...within(home), process.execPath, ...app];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      MDTS_API_ROOT: exchange.apiRoot,
      MDTS_LOGIN_ROOT: exchange.loginRoot,
      MDTS_TICKER_ROOT: exchange.tickerRoot,
      MDTS_CLOCK: formatClockSpec(spec),
      MDTS_SECRETS: 'memory',
      MDTS_API_KEY: demoApp.apiKey,
      MDTS_API_SECRET: demoApp.apiSecret,
      MDTS_ACCESS_TOKEN: accessToken,
    },
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await new Promise((resolve) => {
        child.once('exit', resolve);
      });
    }
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const readyUrl = new URL(await readyLine(child));
    const readyAfterMs = performance.now() - startedAt;
    const api = apiOf(readyUrl);
    await api.health();
    const answeredAfterMs = performance.now() - startedAt;
    const answeredCpuMs = processorMs(child.pid);
    const market = await watchMarket(readyUrl);
    return {
      readyUrl,
      readyAfterMs,
      answeredAfterMs,
      answeredCpuMs,
      ...api,
      ticksOnce: market.ticksOnce,
      until: async (is, limitMs = WAIT_LIMIT_MS) => {
        const deadline = performance.now() + limitMs;
        while (!is(await api.health())) {
          if (performance.now() > deadline) throw new AppError('the app did not get into the state waited for');
          await pause(20);
        }
      },
      [Symbol.asyncDispose]: async () => {
        market.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Linux tells in hundredths of a second, in the 14th and 15th field of a process's `stat`. */
function processorMs(pid: number | undefined): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function readyLine(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => reject(new AppError('the app was not ready in time')), READY_LIMIT_MS);
  child.once('exit', (code) => reject(new AppError(`the app ended with ${code} before it was ready`)));
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^ready (\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  }
  return promise.finally(() => clearTimeout(timer));
}

function apiOf(readyUrl: URL): Pick<RunningApp, 'health' | 'get' | 'post'> {
  const headers = { authorization: `Bearer ${readyUrl.searchParams.get('key')}`, 'content-type': 'application/json' };
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(new URL(path, readyUrl), { headers });
    return await response.json();
  };
  return {
    get,
    health: async () => healthSchema.parse(await get('/api/health')),
    post: async (path, body) => {
      const url = new URL(path, readyUrl);
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      await response.arrayBuffer();
      return response.status;
    },
  };
}

async function watchMarket(readyUrl: URL): Promise<Pick<RunningApp, 'ticksOnce'> & { close(): void }> {
  const url = new URL(`/ws/market${readyUrl.search}`, readyUrl);
  url.protocol = 'ws:';
  const socket = new WebSocket(url);
  const listeners = new Set<() => void>();
  socket.on('message', (data) => {
    const message = messageSchema.parse(JSON.parse(data.toString()));
    if (message.type === 'ticks') for (const listener of [...listeners]) listener();
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    close: () => socket.terminate(),
    ticksOnce: (is) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const timer = setTimeout(() => reject(new AppError('no ticks came in time')), WAIT_LIMIT_MS);
      const look = (): void => {
        if (is()) resolve(performance.now());
      };
      listeners.add(look);
      return promise.finally(() => {
        clearTimeout(timer);
        listeners.delete(look);
      });
    },
  };
}
