import { CredentialVault } from '../auth/credential-vault.ts';
import { openSecretStore } from '../auth/keytar-secret-store.ts';
import { LateKeychain } from '../auth/late-keychain.ts';
import type { SecretStore } from '../auth/secret-store.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { ActivityEntry } from '../contract/state.ts';
import type { TransportState } from '../contract/transport.ts';
import { startDesk } from '../desk.ts';
import { systemProbes } from '../doctor/system/system-probes.ts';
import { type DeskEnvironment, homeFolder } from '../environment.ts';
import { followCalendarFile } from '../files/calendar-file.ts';
import { instrumentListFiles } from '../instruments/list-files.ts';
import { ExchangeTime } from '../kite/exchange-time.ts';
import { kiteRestClient } from '../kite/rest-client.ts';
import { kiteTickerConnector } from '../kite/ticker-client.ts';
import type { NotificationChannel } from '../notify/alert-center.ts';
import { nodeScheduleWakeUps } from '../schedule/wake-ups.ts';
import { openSettings } from '../settings-store.ts';
import { courseOf } from '../simulation/clock-course.ts';
import { SteerableClock } from '../simulation/steerable-clock.ts';
import { steeredExchangeAt } from '../simulation/steered-exchange.ts';
import { Steering } from '../simulation/steering.ts';
import { DiskThread, diskOf, startDiskWorker } from '../storage/disk-thread.ts';
import { holdHome, refuseLongPath } from '../storage/home-hold.ts';
import { HomeStorage } from '../storage/home-storage.ts';
import type { Desk } from './desk-api.ts';
import type { SteeredTime } from './steered-time.ts';

/** What a shell brings along. */
export interface ShellPorts {
  readonly version: string;
  /** The home folder asked for on the command line; null: the environment's, or the system's usual place. */
  readonly home: string | null;
  readonly channels: readonly NotificationChannel[];
  readonly canSimulate: boolean;
  readonly hasLoginWindow: boolean;
  readonly onActivity?: (entry: ActivityEntry) => void;
  /** Where leaving a simulation leads to; the app's end unless given. */
  readonly leavingLeadsTo?: TransportState['leadsTo'];
}

/**
 * Opens the desk on the real world: the PC's clock or the environment's, Kite or the environment's exchange, the keychain,
 * and files in the home folder. Throws `HomeInUseError`.
 */
