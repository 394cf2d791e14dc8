/** `npm run exchange`: the simulated exchange on its own. A composition root: it may read the PC's clock and exit. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, formatClockSpec, systemClock } from '../../src/clock.ts';
import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import { formatIst, instantOf, istDateOf } from '../../src/market/ist.ts';
import { courseOf } from '../../src/simulation/clock-course.ts';
import { SteerableClock } from '../../src/simulation/steerable-clock.ts';
import { CliError, type CliOptions, parseCli, usage } from './cli-options.ts';
import { demoApp, demoUser, type Exchange, startExchange } from './exchange.ts';
import { warmUp } from './warm-up.ts';

const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

async function main(): Promise<void> {
  const options = parseCli(process.argv.slice(2), Date.now());
  if (options === null) {
    process.stdout.write(usage);
    return;
  }
  const spec = options.clock === null ? null : { ...options.clock, realMs: options.clock.realMs ?? Date.now() };
  const steerable = spec === null ? null : new SteerableClock(courseOf(spec), systemClock());
  const clock = steerable ?? systemClock();
  const dataDir = options.dataDir ?? usualDataDir();
  const app = { ...demoApp, ...options.app };
  const exchange = await startExchange({
    clock,
    calendar: bundledCalendar(),
    seed: options.seed,
    port: options.port,
    dataDir,
    app,
    ...(steerable === null ? {} : { steer: steerable }),
  });
  // Whoever keeps time with this process follows too.
  steerable?.onChange((course) => say(`course ${JSON.stringify(course)}`));
  await warmUp(exchange, app, clock.now());
  if (options.redirectUrl !== null) exchange.redirectUrl = options.redirectUrl;
  if (options.deadTokenFile !== null) writePrivately(options.deadTokenFile, deadToken(exchange, clock));
  process.once('SIGTERM', () => void stop(exchange, options, SIGNAL_EXIT_CODES.SIGTERM));
  if (!options.isChild) process.once('SIGINT', () => void stop(exchange, options, SIGNAL_EXIT_CODES.SIGINT));
  if (options.isChild) {
    // A terminal sends these to all its programs: the app closes first, and its exchange with it.
    for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
    say(`dead token ${deadToken(exchange, clock)}`);
    // Whoever has started it closes it by ending, also by being killed.
    process.stdin.resume().once('close', () => void stop(exchange, options, 0));
  }
  say(`market time ${formatIst(clock.now())} at speed ${clock.speed}`);
  if (spec !== null) say(`in step: MDTS_CLOCK=${formatClockSpec(spec)}`);
  say(`recordings ${dataDir ?? 'none'}`);
  say(`log in as ${demoUser.userId}, password ${demoUser.password}; the login page shows the one-time code`);
  say(`logins redirect to ${exchange.redirectUrl}`);
  say(`exchange ${exchange.apiRoot}`);
}

/** Recorded sessions beside the project, where there are any. */
function usualDataDir(): string | null {
  const directory = join(import.meta.dirname, '..', '..', '..', 'shared', 'market-data');
  return existsSync(directory) ? directory : null;
}

/** A token minted a minute before the last flush: what an app finds in its store in the morning. */
function deadToken(exchange: Exchange, clock: Clock): string {
  const today = istDateOf(clock.now());
  const flushMs = instantOf(today, '06:00');
  const lastFlushMs = clock.now() >= flushMs ? flushMs : flushMs - 86_400_000;
  return exchange.issueToken({ userId: demoUser.userId, mintedAtMs: lastFlushMs - 60_000 });
}

function writePrivately(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: 0o600 });
}

async function stop(exchange: Exchange, { deadTokenFile }: CliOptions, exitCode: number): Promise<void> {
  if (deadTokenFile !== null) rmSync(deadTokenFile, { force: true });
  await exchange[Symbol.asyncDispose]();
  process.exit(exitCode);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof CliError ? `${message}\n\n${usage}` : `${message}\n`);
  process.exit(error instanceof CliError ? 2 : 1);
}
