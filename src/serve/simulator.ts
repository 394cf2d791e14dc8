import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { childEnvironment } from '../child-environment.ts';
import { type ClockSpec, formatClockSpec, systemClock } from '../clock.ts';
import type { Simulation } from '../desk/desk-host.ts';
import { openDesk, type ShellPorts } from '../desk/open-desk.ts';
import type { DeskEnvironment } from '../environment.ts';
import { bundledCalendar } from '../market/bundled-calendar.ts';
import { instantOf, istDateOf } from '../market/ist.ts';
import { simulatedDate } from '../market/simulated-day.ts';
import { simulatedRedirectUrl } from './free-port.ts';

/** A day, 08:49:30 to 15:45, is over in about 21 minutes, and a minute's candle in three seconds. */
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
  const realMs = systemClock().now();
  const clock = { ...simulatedDay(realMs), realMs };
  const app = { key: randomBytes(8).toString('hex'), secret: randomBytes(16).toString('hex') };
  const redirectUrl = await simulatedRedirectUrl();
  const args = ['--clock', formatClockSpec(clock), '--redirect-url', redirectUrl];
  const credentials = ['--app-key', app.key, '--app-secret', app.secret, '--child'];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args, ...credentials], {
    // The exchange ends when its input does: also when this process is killed.
    stdio: ['pipe', 'pipe', 'ignore'],
    // Under Electron the executable is the app itself unless told to be Node.
    env: childEnvironment(process.env, { ELECTRON_RUN_AS_NODE: '1' }),
  });
  const { address, deadToken } = await whatItSays(child).catch((error: unknown) => {
    child.kill();
    throw error;
  });
  const simulated: DeskEnvironment = {
    ...environment,
    endpoints: { apiRoot: address, loginRoot: address, tickerRoot: address.replace(/^http/, 'ws') },
    clock,
    simulated: true,
    secrets: 'memory',
    apiKey: app.key,
    apiSecret: app.secret,
    accessToken: deadToken,
    redirectUrl,
  };
  return {
    openDesk: () => openDesk(simulated, { ...shell, canSimulate: false, leavingLeadsTo: 'start' }),
    onEnd: (listener) => void child.once('exit', listener),
    [Symbol.asyncDispose]: async () => {
      child.removeAllListeners('exit');
      child.kill();
    },
  };
}

/** The latest trading day's morning, so that the simulated date is one a trader knows. */
function simulatedDay(nowMs: number): ClockSpec {
  const date = simulatedDate(bundledCalendar(), istDateOf(nowMs));
  return { marketMs: instantOf(date, START_TIME), speed: SPEED, realMs: null };
}

/** The root and the dead token that the exchange prints; the root comes last, once it listens. */
function whatItSays(child: ChildProcess): Promise<{ readonly address: string; readonly deadToken: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ address: string; deadToken: string }>();
  const tooLate = (): void => reject(new SimulatorError('The simulated exchange did not start in time.'));
  const timer = systemClock().setTimeout(tooLate, START_TIMEOUT_MS);
  let deadToken = '';
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      deadToken = /^dead token (\S+)$/.exec(line)?.[1] ?? deadToken;
      const address = /^exchange (http:\/\/\S+)$/.exec(line)?.[1];
      if (address !== undefined) resolve({ address, deadToken });
    });
  }
  child.once('exit', () => reject(new SimulatorError('The simulated exchange ended at once.')));
  child.once('error', () => reject(new SimulatorError('The simulated exchange could not be started.')));
  return promise.finally(() => timer[Symbol.dispose]());
}
