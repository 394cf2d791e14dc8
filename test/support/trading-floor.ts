import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySecretStore, type SecretStore } from '../../src/auth/secret-store.ts';
import type { Clock } from '../../src/clock.ts';
import type { CandleRow, CommandArgs, CommandName, CommandValue } from '../../src/contract/commands.ts';
import type { Journal } from '../../src/contract/journal.ts';
import { defaultSettings, type Settings } from '../../src/contract/settings.ts';
import type { ActivityEntry, StepState } from '../../src/contract/state.ts';
import type { Desk } from '../../src/desk/desk-api.ts';
import { startDesk } from '../../src/desk.ts';
import type { DoctorProbes } from '../../src/doctor/probes.ts';
import { askWithoutLogin, openConnection } from '../../src/doctor/system/network.ts';
import { segmentDay } from '../../src/feed/segment-day.ts';
import { hasOpenInterest } from '../../src/history/day-minutes.ts';
import type { InstrumentListStore } from '../../src/instruments/instrument-lists.ts';
import { instrumentListFiles } from '../../src/instruments/list-files.ts';
import { zerodhaEndpoints } from '../../src/kite/endpoints.ts';
import { ExchangeTime } from '../../src/kite/exchange-time.ts';
import { kiteRestClient } from '../../src/kite/rest-client.ts';
import type { KiteRest } from '../../src/kite/session.ts';
import { kiteTickerConnector } from '../../src/kite/ticker-client.ts';
import type { TickerConnector } from '../../src/kite/ticker-events.ts';
import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import type { CalendarOverrides } from '../../src/market/calendar-overrides.ts';
import { type IstDate, instantOf, istDateOf } from '../../src/market/ist.ts';
import type { NotificationChannel } from '../../src/notify/alert-center.ts';
import { clockWakeUps } from '../../src/schedule/wake-ups.ts';
import { memorySettings } from '../../src/settings-store.ts';
import { SteerableClock } from '../../src/simulation/steerable-clock.ts';
import { Steering } from '../../src/simulation/steering.ts';
import { HomeTasks } from '../../src/storage/disk-tasks.ts';
import { HomeStorage } from '../../src/storage/home-storage.ts';
import { demoApp, demoUser, type Exchange, startExchange, strangerUser } from '../exchange/exchange.ts';
import type { Fault } from '../exchange/faults.ts';
import { logInAs } from '../exchange/login/login-robot.ts';
import { FaultyLine, type LineFaultName } from './faulty-line.ts';
import { freePort } from './free-port.ts';
import { healthyProbes } from './healthy-probes.ts';
import { PcClock } from './pc-clock.ts';
import { settleIo } from './settle.ts';
import { type SteeringTrouble, steeredThroughTrouble } from './steering-trouble.ts';
import { type DiskFault, promisedDisk, TestDisk } from './test-disk.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface FloorOptions {
  readonly date: IstDate;
  /** IST, `HH:MM[:SS]`: when the exchange, and the desk, start. */
  readonly at: string;
  /** The login the desk finds in its store: alive, dead since 06:00, or none. */
  readonly login?: 'alive' | 'dead' | 'none';
  /** The secret store as the desk has it, made from the one that holds the login. */
  readonly secrets?: (store: SecretStore, clock: Clock) => SecretStore;
  readonly dataDir?: string | null;
  /** Options the exchange lists, about. */
  readonly optionCount?: number;
  /** Whether candles built from the exchange's ticks are its history exactly: false unless given, as at Kite. */
  readonly exactTicks?: boolean;
  /** Share of the minutes in which nothing of an instrument trades, by key, where it is another than usual. */
  readonly idleMinutes?: Readonly<Record<string, number>>;
  readonly settings?: Partial<Settings>;
  readonly channels?: readonly NotificationChannel[];
  /** Folder of the desk's files, left as it is in the end; a temporary one unless given. */
  readonly home?: string;
  readonly onActivity?: (entry: ActivityEntry) => void;
  /** What is wrong with the machine, for the doctor; a healthy one unless given. */
  readonly probes?: Partial<DoctorProbes>;
  /** How far the PC's clock is ahead of true time from the beginning on, ms. */
  readonly pcAheadMs?: number;
  /** What is wrong with the disk from the beginning on. */
  readonly diskFault?: DiskFault;
  /** Kite's REST as the desk has it, made from the exchange's. */
  readonly rest?: (rest: KiteRest) => KiteRest;
  /** What is wrong with the exchange from the beginning on. */
  readonly faults?: readonly Fault[];
  /** What is wrong with the line from the beginning on. */
  readonly lineFault?: LineFaultName | null;
  /** Days of other hours, for the exchange and the desk alike. */
  readonly overrides?: CalendarOverrides;
  /** Days of other hours that the exchange keeps and the desk has not heard of. */
  readonly exchangeOverrides?: CalendarOverrides;
  /** Exchange and desk have clocks of their own that commands steer; `clock` is then the real time behind them. */
  readonly isSteerable?: boolean;
  /** As the desk's port of that name. */
  readonly onCalendarChange?: (listener: () => void) => Disposable;
}

