/**
 * Pictures of the interface in every situation of `scenarios.ts`, and a check that none of them breaks the content
 * security policy, writes an error to the console or makes the window scroll.
 *
 *   node test/renderer-fixture/screenshots.ts OUT_DIR [scenario…]
 *
 * Uses Playwright's Chromium, or the browser in CHROMIUM_PATH.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import process from 'node:process';
import { type Browser, chromium } from 'playwright';
import { build } from 'vite';
import { unreadableTexts } from './fits.ts';
import { findScenario, scenarioNames } from './scenarios.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";
const sizes = [
  { width: 1280, height: 800 },
  { width: 1600, height: 900 },
] as const;
const themes = ['dark', 'light'] as const;
/** Long enough for a dialog to open and for a tick or two. */
const SETTLE_MS = 400;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

async function serve(root: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = join(root, normalize(pathname === '/' ? 'index.html' : pathname));
    try {
      const body = await readFile(path);
      const type = types[extname(path)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

/** Takes one picture; returns what was wrong with the page. */
async function picture(
  browser: Browser,
  address: string,
  file: string,
  size: (typeof sizes)[number],
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
  await page.waitForTimeout(SETTLE_MS);
  const overflow = await page.evaluate(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
    return scrollWidth > clientWidth || scrollHeight > clientHeight;
  });
  if (overflow) faults.push('the window scrolls');
  faults.push(...(await page.evaluate(unreadableTexts)));
  await page.screenshot({ path: file });
  await page.close();
  return faults;
}

const [outDir, ...names] = process.argv.slice(2);
if (outDir === undefined) throw new Error('usage: screenshots.ts OUT_DIR [scenario…]');
await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
await mkdir(outDir, { recursive: true });
const server = await serve(join(import.meta.dirname, '../../out/renderer-fixture'));
const { port } = server.address() as AddressInfo;
const executablePath = process.env.CHROMIUM_PATH;
const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath ? { executablePath } : {}) });
for (const name of names.length > 0 ? names : scenarioNames) {
  for (const theme of themes) {
    for (const size of sizes) {
      const file = join(outDir, `${name}-${theme}-${size.width}.png`);
      const address = `http://127.0.0.1:${port}/?scenario=${name}&theme=${theme}`;
      for (const fault of await picture(browser, address, file, size, findScenario(name).press)) {
        console.error(`${name} ${theme} ${size.width}: ${fault}`);
        process.exitCode = 1;
      }
    }
  }
}
await browser.close();
server.close();
