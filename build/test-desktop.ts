/**
 * `npm run test:desktop [-- options of Playwright]`: the specs of the desktop app in `test/desktop/`, on the stand-in of
 * Electron, and on the real Electron where its binary is. Says at the end what they ran on.
 */
import { chromiumInstallCommand, ensureChromium } from './chromium.ts';
import { electronVersion, findElectron, noWindowReason, obtainElectron } from './electron-binary.ts';
import { buildShell, runTool, say } from './tools.ts';

const options = process.argv.slice(2);
const inCi = process.env.CI !== undefined;

if (!buildShell()) process.exit(1);
const ends = [onStandIn(), onElectron()];
for (const { line } of ends) console.log(line);
process.exit(ends.some(({ failed }) => failed) ? 1 : 0);

interface End {
  readonly line: string;
  readonly failed: boolean;
}

function onStandIn(): End {
  const chromium = ensureChromium(say);
  if (chromium === null) {
    return { line: `Stand-in: not run, there is no Chromium. To have one: ${chromiumInstallCommand}`, failed: inCi };
  }
  const failed = runSpecs({ MDTS_DESKTOP: 'stand-in', MDTS_CHROMIUM: chromium });
  return { line: `Stand-in (${chromium}): ${failed ? 'FAILED' : 'passed'}`, failed };
}

/** Not to run it is no failure but where it is wanted by `MDTS_ELECTRON_REQUIRED`. */
function onElectron(): End {
  const electron = electronToTest();
  if ('reason' in electron) {
    const isRequired = process.env.MDTS_ELECTRON_REQUIRED === '1';
    return { line: `Electron ${electronVersion}: not run, ${electron.reason}`, failed: isRequired };
  }
  const { executable } = electron;
  const failed = runSpecs({ MDTS_DESKTOP: 'electron', MDTS_ELECTRON: executable });
  return { line: `Electron ${electronVersion} (${executable}): ${failed ? 'FAILED' : 'passed'}`, failed };
}

/** The real binary is downloaded in CI only; elsewhere it is used when it is here. */
function electronToTest(): ReturnType<typeof obtainElectron> {
  const reason = noWindowReason();
  if (reason !== null) return { reason };
  if (inCi) return obtainElectron();
  const executable = findElectron();
  return executable === null ? { reason: 'its binary is not on this machine' } : { executable };
}

function runSpecs(env: Readonly<Record<string, string>>): boolean {
  const config = ['--config', 'test/desktop/playwright.config.ts'];
  return runTool('@playwright/test/cli.js', ['test', ...config, ...options], env) !== 0;
}