/** An exchange and a desk in one process, on one virtual clock, over real loopback sockets. */
export interface Floor extends AsyncDisposable {
  /** True time: the exchange's. */
  readonly clock: VirtualClock;
  /** The desk's time, which is true unless a test sets it. */
  readonly pcClock: PcClock;
  /** The way from the desk to the exchange. */
  readonly line: FaultyLine;
  /** Where the desk keeps its files. */
  readonly disk: TestDisk;
  /** What the desk keeps there. */
  readonly storage: HomeStorage;
  readonly exchange: Exchange;
  /** What is wrong with the steering of the exchange's time, where it is steerable. */
  readonly steering: SteeringTrouble;
  /** The exchange's time: `clock`'s unless it is steerable. */
  readonly exchangeClock: Clock;
  /** The desk's own. */
  readonly deskClock: Clock;
  /** The one that is running: another after a restart. */
  readonly desk: Desk;
  /** Ends the app, and starts it again with its files, login and settings when so many market ms have passed. */
  restart(downMs: number): Promise<void>;
  /** Plays on to that time of the day the floor was opened on, or of another one. */
  to(time: string, date?: IstDate): Promise<void>;
  /** Plays on for so many market ms. */
  run(ms: number): Promise<void>;
  /** Lets what is under way on loopback arrive, without time passing. */
  settle(): Promise<void>;
  /** Runs a command while time goes on, up to two seconds of it: some wait for Kite's pace. Throws what it fails with. */
  command<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<CommandValue<N>>;
  /** The day's one-minute candles by the exchange's own history, asked for past the desk. */
  history(key: string): Promise<readonly CandleRow[]>;
  /** The keys of options the exchange lists, so many; throws when there are fewer. */
  optionKeys(count: number): Promise<readonly string[]>;
  /** Signs in through the exchange's pages and the desk's own callback. */
  signIn(): Promise<void>;
  journal(): Journal;
  step(id: string): StepState;
}

/** Who asks past the desk: a login of the desk's own user would end the desk's. */
const observer = { ...demoUser, userId: 'WATCH1', name: 'Observer' };
const DAY_MS = 86_400_000;
const COMMAND_STEP_MS = 100;
const COMMAND_STEPS = 20;
const START_STEPS = 300;

