import { memorySecretStore } from '../../../src/auth/secret-store.ts';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { defaultSettings, type Settings } from '../../../src/contract/settings.ts';
import type { Desk } from '../../../src/desk/desk-api.ts';
import { startDesk } from '../../../src/desk.ts';
import { examineDisk } from '../../../src/doctor/system/disk.ts';
import { systemProbes } from '../../../src/doctor/system/system-probes.ts';
import { instrumentListFiles } from '../../../src/instruments/list-files.ts';
import { ExchangeTime } from '../../../src/kite/exchange-time.ts';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import { kiteTickerConnector } from '../../../src/kite/ticker-client.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { nodeScheduleWakeUps } from '../../../src/schedule/wake-ups.ts';
import { memorySettings } from '../../../src/settings-store.ts';
import { startDiskWorker } from '../../../src/storage/disk-thread.ts';
import { HomeStorage } from '../../../src/storage/home-storage.ts';
import { demoApp, demoUser } from '../../exchange/exchange.ts';

/** A whole desk in a benchmark's child. `root`: the exchange's; `home`: folder of its files. */
export async function startChildDesk(options: {
  readonly clock: Clock;
  readonly root: string;
  readonly accessToken: string;
  readonly home: string;
  readonly settings?: Partial<Settings>;
}): Promise<Desk> {
  const { clock, root, accessToken, home, settings = {} } = options;
  const uiClock = systemClock();
  const endpoints = { apiRoot: root, loginRoot: root, tickerRoot: `${root.replace(/^http/, 'ws')}/ws` };
  const secrets = memorySecretStore();
  await secrets.set('api-key', demoApp.apiKey);
  await secrets.set('api-secret', demoApp.apiSecret);
  const nowMs = clock.now();
  const { userId } = demoUser;
  const session = { accessToken, userId, userName: null, loginAtMs: nowMs, adoptedAtMs: nowMs };
  await secrets.set('session', JSON.stringify(session));
  const start = () => startDiskWorker(home);
  const storage = new HomeStorage({ home, clock: uiClock, start, onNotice: () => undefined });
  return await startDesk({
    app: { version: 'bench', simulated: true, canSimulate: false, notices: [] },
    clock,
    uiClock,
    calendar: bundledCalendar(),
    endpoints,
    rest: kiteRestClient({ endpoints }),
    exchangeTime: new ExchangeTime(clock),
    connector: kiteTickerConnector({ endpoints, clock }),
    secrets,
    settings: memorySettings({ ...defaultSettings, ...settings }),
    store: storage.history,
    storage,
    lists: instrumentListFiles({ disk: storage.disk, clock: uiClock, home }),
    tokenDisk: storage.disk,
    wakeUps: nodeScheduleWakeUps(clock),
    channels: [],
    hasLoginWindow: false,
    probes: systemProbes({ disk: async () => examineDisk(home), environment: {}, clock: uiClock }),
    random: Math.random,
  });
}
