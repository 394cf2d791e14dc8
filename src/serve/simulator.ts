import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ClockSpec, formatClockSpec, systemClock } from '../clock.ts';
import { defaultSettings } from '../contract/settings.ts';
import type { Simulation } from '../desk/desk-host.ts';
import { openDesk, type ShellPorts } from '../desk/open-desk.ts';
import type { DeskEnvironment } from '../environment.ts';
import { bundledCalendar } from '../market/bundled-calendar.ts';
import { instantOf, istDateOf } from '../market/ist.ts';

/** A day is over in about twenty minutes, and a minute's candle in three seconds. */
const SPEED = 20;
/** Just before the morning's login check. */
const START_TIME = '08:49:30';
const START_TIMEOUT_MS = 15_000;

/** The bundled exchange did not come up. */
export class SimulatorError extends Error {
  readonly code = 'simulator';
}

/**
 * Starts the bundled exchange as a process of its own, on the latest trading day, with a login that died this morning:
 * what a trader finds at 08:50. The desk it opens has a home of its own and keeps its secrets in memory.
 */
export async function startSimulation(environment: DeskEnvironment, shell: ShellPorts): Promise<Simulation> {
  const entry = environment.exchangeEntry;
  if (entry === null) throw new SimulatorError('The simulated exchange is not part of this build.');
  const folder = mkdtempSync(join(tmpdir(), 'mdts-simulation-'));
  const deadTokenFile = join(folder, 'token');
  const realMs = systemClock().now();
  const clock = { ...simulatedDay(realMs), realMs };
  const app = { key: randomBytes(8).toString('hex'), secret: randomBytes(16).toString('hex') };
  const args = ['--clock', formatClockSpec(clock), '--redirect-url', defaultSettings.redirectUrl];
  const credentials = ['--app-key', app.key, '--app-secret', app.secret, '--dead-token-file', deadTokenFile];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args, ...credentials], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // Under Electron the executable is the app itself unless told to be Node.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const stop = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const root = await addressOf(child).catch((error: unknown) => {
    stop();
    throw error;
  });
  const simulated: DeskEnvironment = {
    ...environment,
    endpoints: { apiRoot: root, loginRoot: root, tickerRoot: root.replace(/^http/, 'ws') },
    clock,
    simulated: true,
    secrets: 'memory',
    apiKey: app.key,
    apiSecret: app.secret,
    accessToken: readFileSync(deadTokenFile, 'utf8').trim(),
  };
  return {
    openDesk: () => openDesk(simulated, { ...shell, canSimulate: false }),
    onEnd: (listener) => void child.once('exit', listener),
    [Symbol.asyncDispose]: async () => {
      child.removeAllListeners('exit');
      stop();
    },
  };
}

/** The latest trading day's morning, so that the simulated date is one a trader knows. */
function simulatedDay(nowMs: number): ClockSpec {
  const calendar = bundledCalendar();
  const today = istDateOf(nowMs);
  const isTrading = calendar.day(today).kind === 'trading';
  const date = isTrading ? today : (calendar.previousTradingDay(today) ?? today);
  return { marketMs: instantOf(date, START_TIME), speed: SPEED, realMs: null };
}

/** The root the exchange prints once it listens. */
function addressOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const tooLate = (): void => reject(new SimulatorError('The simulated exchange did not start in time.'));
  const timer = systemClock().setTimeout(tooLate, START_TIMEOUT_MS);
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /^exchange (http:\/\/\S+)$/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  }
  child.once('exit', () => reject(new SimulatorError('The simulated exchange ended at once.')));
  child.once('error', () => reject(new SimulatorError('The simulated exchange could not be started.')));
  return promise.finally(() => timer[Symbol.dispose]());
}
