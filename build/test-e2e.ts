/** `npm run test:e2e [-- options of Playwright]`: the interface in browser mode, in a real browser. */
import { chromiumInstallCommand, ensureChromium } from './chromium.ts';
import { runTool, say } from './tools.ts';

const chromium = ensureChromium(say);
if (chromium === null) {
  say(`Not run, there is no Chromium. To have one: ${chromiumInstallCommand}`);
  process.exit(process.env.CI === undefined ? 0 : 1);
}
const config = ['--config', 'test/e2e/playwright.config.ts'];
process.exit(
  runTool('@playwright/test/cli.js', ['test', ...config, ...process.argv.slice(2)], { MDTS_CHROMIUM: chromium }),
);
