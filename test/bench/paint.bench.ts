/**
 * From a tick's arrival in the desk to the end of the display frame that shows it, in a real Chromium on the page of
 * browser mode. Desk and page are on one machine and tell the same time.
 */
import { chromium, type Page } from 'playwright';
import { findChromium } from '../../build/chromium.ts';
import { DeskClient } from '../../build/demo/desk-client.ts';
import { kiteRestClient } from '../../src/kite/rest-client.ts';
import { type Bench, BenchUnavailableError, type Figures } from './bench.ts';
import { type LiveExchange, startLiveExchange } from './support/live-exchange.ts';
import { type PaintSample, watchPaints } from './support/paint-watch.ts';
import { AppError, pause, type RunningApp, startApp } from './support/running-app.ts';
import { percentile } from './support/statistics.ts';

const WARM_UP_MS = 5_000;
const MEASURED_MS = 40_000;
const FOLLOWED_BY_DEFAULT = 6;
/** The exchange lists options of three underlyings, two of them in the dump that is read here. */
const OPTIONS_PER_INSTRUMENT = 2;
const BUDGETS = { 6: 33, 3000: 50 } as const;

export const paintBench: Bench = {
  name: 'paint',
  title: 'a tick received by the desk: to painted in Chromium',
  figures: [6, 3000].flatMap((size) => [
    {
      name: `p95Ms${size}`,
      what: `${size} instruments, p95`,
      unit: 'ms',
      atMost: size === 6 ? BUDGETS[6] : BUDGETS[3000],
    },
    { name: `medianMs${size}`, what: `${size} instruments, median`, unit: 'ms' },
    { name: `pageP95Ms${size}`, what: `${size} instruments: in the page alone, p95`, unit: 'ms' },
    { name: `ticksPerSecond${size}`, what: `${size} instruments: ticks the desk took`, unit: '/s' },
    { name: `oldBatches${size}`, what: `${size} instruments: left out, tick over 1 s old`, unit: '' },
    { name: `frames${size}`, what: `${size} instruments: painted frames`, unit: '' },
  ]),
  run: async (say) => {
    const executablePath = findChromium();
    if (executablePath === null) throw new BenchUnavailableError('there is no Chromium');
    say('Painted: the first task after the frame in which the page has changed. Frames without a change do not count.');
    const few = await measure(executablePath, FOLLOWED_BY_DEFAULT);
    const many = await measure(executablePath, 3000);
    return { ...few, ...many };
  },
};

async function measure(executablePath: string, instruments: number): Promise<Figures> {
  await using live = await startLiveExchange({ optionCount: instruments * OPTIONS_PER_INSTRUMENT });
  await using app = await startApp(live);
  if (instruments > FOLLOWED_BY_DEFAULT) await followMany(live, app, instruments - FOLLOWED_BY_DEFAULT);
  await app.until(({ feed, instruments: followed }) => {
    return feed.state === 'live' && followed.filter(({ lastPrice }) => lastPrice !== null).length >= instruments;
  });
  const browser = await chromium.launch({ executablePath });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(watchPaints, live.spec);
    await page.goto(app.readyUrl.href);
    await pause(WARM_UP_MS);
    await page.evaluate(() => {
      window.paintSamples.splice(0);
      window.oldBatches = 0;
    });
    const before = await app.health();
    await pause(MEASURED_MS);
    const after = await app.health();
    const ticksPerSecond = (after.feed.ticks - before.feed.ticks) / (MEASURED_MS / 1000);
    return {
      ...figuresOf(await samplesOf(page), instruments),
      [`ticksPerSecond${instruments}`]: ticksPerSecond,
      [`oldBatches${instruments}`]: await page.evaluate(() => window.oldBatches),
    };
  } finally {
    await browser.close();
  }
}

function samplesOf(page: Page): Promise<readonly PaintSample[]> {
  return page.evaluate(() => window.paintSamples);
}

function figuresOf(samples: readonly PaintSample[], instruments: number): Figures {
  if (samples.length === 0) throw new AppError('nothing was painted');
  const totals = samples.map(({ receivedMs, paintedMs }) => paintedMs - receivedMs);
  const inPage = samples.map(({ arrivedMs, paintedMs }) => paintedMs - arrivedMs);
  return {
    [`p95Ms${instruments}`]: percentile(totals, 95),
    [`medianMs${instruments}`]: percentile(totals, 50),
    [`pageP95Ms${instruments}`]: percentile(inPage, 95),
    [`frames${instruments}`]: samples.length,
  };
}

/** Puts options from the exchange's own list on the watchlist. */
async function followMany(live: LiveExchange, app: RunningApp, count: number): Promise<void> {
  const { apiRoot, loginRoot, tickerRoot } = live.exchange;
  const listed = await kiteRestClient({ endpoints: { apiRoot, loginRoot, tickerRoot } }).instruments('NFO');
  const watchlist = listed
    .filter(({ type }) => type !== 'FUT')
    .map(({ key }) => key)
    .slice(0, count);
  if (watchlist.length < count) throw new AppError(`the exchange lists only ${watchlist.length} options`);
  const result = await new DeskClient(app.readyUrl.href).invoke('settings.update', { watchlist });
  if (!result.ok) throw new AppError(result.error.message);
}
