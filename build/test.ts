/** `npm test`: types and style, unit and integration tests, then the interface in a real browser; one count at the end. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { chromiumInstallCommand, ensureChromium } from './chromium.ts';
import { buildShell, runTool, say } from './tools.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const reports = mkdtempSync(join(tmpdir(), 'mdts-test-'));

const vitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numPendingTests: z.number() });
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});

// Before all else: the unit tests too use the keyring and the notification daemon that come with it.
const chromium = ensureChromium(say);
const counts = [check(), vitest(), ...browserTests()];
rmSync(reports, { recursive: true, force: true });
const total = counts.reduce((sum, count) => ({
  passed: sum.passed + count.passed,
  failed: sum.failed + count.failed,
  skipped: sum.skipped + count.skipped,
}));
console.log(
  `Tests: ${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failed > 0 ? 1 : 0);

/** Types, lint and format count as one test each. */
function check(): Count {
  say('Types and style...');
  const types = runTool('typescript/bin/tsc', ['-p', '.']);
  const style = runTool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
  const failed = [types, style].filter((code) => code !== 0).length;
  return { passed: 2 - failed, failed, skipped: 0 };
}

function vitest(): Count {
  const file = join(reports, 'vitest.json');
  const code = runTool('vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = readReport(file, vitestReport);
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests: passed, numFailedTests, numPendingTests: skipped } = report;
  return { passed, failed: code !== 0 && numFailedTests === 0 ? 1 : numFailedTests, skipped };
}

/** Without a browser they cannot run: that is said with the command to get one, and in CI it is a failure. */
function browserTests(): readonly Count[] {
  if (chromium === null) {
    say(`No Chromium for the browser tests. To run them: ${chromiumInstallCommand}`);
    return [process.env.CI === undefined ? { passed: 0, failed: 0, skipped: 1 } : { passed: 0, failed: 1, skipped: 0 }];
  }
  say('The interface in a browser...');
  const browserMode = playwright('test/e2e/playwright.config.ts', { MDTS_CHROMIUM: chromium });
  say("The desktop app on the stand-in of Electron's API...");
  if (!buildShell()) return [browserMode, { passed: 0, failed: 1, skipped: 0 }];
  const desktop = { MDTS_DESKTOP: 'stand-in', MDTS_CHROMIUM: chromium };
  return [browserMode, playwright('test/desktop/playwright.config.ts', desktop)];
}

function playwright(config: string, env: Readonly<Record<string, string>>): Count {
  const file = join(reports, `${config.replaceAll('/', '-')}.json`);
  const reporters = ['--reporter=list,json'];
  const code = runTool('@playwright/test/cli.js', ['test', '--config', config, ...reporters], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  const report = readReport(file, playwrightReport);
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const { expected: passed, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected + flaky;
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

function readReport<T>(file: string, schema: z.ZodType<T>): T | null {
  if (!existsSync(file)) return null;
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data : null;
}
