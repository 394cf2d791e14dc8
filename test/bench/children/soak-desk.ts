/**
 * A whole desk with one interface attached, on a fast market clock. Arguments: clock, exchange's root, access token, home.
 * Answers `measure` with its memory after a collection, and what keeps its event loop open.
 */
import { memorySecretStore } from '../../../src/auth/secret-store.ts';
import { parseClockSpec, scaledClock, systemClock } from '../../../src/clock.ts';
import { defaultSettings } from '../../../src/contract/settings.ts';
import { startDesk } from '../../../src/desk.ts';
import { systemProbes } from '../../../src/doctor/system/system-probes.ts';
import { openDeskStore } from '../../../src/history/store.ts';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import { kiteTickerConnector } from '../../../src/kite/ticker-client.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { nodeScheduleWakeUps } from '../../../src/schedule/wake-ups.ts';
import { memorySettings } from '../../../src/settings-store.ts';
import { demoApp, demoUser } from '../../exchange/exchange.ts';
import { onAsked, tellBench } from '../support/child.ts';

const [spec = '', root = '', accessToken = '', home = ''] = process.argv.slice(2);
const clock = scaledClock(parseClockSpec(spec));
const uiClock = systemClock();
const endpoints = { apiRoot: root, loginRoot: root, tickerRoot: `${root.replace(/^http/, 'ws')}/ws` };

const secrets = memorySecretStore();
await secrets.set('api-key', demoApp.apiKey);
await secrets.set('api-secret', demoApp.apiSecret);
const nowMs = clock.now();
const { userId } = demoUser;
const session = { accessToken, userId, userName: null, loginAtMs: nowMs, adoptedAtMs: nowMs };
await secrets.set('session', JSON.stringify(session));

const desk = await startDesk({
  app: { version: 'bench', simulated: true, canSimulate: false, notices: [] },
  clock,
  uiClock,
  calendar: bundledCalendar(),
  endpoints,
  rest: kiteRestClient({ endpoints }),
  connector: kiteTickerConnector({ endpoints, clock }),
  secrets,
  settings: memorySettings(defaultSettings),
  store: openDeskStore(home, clock.now()).store,
  wakeUps: nodeScheduleWakeUps(clock),
  channels: [],
  hasLoginWindow: false,
  probes: systemProbes({ home, environment: {}, clock: uiClock }),
  random: Math.random,
});

const attached = desk.attach({
  state: () => undefined,
  ticks: (batch) => attached.acknowledge(new DataView(batch).getUint32(4, true)),
});
const slots = Array.from({ length: 6 }, (_, slot) => slot);
attached.setInterest({ slots, depth: [1], candles: slots, hidden: false });

onAsked('measure', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return {
    usedBytes: heapUsed + arrayBuffers,
    rssBytes: rss,
    handles: process.getActiveResourcesInfo().length,
    ticks: desk.state.feed.ticks,
    gaps: desk.state.feed.gaps.length,
  };
});
tellBench('started');
