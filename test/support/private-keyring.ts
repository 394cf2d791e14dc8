import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUS = '/usr/bin/dbus-daemon';
const KEYRING = '/usr/bin/gnome-keyring-daemon';

/** Why a keyring of one's own cannot be had here; null where it can. */
export const noKeyringReason: string | null =
  process.platform !== 'linux'
    ? 'gnome-keyring is for Linux'
    : [BUS, KEYRING]
        .filter((tool) => !existsSync(tool))
        .map((tool) => `${tool} is not installed`)
        .join(', ') || null;

/** Without the tools, tests of the keyring say why they do not run; in CI of a Linux they run all the same, and fail. */
export const skipsKeyringTests: boolean =
  noKeyringReason !== null && (process.platform !== 'linux' || process.env.CI === undefined);

/** A session bus of its own with gnome-keyring on it; the person's own is not touched. Disposing ends both. */
export interface PrivateKeyring extends AsyncDisposable {
  /** For the processes that are to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Locks it: its service starts anew, its password is not given, and there is nobody to ask for it. */
  lock(): Promise<void>;
  /** Ends the service; the bus stays. */
  stop(): Promise<void>;
}

/** Opens an unlocked one. */
export async function openPrivateKeyring(): Promise<PrivateKeyring> {
  const folder = mkdtempSync(join(tmpdir(), 'mdts-keyring-'));
  const resources = new AsyncDisposableStack();
  resources.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const own = { HOME: folder, XDG_RUNTIME_DIR: folder, XDG_DATA_HOME: folder };
  let service: ChildProcess | null = null;
  const stop = async (): Promise<void> => {
    if (service !== null) await end(service);
    service = null;
  };
  try {
    const bus = await start(BUS, ['--config-file', busConfig(folder), '--nofork', '--print-address=1'], own, '');
    resources.defer(() => end(bus.child));
    const env = { ...own, DBUS_SESSION_BUS_ADDRESS: bus.line };
    const run = async (args: readonly string[], password: string): Promise<void> => {
      const common = ['--foreground', '--components=secrets', '--control-directory', folder];
      service = (await start(KEYRING, [...common, ...args], env, password)).child;
    };
    resources.defer(stop);
    await run(['--unlock'], 'only for this test');
    const lock = async (): Promise<void> => {
      await stop();
      await run([], '');
    };
    return { env, lock, stop, [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose]() };
  } catch (error) {
    await resources[Symbol.asyncDispose]();
    throw error;
  }
}

/** A bus that knows no service files: it starts nothing by itself, no keyring and no password prompt. */
function busConfig(folder: string): string {
  const file = join(folder, 'bus.conf');
  writeFileSync(
    file,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
`,
  );
  return file;
}

/** Starts a service, gives it `input`, and waits for the first line it writes: by then it is on the bus. */
async function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, ...env } });
  // One that does not read its input may have closed it already; its own words say whether it has started.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const line = await Promise.race([
    once(child.stdout, 'data').then(([text]) => String(text).trim()),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${command} ended with ${code}`))),
  ]);
  return { child, line };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
