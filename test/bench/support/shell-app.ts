import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { formatClockSpec } from '../../../src/clock.ts';
import { StandInDesktop } from '../../electron/desktop.ts';
import { demoApp } from '../../exchange/exchange.ts';
import { endElectron, launchElectron } from '../../support/real-electron.ts';
import type { LiveExchange } from './live-exchange.ts';

const mainBundle = join(import.meta.dirname, '..', '..', '..', 'out', 'electron', 'main.mjs');

/** The desktop app as a process of its own, with its window open. Disposing ends it. */
export interface ShellApp extends AsyncDisposable {
  readonly page: Page;
  /** When its process was started, ms since the epoch by the PC's clock. */
  readonly startedAt: number;
}

/** Starts the built app with a login that works and a home of its own. `executable`: Electron's; null: on the stand-in. */
export async function startShell(live: LiveExchange, executable: string | null): Promise<ShellApp> {
  const resources = new AsyncDisposableStack();
  const home = mkdtempSync(join(tmpdir(), 'mdts-bench-'));
  resources.defer(() => rmSync(home, { recursive: true, force: true }));
  try {
    const env = environmentOf(live, home);
    const startedAt = Date.now();
    const page =
      executable === null ? await onStandIn(resources, home, env) : await onElectron(resources, executable, env);
    return { page, startedAt, [Symbol.asyncDispose]: () => resources.disposeAsync() };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

async function onStandIn(
  resources: AsyncDisposableStack,
  home: string,
  env: Readonly<Record<string, string>>,
): Promise<Page> {
  const desktop = resources.use(new StandInDesktop({ main: mainBundle, home, env }));
  // Attaching costs the page time: not before it has been shown.
  await desktop.window(({ visible }) => visible);
  // The stand-in is driven by another copy of the same package.
  return (await desktop.page()) as Page;
}

async function onElectron(
  resources: AsyncDisposableStack,
  executablePath: string,
  env: Readonly<Record<string, string>>,
): Promise<Page> {
  const app = await launchElectron({ executablePath, args: [mainBundle], env });
  resources.defer(() => endElectron(app));
  return app.firstWindow();
}

function environmentOf({ exchange, spec, issueToken }: LiveExchange, home: string): Readonly<Record<string, string>> {
  return {
    MDTS_HOME: join(home, 'desk'),
    MDTS_API_ROOT: exchange.apiRoot,
    MDTS_LOGIN_ROOT: exchange.loginRoot,
    MDTS_TICKER_ROOT: exchange.tickerRoot,
    MDTS_CLOCK: formatClockSpec(spec),
    MDTS_SECRETS: 'memory',
    MDTS_API_KEY: demoApp.apiKey,
    MDTS_API_SECRET: demoApp.apiSecret,
    MDTS_ACCESS_TOKEN: issueToken(),
  };
}
