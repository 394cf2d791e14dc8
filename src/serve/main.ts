/** Browser mode: the desk on this PC's loopback, shown by whichever browser there is. `npm start -- --browser`. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readTokenFromStdin } from '../auth/token-stdin.ts';
import { childEnvironment } from '../child-environment.ts';
import { ClockSpecError, systemClock } from '../clock.ts';
import type { ActivityEntry } from '../contract/state.ts';
import { type RunningDeskHost, startDeskHost } from '../desk/desk-host.ts';
import { openDesk, type ShellPorts } from '../desk/open-desk.ts';
import { type DeskEnvironment, EnvironmentError, takeEnvironment } from '../environment.ts';
import { trustSystemAuthorities } from '../kite/system-authorities.ts';
import { istTimeOf } from '../market/ist.ts';
import { endProcess } from '../storage/disk-thread.ts';
import { HomeInUseError, HomePathError } from '../storage/home-hold.ts';
import { appVersion } from '../version.ts';
import { ArgumentsError, DEFAULT_PORT, parseStartArguments, type StartOptions, usage } from './arguments.ts';
import { KeyFileError, readKeyFile } from './key-file.ts';
import { type DeskServer, PortBusyError, serveDesk } from './server.ts';
import { startSimulation } from './simulator.ts';

const root = join(import.meta.dirname, '..', '..');

async function main(): Promise<void> {
  const options = parseStartArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const key = options.keyFile === null ? null : readKeyFile(options.keyFile);
  process.umask(0o077);
  trustSystemAuthorities();
  const environment = takeEnvironment(process.env, false);
  const shell: ShellPorts = {
    version: appVersion,
    home: options.home,
    channels: [],
    hasLoginWindow: false,
    canSimulate: environment.exchangeEntry !== null && !environment.simulated,
    onActivity: print,
  };
  /** Until there is a server to close, ending is the process's own. */
  const ending: { end: () => void } = { end: () => process.exit(0) };
  const host = await startDeskHost({
    openDesk: () => openDesk(environment, shell),
    startSimulation: shell.canSimulate ? () => startSimulation(environment, shell) : null,
    endApp: () => ending.end(),
    log: (level, area, text) => print({ at: Date.now(), level, area, text }),
  });
  const server = await serve(host, options, key);
  ending.end = stopOnSignal(host, server);
  process.stdout.write(`ready ${options.keyFile === null ? server.url : server.origin}\n`);
  if (options.open) openBrowser(server.issueBrowserUrl());
  if (options.tokenStdin) await takeTokenFromStdin(host, environment);
}

async function serve(host: RunningDeskHost, options: StartOptions, key: string | null): Promise<DeskServer> {
  const built = join(root, 'out', 'renderer');
  const common = {
    host,
    interfaceRoot: existsSync(built) ? built : null,
    key,
    clock: systemClock(),
    // Into the desk's own log: it shows in the activity, stays in the record and bears market time.
    log: (level: ActivityEntry['level'], area: ActivityEntry['area'], text: string) => host.desk.log(level, area, text),
  };
  try {
    return await serveDesk({ ...common, port: options.port ?? DEFAULT_PORT });
  } catch (error) {
    if (!(error instanceof PortBusyError) || options.port !== null) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
    process.stderr.write(`${error.message} Using ${error.free}.\n`);
    return await serveDesk({ ...common, port: error.free });
  }
}

async function takeTokenFromStdin(host: RunningDeskHost, environment: DeskEnvironment): Promise<void> {
  const token = await readTokenFromStdin(process.stdin);
  const result = token.ok ? await host.desk.takeToken(token.value, 'stdin') : token;
  if (!result.ok) process.stderr.write(`${result.error.message}\n`);
  else if (environment.simulated) process.stderr.write('Token taken (SIMULATED).\n');
}

/** One line a happening, in market time. Entries are redacted where they are made. */
function print({ at, level, text }: ActivityEntry): void {
  process.stderr.write(`${istTimeOf(at)} ${level === 'info' ? ' ' : '!'} ${text}\n`);
}

function openBrowser(url: string): void {
  const hasDisplay =
    process.platform !== 'linux' || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
  if (!hasDisplay) return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  spawn(command ?? 'xdg-open', args, { stdio: 'ignore', detached: true, env: childEnvironment(process.env) })
    .on('error', () => process.stderr.write('No browser could be opened: open the address above in one.\n'))
    .unref();
}

/** The desk is closed also where the server could not be. */
async function stopAll(host: RunningDeskHost, server: DeskServer): Promise<void> {
  try {
    await server[Symbol.asyncDispose]();
  } finally {
    await host[Symbol.asyncDispose]();
  }
}

/** Returns what an orderly end is. */
function stopOnSignal(host: RunningDeskHost, server: DeskServer): () => void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void stopAll(host, server).then(
      () => endProcess(0),
      () => endProcess(1),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // Who has started it as a part of something larger, as the demo does, has ended.
  process.once('disconnect', stop);
  return stop;
}

/** Failures of the start that a person can mend are one sentence; anything else is our fault and shown whole. */
function explain(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof ArgumentsError) return { text: `${error.message}\n\n${usage}`, exitCode: 2 };
  const isExpected =
    error instanceof EnvironmentError ||
    error instanceof KeyFileError ||
    error instanceof ClockSpecError ||
    error instanceof PortBusyError ||
    error instanceof HomeInUseError ||
    error instanceof HomePathError;
  if (isExpected) return { text: `${error.message}\n`, exitCode: 1 };
  return { text: `${error instanceof Error ? (error.stack ?? error.message) : 'unknown error'}\n`, exitCode: 1 };
}

main().catch((error: unknown) => {
  const { text, exitCode } = explain(error);
  process.stderr.write(text);
  process.exit(exitCode);
});
