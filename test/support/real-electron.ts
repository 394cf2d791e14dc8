import { once } from 'node:events';
import { type ElectronApplication, _electron as electron } from 'playwright';

/** How the app is started on Electron's own binary. */
export interface ElectronStart {
  /** Of a binary whose fuses still let Playwright in: the one from npm. */
  readonly executablePath: string;
  /** The main process's file and what comes before and after it. */
  readonly args: readonly string[];
  /** Over the environment of this process. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts the app as the trader's system does: in Chromium's sandbox. Without it Playwright would say `--no-sandbox` for
 * it, which `app.enableSandbox()` takes back when half of Chromium has started by it, and no page comes up.
 */
export function launchElectron({ executablePath, args, env }: ElectronStart): Promise<ElectronApplication> {
  return electron.launch({ executablePath, args: [...args], env: environmentWith(env), chromiumSandbox: true });
}

/**
 * Ends the app without its question whether to quit. From within its process: what Playwright holds of it on Windows is
 * the command line it was started from, and there is no such signal there.
 */
export async function endElectron(app: ElectronApplication): Promise<void> {
  const child = app.process();
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    const asked = app.evaluate(({ app: main }) => {
      // Not within the call: its answer would be lost with the process.
      setImmediate(() => {
        // While it starts, it does not listen yet.
        if (!process.emit('SIGTERM', 'SIGTERM')) main.exit(0);
      });
    });
    await asked.catch(() => {});
    await ended;
  }
  await app.close().catch(() => {});
}

/** The environment of a process started from this one. */
export function environmentWith(env: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own), ...env };
}
