/**
 * Pictures of the interface in every situation of `scenarios.ts`, and a check that none of them breaks the content
 * security policy, writes an error to the console or makes the window scroll.
 *
 *   node test/renderer-fixture/screenshots.ts OUT_DIR [scenario…]
 *
 * Uses Playwright's Chromium, or the browser in CHROMIUM_PATH.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, chromium } from 'playwright';
import { unreadableTexts } from './fits.ts';
import { buildFixture, startFixture } from './fixture-server.ts';
import { findScenario, scenarioNames } from './scenarios.ts';
import { type WindowSize, windowSizes } from './window-sizes.ts';

const themes = ['dark', 'light'] as const;

/** Takes one picture; returns what was wrong with the page. */
async function picture(
  browser: Browser,
  address: string,
  file: string,
  size: WindowSize,
  keys: readonly string[],
): Promise<string[]> {
  const page = await browser.newPage({ viewport: size });
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(address);
  await page.waitForSelector('[data-settled]');
  for (const key of keys) await page.keyboard.press(key);
  // What the keys opened is drawn; how it moves there is over in the picture.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const overflow = await page.evaluate(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
    return scrollWidth > clientWidth || scrollHeight > clientHeight;
  });
  if (overflow) faults.push('the window scrolls');
  faults.push(...(await page.evaluate(unreadableTexts)));
  await page.screenshot({ path: file, animations: 'disabled' });
  await page.close();
  return faults;
}

const [outDir, ...names] = process.argv.slice(2);
if (outDir === undefined) throw new Error('usage: screenshots.ts OUT_DIR [scenario…]');
await mkdir(outDir, { recursive: true });
await buildFixture();
await using fixture = await startFixture();
const executablePath = process.env.CHROMIUM_PATH;
const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath ? { executablePath } : {}) });
for (const name of names.length > 0 ? names : scenarioNames) {
  for (const theme of themes) {
    for (const size of windowSizes) {
      const file = join(outDir, `${name}-${theme}-${size.width}.png`);
      for (const fault of await picture(
        browser,
        fixture.addressOf(name, theme),
        file,
        size,
        findScenario(name).press,
      )) {
        console.error(`${name} ${theme} ${size.width}: ${fault}`);
        process.exitCode = 1;
      }
    }
  }
}
await browser.close();
