/**
 * `npm test`: types and style, unit and integration tests, then the interface in a real browser; one count at the end.
 * `npm run test:long` is the same with every seed, day and kill: the specs look at `MDTS_LONG` and `MDTS_MONTH`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumInstallCommand, ensureChromium } from './chromium.ts';
import { type Count, failure, playwrightCount, sum, vitestCount } from './test-reports.ts';
import { buildShell, runTool, say } from './tools.ts';

if (process.argv.includes('--long')) Object.assign(process.env, { MDTS_LONG: '1', MDTS_MONTH: 'whole' });
const reports = mkdtempSync(join(tmpdir(), 'mdts-test-'));

// Before all else: the unit tests too use the keyring and the notification daemon that come with it.
const chromium = ensureChromium(say);
const total = sum([...check(), vitest(), ...browserTests()]);
rmSync(reports, { recursive: true, force: true });
for (const words of total.failures) console.log(`FAILED ${words}`);
console.log(
  `Tests: ${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failed > 0 ? 1 : 0);

/** Types, lint and format count as one test each. */
function check(): readonly Count[] {
  say('Types and style...');
  const types = runTool('typescript/bin/tsc', ['-p', '.']);
  const style = runTool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
  return [passedIf(types === 0, 'types (tsc)'), passedIf(style === 0, 'style (biome)')];
}

function passedIf(passed: boolean, name: string): Count {
  return passed ? { passed: 1, failed: 0, skipped: 0, failures: [] } : failure(name);
}

function vitest(): Count {
  const file = join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return vitestCount(file, runTool('vitest/vitest.mjs', ['run', ...reporters]));
}

/** Without a browser they cannot run: that is said with the command to get one, and in CI it is a failure. */
function browserTests(): readonly Count[] {
  if (chromium === null) {
    const words = `No Chromium for the browser tests. To run them: ${chromiumInstallCommand}`;
    say(words);
    return [process.env.CI === undefined ? { passed: 0, failed: 0, skipped: 1, failures: [] } : failure(words)];
  }
  say('The interface in a browser...');
  const browserMode = playwright('test/e2e/playwright.config.ts', { MDTS_CHROMIUM: chromium });
  say("The desktop app on the stand-in of Electron's API...");
  if (!buildShell()) return [browserMode, failure('The shell could not be built')];
  const desktop = { MDTS_DESKTOP: 'stand-in', MDTS_CHROMIUM: chromium };
  return [browserMode, playwright('test/desktop/playwright.config.ts', desktop)];
}

function playwright(config: string, env: Readonly<Record<string, string>>): Count {
  const file = join(reports, `${config.replaceAll('/', '-')}.json`);
  const code = runTool('@playwright/test/cli.js', ['test', '--config', config, '--reporter=list,json'], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  return playwrightCount(file, code);
}