export async function openFloor(options: FloorOptions): Promise<Floor> {
  const { date, at, login = 'alive', dataDir = null } = options;
  const clock = new VirtualClock(instantOf(date, at), 10_000_000);
  const pcClock = new PcClock(clock);
  pcClock.aheadMs = options.pcAheadMs ?? 0;
  const line = new FaultyLine();
  line.fault = options.lineFault ?? null;
  const calendar = bundledCalendar(options.overrides);
  const { exchangeOverrides } = options;
  const course = { marketMs: clock.now(), realMs: clock.now(), speed: 1, isPaused: false };
  const steeredExchange = options.isSteerable === true ? new SteerableClock(course, clock) : null;
  const steeredDesk = options.isSteerable === true ? new SteerableClock(course, clock) : null;
  const deskClock = steeredDesk ?? pcClock;
  const steering: SteeringTrouble = { hearsAfterMs: 0, answersAfterMs: 0, refuses: false };
  const exchangeCalendar = exchangeOverrides === undefined ? calendar : bundledCalendar(exchangeOverrides);
  const exchange = await startExchange({
    clock: steeredExchange ?? clock,
    calendar: exchangeCalendar,
    dataDir,
    users: [demoUser, strangerUser, observer],
    exactTicks: options.exactTicks ?? false,
    idleMinutes: options.idleMinutes ?? {},
    ...(options.optionCount === undefined ? {} : { optionCount: options.optionCount }),
  });
  for (const fault of options.faults ?? []) exchange.control.apply(fault);
  // Floors in other processes wait for callbacks too.
  exchange.redirectUrl = `http://127.0.0.1:${await freePort()}/kite/callback`;
  const endpoints = { apiRoot: exchange.apiRoot, loginRoot: exchange.loginRoot, tickerRoot: exchange.tickerRoot };
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'mdts-floor-'));
  const traffic = { underWay: 0 };
  const lists = { underWay: 0 };
  // A disk with a fault answers when time passes, not when it is waited for.
  const waitsForLists = (): number => (disk.fault === null ? lists.underWay : 0);
  const settle = settleIo(() => Math.max(0, exchange.busy() + traffic.underWay + waitsForLists() - exchange.hanging()));
  const exchangeTime = new ExchangeTime(deskClock);
  const disk = new TestDisk(clock, home);
  disk.fault = options.diskFault ?? null;
  const storage = new HomeStorage({ home, clock, start: disk.start, onNotice: () => undefined });
  const listFiles = instrumentListFiles({ disk: storage.disk, clock, home });
  const held = await secretsWith(exchange, login, clock);
  const secrets = options.secrets?.(held, clock) ?? held;
  const notices = secrets.recovery === null ? [] : [secrets.recovery.notice];
  const deskPorts = (): Parameters<typeof startDesk>[0] => ({
    app: { version: 'test', simulated: true, canSimulate: false, notices },
    clock: deskClock,
    uiClock: pcClock,
    calendar,
    // By name and encrypted, as the doctor knows Kite; what the desk asks goes to loopback all the same.
    endpoints: { ...zerodhaEndpoints, loginRoot: exchange.loginRoot },
    rest: line.rest(
      counted((options.rest ?? ((rest) => rest))(kiteRestClient({ endpoints, serverTime: exchangeTime })), traffic),
      clock,
    ),
    exchangeTime,
    connector: line.connector(countedConnector(kiteTickerConnector({ endpoints, clock: deskClock }), traffic)),
    secrets,
    settings: memorySettings({ ...defaultSettings, redirectUrl: exchange.redirectUrl, ...options.settings }),
    store: storage.history,
    storage,
    lists: countedLists(listFiles, lists),
    tokenDisk: promisedDisk(new HomeTasks(home, () => undefined, deskClock)),
    wakeUps: clockWakeUps(deskClock),
    channels: options.channels ?? [],
    hasLoginWindow: false,
    probes: line.probes(countedProbes(probesOf(exchange, pcClock, options.probes), traffic), () => pcClock.now()),
    random: () => 0.5,
    ...(options.onActivity === undefined ? {} : { onActivity: options.onActivity }),
    ...(options.onCalendarChange === undefined ? {} : { onCalendarChange: options.onCalendarChange }),
    ...(steeredDesk === null
      ? {}
      : {
          steered: {
            steering: new Steering({
              clock: steeredDesk,
              real: clock,
              exchange: steeredThroughTrouble(steeredExchange ?? steeredDesk, clock, steering),
            }),
            leadsTo: 'end',
          },
        }),
  });
  const opened = async (): Promise<Desk> => {
    const starting = startDesk(deskPorts());
    if (disk.fault !== null) await passTime(starting, clock, settle);
    return await starting;
  };
  let desk = await opened();
  await settle();
  const run = (ms: number): Promise<void> => clock.advance(ms, settle);
  const journal = (): Journal => desk.currentJournal;
  const command = async <N extends CommandName>(name: N, args: CommandArgs<N>): Promise<CommandValue<N>> => {
    const outcome = { isOpen: true };
    const running = desk.invoke(name, args).finally(() => {
      outcome.isOpen = false;
    });
    await settle();
    for (let step = 0; outcome.isOpen && step < COMMAND_STEPS; step++) await run(COMMAND_STEP_MS);
    const result = await running;
    if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
    return result.value as CommandValue<N>;
  };
  return {
    clock,
    pcClock,
    line,
    disk,
    storage,
    exchange,
    steering,
    exchangeClock: steeredExchange ?? clock,
    deskClock,
    get desk() {
      return desk;
    },
    restart: async (downMs) => {
      await desk[Symbol.asyncDispose]();
      await run(downMs);
      desk = await opened();
      await settle();
    },
    run,
    settle,
    command,
    history: async (key) => {
      const instrument = desk.state.instruments.find((each) => each.key === key && !each.retired);
      if (instrument === undefined) throw new Error(`${key} is not followed`);
      const { token, segment } = instrument;
      const accessToken = exchange.issueToken({
        userId: observer.userId,
        mintedAtMs: (steeredExchange ?? clock).now(),
      });
      const today = istDateOf((steeredExchange ?? clock).now());
      const [fromMs, toMs] = [instantOf(today, '00:00'), instantOf(today, '23:59:59')];
      const openInterest = hasOpenInterest(segmentDay(calendar.day(today), segment));
      const request = { token, interval: 'minute', fromMs, toMs, openInterest } as const;
      const rest = kiteRestClient({ endpoints });
      const candles = await rest.candles({ apiKey: demoApp.apiKey, accessToken }, request);
      return candles.map((row) => {
        const { startMs, open, high, low, close, volume } = row;
        return [startMs, open, high, low, close, volume, row.openInterest, 'settled', false];
      });
    },
    optionKeys: async (count) => {
      const rest = kiteRestClient({ endpoints });
      const listed = [...(await rest.instruments('NFO')), ...(await rest.instruments('BFO'))];
      const keys = listed.filter(({ type }) => type !== 'FUT').map(({ key }) => key);
      if (keys.length < count) throw new Error(`${keys.length} options are listed, not ${count}`);
      return keys.slice(0, count);
    },
    to: (time, on = date) => run(instantOf(on, time) - clock.now()),
    signIn: async () => {
      const { url } = await command('login.start', {});
      const done = await desk.completeLogin(await logInAs(demoUser, url));
      if (!done.ok) throw new Error(done.error.message);
      await settle();
    },
    journal,
    step: (id) => {
      const found = journal().steps.find((step) => step.id === id);
      if (found === undefined) throw new Error(`no step ${id}`);
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await desk[Symbol.asyncDispose]();
      listFiles[Symbol.dispose]();
      // No time passes any more for what a disk that hangs would be waited for.
      disk.fault = null;
      await storage[Symbol.asyncDispose]();
      disk[Symbol.dispose]();
      await exchange[Symbol.asyncDispose]();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Lets time go on while something is waited for: what a disk does not answer ends by its deadline. */
async function passTime(waited: Promise<unknown>, clock: VirtualClock, settle: () => Promise<void>): Promise<void> {
  const state = { isOver: false };
  const end = (): void => {
    state.isOver = true;
  };
  waited.then(end, end);
  for (let step = 0; !state.isOver && step < START_STEPS; step++) await clock.advance(COMMAND_STEP_MS, settle);
}

async function secretsWith(
  exchange: Exchange,
  login: 'alive' | 'dead' | 'none',
  clock: VirtualClock,
): Promise<SecretStore> {
  const secrets = memorySecretStore();
  await secrets.set('api-key', demoApp.apiKey);
  await secrets.set('api-secret', demoApp.apiSecret);
  if (login === 'none') return secrets;
  const mintedAtMs = login === 'alive' ? clock.now() - 60_000 : clock.now() - DAY_MS;
  const accessToken = exchange.issueToken({ userId: demoUser.userId, mintedAtMs });
  const session = {
    accessToken,
    userId: demoUser.userId,
    userName: null,
    loginAtMs: mintedAtMs,
    adoptedAtMs: mintedAtMs,
  };
  await secrets.set('session', JSON.stringify(session));
  return secrets;
}

/** The same call, counted while it is under way: its answer may need turns of the event loop. */
function counter(traffic: { underWay: number }) {
  return <Args extends readonly unknown[], Value>(call: (...args: Args) => Promise<Value>) => {
    return async (...args: Args): Promise<Value> => {
      traffic.underWay++;
      try {
        return await call(...args);
      } finally {
        traffic.underWay--;
      }
    };
  };
}

/** A healthy machine whose way to Zerodha's names leads to the exchange. */
function probesOf({ port, apiRoot }: Exchange, clock: Clock, faults: Partial<DoctorProbes> = {}): DoctorProbes {
  return healthyProbes(clock, {
    connect: (_target, signal) => openConnection({ host: '127.0.0.1', port, isSecure: false }, clock, signal),
    ask: (url, signal) => askWithoutLogin(url.replace(zerodhaEndpoints.apiRoot, apiRoot), clock, signal),
    ...faults,
  });
}

/** The same probes; the exchange sees the doctor's own request as one more of the desk's. */
function countedProbes(probes: DoctorProbes, traffic: { underWay: number }): DoctorProbes {
  return { ...probes, ask: counter(traffic)(probes.ask) };
}

function counted(rest: KiteRest, traffic: { underWay: number }): KiteRest {
  const count = counter(traffic);
  return {
    createSession: count(rest.createSession.bind(rest)),
    endSession: count(rest.endSession.bind(rest)),
    profile: count(rest.profile.bind(rest)),
    quotes: count(rest.quotes.bind(rest)),
    instruments: count(rest.instruments.bind(rest)),
    candles: count(rest.candles.bind(rest)),
  };
}

function countedLists(lists: InstrumentListStore, traffic: { underWay: number }): InstrumentListStore {
  const count = counter(traffic);
  return { load: count(lists.load), save: count(lists.save) };
}

/** The same sockets, counted until they are open or refused. */
function countedConnector(connector: TickerConnector, traffic: { underWay: number }): TickerConnector {
  return {
    ignored: connector.ignored,
    connect: (session, listener) => {
      let isPending = true;
      traffic.underWay++;
      const settled = (): void => {
        if (isPending) traffic.underWay--;
        isPending = false;
      };
      return connector.connect(session, {
        ...listener,
        open: () => {
          settled();
          listener.open();
        },
        end: (end) => {
          settled();
          listener.end(end);
        },
      });
    },
  };
}
