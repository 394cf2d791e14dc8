import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { findChromium } from '../../build/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { StandInError } from './guard.ts';

/** The one Chromium of the process: started when the app becomes ready, closed when it exits. */
interface RunningChromium {
  readonly browser: Browser;
  /** Where another client, a test, can attach over the DevTools protocol; null when nobody asked. */
  readonly debuggingPort: number | null;
}

let running: Promise<RunningChromium> | null = null;

/** Starts Chromium. `open`: a second DevTools client may attach on loopback. */
export function startChromium(open: boolean): Promise<RunningChromium> {
  running ??= launch(open);
  return running;
}

/** A browser context of its own: cookies, storage and cache of one session. */
export async function newContext(): Promise<BrowserContext> {
  if (running === null) throw new StandInError('a window was opened before the app was ready');
  return (await running).browser.newContext();
}

export async function debuggingAddress(): Promise<string> {
  const port = (await running)?.debuggingPort ?? null;
  if (port === null) throw new StandInError('Chromium was started without a debugging port');
  return `http://127.0.0.1:${port}`;
}

export async function closeChromium(): Promise<void> {
  await (await running)?.browser.close();
}

async function launch(open: boolean): Promise<RunningChromium> {
  const executablePath = findChromium();
  if (executablePath === null) throw new StandInError('there is no Chromium on this machine');
  // With a pipe and a port at once, Chromium does not tell which port it chose.
  const debuggingPort = open ? await freePort() : null;
  const browser = await chromium.launch({
    executablePath,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(debuggingPort === null ? [] : [`--remote-debugging-port=${debuggingPort}`]),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      // One renderer process a page, so that one DevTools session sees every frame and every request of it.
      '--disable-site-isolation-trials',
      // Nothing but this machine can be reached, whatever a page tries.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
  return { browser, debuggingPort };
}