export async function openDesk(environment: DeskEnvironment, shell: ShellPorts): Promise<Desk> {
  const { endpoints, simulated } = environment;
  const uiClock = systemClock();
  const simulatedClock =
    environment.clock === null
      ? null
      : new SteerableClock(
          courseOf({ ...environment.clock, realMs: environment.clock.realMs ?? uiClock.now() }),
          uiClock,
        );
  const clock = simulatedClock ?? uiClock;
  const home = homeFolder(shell.home ?? environment.home, simulated);
  refuseLongPath(home);
  const resources = new AsyncDisposableStack();
  const foundAtStart: string[] = [];
  let opened: Desk | null = null;
  const storage = resources.use(
    new HomeStorage({
      home,
      clock: uiClock,
      start: () => startDiskWorker(home),
      onNotice: (text) => (opened === null ? foundAtStart.push(text) : opened.log('warning', 'app', text)),
    }),
  );
  const tokenThread = resources.use(
    new DiskThread({ clock: uiClock, start: () => startDiskWorker(home), onNotice: () => undefined }),
  );
  try {
    resources.use(await holdHome(storage.disk, home));
    const lists = resources.use(instrumentListFiles({ disk: storage.disk, clock: uiClock, home }));
    const exchangeTime = new ExchangeTime(clock);
    const settings = await openSettings(storage.disk, home, clock.now(), (next) => storage.saveSettings(next));
    if (simulated && environment.redirectUrl !== undefined) {
      settings.store.update({ redirectUrl: environment.redirectUrl });
    }
    resources.use(
      storage.onMadeAnew(() => {
        if (settings.isKept) storage.saveSettings(settings.store.get());
        void lists.saveAgain();
      }),
    );
    const files = resources.use(await followCalendarFile({ disk: storage.disk, home, clock: uiClock }, clock.now()));
    const secrets = await openSecretStore({ want: environment.secrets, simulated, clock: uiClock });
    if (secrets.store instanceof LateKeychain) resources.use(secrets.store);
    const offered = await storeGivenSecrets(secrets.store, environment, clock.now());
    const others = [settings, secrets].flatMap(({ notice }) => (notice === null ? [] : [notice]));
    const notices = [...foundAtStart, ...files.notices, ...others];
    // What has no other place to be said is said in the activity log, as soon as there is one.
    const tell =
      (area: 'feed' | 'instruments') =>
      (text: string): void =>
        opened?.log('warning', area, text);
    const steered = simulatedClock === null ? null : steeredTime(simulatedClock, uiClock, environment, shell);
    if (steered !== null) resources.use(steered.steering);
    opened = await startDesk({
      app: {
        version: shell.version,
        simulated,
        canSimulate: shell.canSimulate,
        notices,
        ...(hasOwnKey(environment) ? { bringsKey: true } : {}),
      },
      clock,
      uiClock,
      calendar: files.calendar,
      onCalendarChange: (changed) => files.follow((...line) => opened?.log(...line), changed),
      endpoints,
      rest: kiteRestClient({ endpoints, serverTime: exchangeTime, log: tell('instruments') }),
      exchangeTime,
      connector: kiteTickerConnector({ endpoints, clock, log: tell('feed') }),
      secrets: secrets.store,
      settings: settings.store,
      store: storage.history,
      storage,
      lists,
      tokenDisk: diskOf(tokenThread),
      wakeUps: nodeScheduleWakeUps(clock),
      channels: shell.channels,
      hasLoginWindow: shell.hasLoginWindow,
      probes: systemProbes({ disk: () => storage.disk.examine(), environment: process.env, clock: uiClock }),
      random: Math.random,
      ...(steered === null ? {} : { steered }),
      ...(shell.onActivity === undefined ? {} : { onActivity: shell.onActivity }),
    });
    // Not waited for: Kite may take its time, or be away.
    if (offered !== null) void opened.takeToken(offered, 'environment');
    return closingWith(opened, resources);
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

/** A simulation that was given an API key: nobody is to enter another one. */
function hasOwnKey({ simulated, apiKey }: DeskEnvironment): boolean {
  return simulated && apiKey !== null;
}

function steeredTime(
  clock: SteerableClock,
  real: Clock,
  { endpoints }: DeskEnvironment,
  shell: ShellPorts,
): SteeredTime {
  const steering = new Steering({ clock, real, exchange: steeredExchangeAt(endpoints.apiRoot) });
  return { steering, leadsTo: shell.leavingLeadsTo ?? 'end' };
}

/**
 * Puts what the environment gives into the secret store, where the desk looks. A login that is there already is not
 * overwritten: then the token is to be offered like any other, and returned for that.
 */
export async function storeGivenSecrets(
  store: SecretStore,
  environment: Pick<DeskEnvironment, 'apiKey' | 'apiSecret' | 'accessToken'>,
  nowMs: number,
): Promise<string | null> {
  const { apiKey, apiSecret, accessToken } = environment;
  const vault = new CredentialVault(store, () => {});
  const { credentials, session } = await vault.load();
  if (apiKey !== null) await vault.saveCredentials({ apiKey, apiSecret });
  if (accessToken === null || session?.accessToken === accessToken) return null;
  const isSameApp = apiKey === null || apiKey === credentials?.apiKey;
  if (session !== null && isSameApp) return accessToken;
  await vault.saveSession({ accessToken, userId: null, userName: null, loginAtMs: null, adoptedAtMs: nowMs });
  return null;
}

/** The same desk; its files are closed and its home is given up when it is disposed. */
function closingWith(desk: Desk, resources: AsyncDisposableStack): Desk {
  const dispose = desk[Symbol.asyncDispose];
  return Object.assign(Object.create(desk) as Desk, {
    [Symbol.asyncDispose]: async () => {
      await dispose();
      await resources.disposeAsync();
    },
  });
}
