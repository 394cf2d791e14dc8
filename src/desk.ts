import { AuthOwner } from './auth/auth-owner.ts';
import { BrowserLogin } from './auth/browser-login.ts';
import type { SecretStore } from './auth/secret-store.ts';
import type { TokenFileOptions } from './auth/token-file.ts';
import type { Clock } from './clock.ts';
import type { ActivityEntry, AppState } from './contract/state.ts';
import { ActivityLog } from './desk/activity-log.ts';
import { alertsDue, instrumentAlerts, isWanted, ruleAlertIds } from './desk/alert-rules.ts';
import { CandleDesk } from './desk/candle-desk.ts';
import { commandHandlers } from './desk/command-handlers.ts';
import { runCommand } from './desk/commands.ts';
import { dayActions } from './desk/day-actions.ts';
import { DayJournal } from './desk/day-journal.ts';
import type { Desk } from './desk/desk-api.ts';
import { DeskDoctor } from './desk/desk-doctor.ts';
import { feedAuth } from './desk/feed-auth.ts';
import { followTokenFile } from './desk/followed-token-file.ts';
import { healthOf, tokenStatusOf } from './desk/health.ts';
import { DeskInstruments } from './desk/instruments.ts';
import { followKeychain } from './desk/keychain-recovery.ts';
import { LastCloses } from './desk/last-closes.ts';
import { listAlert } from './desk/list-alert.ts';
import { followStorage, noteClock } from './desk/machine-state.ts';
import { marketStateAt } from './desk/market-state.ts';
import { streamMarket } from './desk/market-stream.ts';
import { redactedSecrets } from './desk/redacted-secrets.ts';
import { ScreenLagMeter } from './desk/screen-lag.ts';
import { StateStore } from './desk/state-store.ts';
import { followSteering, type SteeredTime, transportOf } from './desk/steered-time.ts';
import { AttachedInterface } from './desk/ui-attachment.ts';
import type { DoctorProbes } from './doctor/probes.ts';
import { QuoteBook } from './feed/quote-book.ts';
import { FeedSupervisor } from './feed/supervisor.ts';
import type { HistoryStore } from './history/history-store.ts';
import { pruneHistory } from './history/retention.ts';
import type { InstrumentListStore } from './instruments/instrument-lists.ts';
import type { KiteEndpoints } from './kite/endpoints.ts';
import type { ExchangeTime } from './kite/exchange-time.ts';
import { Redactor } from './kite/redact.ts';
import type { KiteRest } from './kite/session.ts';
import type { TickerConnector } from './kite/ticker-events.ts';
import type { MarketCalendar } from './market/calendar.ts';
import { istDateOf } from './market/ist.ts';
import { AlertCenter, type NotificationChannel } from './notify/alert-center.ts';
import { planDay } from './schedule/day-plan.ts';
import { desired } from './schedule/desired.ts';
import { DayReconciler, type Wake } from './schedule/reconciler.ts';
import type { WakeUps } from './schedule/wake-ups.ts';
import type { SettingsStore } from './settings-store.ts';
import type { StorageHealth } from './storage/home-storage.ts';

/** Everything the desk takes from outside. Nothing below this reads a clock, a file or the network by itself. */
export interface DeskPorts {
  readonly app: Omit<AppState, 'startedAt' | 'speed' | 'secretStore'>;
  readonly clock: Clock;
  /** Real time: for the pace of what is shown, and for whatever files, the network and people take their time about. */
  readonly uiClock: Clock;
  readonly calendar: MarketCalendar;
  readonly endpoints: KiteEndpoints;
  readonly rest: KiteRest;
  /** Kite's time, fed by every answer of `rest`. */
  readonly exchangeTime: ExchangeTime;
  readonly connector: TickerConnector;
  readonly secrets: SecretStore;
  readonly settings: SettingsStore;
  readonly store: HistoryStore;
  readonly storage: StorageHealth;
  /** Where Kite's instrument lists outlive a run; absent: nowhere. */
  readonly lists?: InstrumentListStore;
  /** Reads the watched token file. */
  readonly tokenDisk: TokenFileOptions['disk'];
  /** Told when the calendar's rows have changed, until disposed. */
  readonly onCalendarChange?: (listener: () => void) => Disposable;
  readonly wakeUps: WakeUps;
  readonly channels: readonly NotificationChannel[];
  /** The shell shows the login page in a window of its own, and hands over its callback. */
  readonly hasLoginWindow: boolean;
  /** What the doctor asks of this machine and its network. */
  readonly probes: DoctorProbes;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** Gets each line of the activity log, redacted; for the terminal. */
  readonly onActivity?: (entry: ActivityEntry) => void;
  /** A simulation's time; absent where time is real. `clock` is then its clock. */
  readonly steered?: SteeredTime;
}

/** Opens the desk: restores the login, follows the day, and keeps at it until disposed. */
export async function startDesk(ports: DeskPorts): Promise<Desk> {
  const { clock, calendar, rest, settings } = ports;
  const resources = new DisposableStack();
  const redactor = new Redactor();
  const interfaces = new Set<AttachedInterface>();
  let isPaused = false;
  let isRestored = false;
  let validSinceMs: number | null = null;

  const activity = resources.use(new ActivityLog(clock, redactor));
  const { log } = activity;

  // What is known.
  const book = new QuoteBook(calendar, {
    get speed() {
      return clock.speed;
    },
    monotonic: () => clock.monotonic(),
    kiteNow: () => ports.exchangeTime.now(),
  });
  const instruments = resources.use(
    new DeskInstruments({
      ...ports,
      realClock: ports.uiClock,
      book,
      settings: () => settings.get(),
      isUnneeded: () => auth.state.state === 'unconfigured',
      log,
      changed: (extent) => onInstruments(extent),
    }),
  );
  const market = marketStateAt(calendar, instruments.segments, clock.now(), null);
  const journal = resources.use(
    new DayJournal(
      {
        clock,
        realClock: ports.uiClock,
        store: ports.store,
        log,
        version: ports.app.version,
        simulated: ports.app.simulated,
        onEarlier: (date, steps) => reconciler.restore(date, steps),
      },
      market,
    ),
  );

  // Who does what.
  const secrets = redactedSecrets(ports.secrets, redactor);
  const auth = resources.use(
    new AuthOwner({
      clock,
      rest,
      secrets,
      endpoints: ports.endpoints,
      redirectUrl: () => settings.get().redirectUrl,
      random: ports.random,
      log,
    }),
  );
  const login = resources.use(
    new BrowserLogin({
      // A person is logging in: it takes as long at every speed of the market.
      clock: ports.uiClock,
      auth,
      redirectUrl: () => settings.get().redirectUrl,
      usesLoopback: () => !ports.hasLoginWindow || settings.get().loginIn === 'browser',
      log,
    }),
  );
  const feed = resources.use(
    new FeedSupervisor({
      clock,
      connector: ports.connector,
      rest,
      calendar,
      book,
      random: ports.random,
      auth: feedAuth(auth),
      log,
    }),
  );
  const lastCloses = new LastCloses({
    clock,
    book,
    quoteRequests: feed.quoteRequests,
    session: () => auth.session,
    instruments: () => instruments.states,
    reportRejected: () => void auth.reportRejected('rest'),
    changed: () => {
      for (const attached of interfaces) attached.pricesChanged();
    },
  });
  const candleDesk = resources.use(
    new CandleDesk({
      clock,
      realClock: ports.uiClock,
      calendar,
      rest,
      store: ports.store,
      book,
      quoteRequests: feed.quoteRequests,
      session: () => auth.session,
      reportRejected: () => void auth.reportRejected('rest'),
      kiteTime: () => ports.exchangeTime.atLeast(),
      instruments: () => instruments.states,
      shown: () => new Set([...interfaces].flatMap((attached) => attached.charted)),
      listed: (key) => instruments.listed(key),
      gapsOf: (key, date) => journal.gapsOf(key, date),
      log,
    }),
  );
  const state = new StateStore(clock, {
    app: { ...ports.app, startedAt: clock.now(), speed: clock.speed, secretStore: ports.secrets.kind },
    market,
    auth: auth.state,
    feed: feed.state,
    instruments: [],
    schedule: { date: market.date, steps: [] },
    alerts: [],
    activity: activity.entries,
    settings: settings.get(),
    machine: { clock: null, storage: null },
    ...(ports.steered === undefined ? {} : { transport: transportOf(ports.steered) }),
  });
  const alerts = new AlertCenter(
    clock,
    ports.channels,
    {
      changed: (list) => state.patch({ alerts: list }),
      raised: (alert) => {
        journal.alertRaised(alert.id, alert.title);
        // Notices are in the log already.
        if (alert.id === 'notices') return;
        log(alert.severity === 'info' ? 'info' : 'warning', 'alert', alert.title);
      },
      withdrawn: (id) => journal.alertWithdrawn(id),
    },
    (alert) => isWanted(alert, settings.get()),
  );
  const perform = dayActions({
    clock,
    auth,
    alerts,
    instruments,
    feed: () => feed.state,
    certify: () => journal.certify(),
  });
  const reconciler = resources.use(
    new DayReconciler({
      clock,
      wakeUps: ports.wakeUps,
      actions: { onWake: (wake) => onWake(wake), perform },
      log,
      plan: (date) => planDay(calendar, date, instruments.segments),
      onChange: (schedule) => {
        journal.scheduleChanged(schedule);
        if (schedule.date === istDateOf(clock.now())) state.patch({ schedule });
      },
    }),
  );
  const redact = (text: string): string => redactor.redact(text);
  const doctor = resources.use(
    new DeskDoctor({ ...ports, realClock: ports.uiClock, secrets, auth, instruments, state, log, redact }),
  );
  const handlers = commandHandlers({
    auth,
    login,
    alerts,
    instruments,
    charts: candleDesk.charts,
    journal,
    settings,
    doctor,
    screenLag: new ScreenLagMeter(clock),
    pauseFeed: (paused) => {
      isPaused = paused;
      log('info', 'feed', paused ? 'The feed was paused.' : 'The feed goes on.');
      reconciler.wake('pause or resume');
    },
    retryFeed: () => {
      void auth.verify('asked by the trader');
      feed.retryNow('asked by the trader');
      instruments.retryNow();
    },
    steering: ports.steered?.steering ?? null,
    bringsKey: ports.app.bringsKey === true,
  });

  // Who hears of what.
  if (ports.steered !== undefined) {
    resources.use(
      followSteering(ports.steered, {
        log,
        app: () => state.state.app,
        patch: (patch) => state.patch(patch),
        paceChanged: () => {
          reconciler.speedChanged();
          feed.speedChanged();
          candleDesk.paceChanged();
        },
        movedAhead: (toMs) => {
          feed.movedAhead();
          reconciler.movedAhead(toMs);
        },
      }),
    );
  }
  resources.use(
    activity.onEntry((entry) => {
      state.patch({ activity: activity.entries });
      journal.activity(entry);
      ports.onActivity?.(entry);
    }),
  );
  const firstTicks = resources.use(book.trackStatus());
  let plannedSegments = instruments.segments;
  resources.use(
    book.onTicks((touched, origin) => {
      candleDesk.apply(touched, origin);
      noteInstrumentStatus();
    }),
  );
  resources.use(
    auth.onSession((session) => {
      if (session !== null) redactor.register(session.accessToken);
    }),
  );
  resources.use(
    auth.onChange((next) => {
      state.patch({ auth: next });
      if (next.state === 'valid') feed.tokenVerified();
      if (next.state === 'valid' && validSinceMs === null) instruments.retryNow();
      validSinceMs = next.state === 'valid' ? (validSinceMs ?? clock.now()) : null;
      reconciler.wake('login');
    }),
  );
  resources.use(
    feed.onChange((next) => {
      journal.feedChanged(next);
      // Before the feed's own word, and in the same turn: what it has stopped bringing is stale from now on.
      noteInstrumentStatus();
      candleDesk.feedChanged(state.state.feed, next);
      state.patch({ feed: next });
      doctor.feedChanged(next);
      syncAlerts();
      for (const attached of interfaces) attached.pricesChanged();
      if (next.state !== 'off') reconciler.wake('feed');
    }),
  );
  resources.use(followStorage(ports.storage, state, clock));
  resources.use(
    ports.storage.onMadeAnew(() => {
      log('warning', 'app', 'The app’s folder had gone and was made again: what is known of today is written into it.');
      candleDesk.keepAgain();
    }),
  );
  const tokenFile = resources.use(
    followTokenFile({
      disk: ports.tokenDisk,
      clock,
      realClock: ports.uiClock,
      log,
      onToken: (accessToken, writtenAtMs) => void auth.setToken(accessToken, 'file', writtenAtMs),
    }),
  );
  resources.use(
    settings.onChange((next) => {
      state.patch({ settings: next });
      tokenFile.follow(next.tokenFile);
      syncAlerts();
    }),
  );

  function onWake({ nowMs, plan, jumpMs, dayChanged }: Wake): void {
    auth.reevaluate();
    const before = state.state.market;
    const now = marketStateAt(calendar, instruments.segments, nowMs, before);
    if (now !== before) {
      book.refreshKinds(nowMs);
      journal.marketChanged(now);
      state.patch({ market: now });
    }
    const login = { state: auth.state.state, usable: auth.session !== null };
    const wanted = desired({ nowMs, plan, auth: login, paused: isPaused });
    auth.keepValidated(wanted.validate);
    feed.setDesired({
      on: wanted.feed === 'on',
      reason: wanted.feedReason,
      paused: isPaused,
      loginCause: login.state === 'expired' ? 'token-expired' : null,
    });
    if (jumpMs !== 0) {
      ports.exchangeTime.reset();
      feed.wake();
      void auth.verify('woke');
    }
    if (dayChanged) void pruneHistory(ports.store, nowMs);
    noteClock(ports.exchangeTime, state);
    noteInstrumentStatus();
    candleDesk.look(jumpMs);
    lastCloses.look(state.state);
    syncAlerts();
    for (const attached of interfaces) attached.pricesChanged();
  }

  /** The trader's own rows have changed: the day is planned anew, and every price judged anew. */
  function calendarChanged(): void {
    const nowMs = clock.now();
    book.refreshKinds(nowMs);
    const now = marketStateAt(calendar, instruments.segments, nowMs, null);
    journal.marketChanged(now);
    state.patch({ market: now });
    reconciler.replan();
  }

  function syncAlerts(): void {
    // Before the login is restored nobody can say what is wrong with it.
    if (!isRestored) return;
    const nowMs = clock.now();
    const trouble = instruments.listTrouble;
    const due = [
      ...alertsDue(state.state, nowMs, (id) => alerts.standing(id)),
      ...(trouble === null
        ? instrumentAlerts(instruments.problems)
        : [listAlert(trouble, state.state, nowMs, validSinceMs)]),
    ];
    for (const { alert, notifyAt } of due) {
      alerts.raise(alert, notifyAt !== null && notifyAt <= nowMs ? 'everywhere' : 'window');
    }
    for (const id of ruleAlertIds) if (!due.some(({ alert }) => alert.id === id)) alerts.withdraw(id);
  }

  function syncShown(): void {
    feed.setShown(new Set([...interfaces].flatMap((attached) => attached.interest)));
  }

  function onInstruments(extent: 'part' | 'whole'): void {
    state.patch({ instruments: instruments.states });
    if (extent === 'whole') {
      feed.setSubscription(instruments.active, instruments.unlisted);
      syncAlerts();
    }
    if (isSameSet(plannedSegments, instruments.segments)) return;
    plannedSegments = instruments.segments;
    reconciler.replan();
  }

  function noteInstrumentStatus(): void {
    if (firstTicks.dirty.isEmpty) return;
    const slots: number[] = [];
    firstTicks.dirty.drain((slot) => slots.push(slot));
    const changed = instruments.refreshStatus(slots);
    if (changed.length === 0) return;
    state.patch({ instruments: instruments.states });
    journal.instrumentsChanged(changed.flatMap((slot) => instruments.states[slot] ?? []));
  }

  await Promise.all([auth.restore(), journal.ready]);
  isRestored = true;
  resources.use(followKeychain(secrets, auth, state, log));
  tokenFile.follow(settings.get().tokenFile);
  void pruneHistory(ports.store, clock.now());
  for (const notice of ports.app.notices) log('warning', 'app', notice);
  reconciler.start();
  void instruments.resolve();
  resources.use(ports.onCalendarChange?.(calendarChanged));

  // The feed's own state: interfaces are told its counters once a second, and an age must not be that much too high.
  const health = (): ReturnType<Desk['health']> =>
    healthOf({ ...state.state, feed: feed.state }, clock.now(), (slot) => book.row(slot, false));
  return {
    get state() {
      return state.state;
    },
    health,
    tokenStatus: () => tokenStatusOf(auth.state),
    journal: (date) => journal.journalFor(date),
    get currentJournal() {
      return journal.current;
    },
    get today() {
      return istDateOf(clock.now());
    },
    candles: (query) => candleDesk.api.answer(query),
    invoke: (name, args) => runCommand(handlers, name, args, (text) => log('error', 'app', text)),
    takeToken: (accessToken, door) => auth.setToken(accessToken, door),
    log,
    completeLogin: (url) => login.complete(url),
    abandonLogin: (failure) => login.cancel(failure),
    attach: (client) => {
      const attached = new AttachedInterface(
        { clock, uiClock: ports.uiClock, state, book, candles: candleDesk.candles },
        client,
      );
      interfaces.add(attached);
      attached.onInterest(syncShown);
      attached.onDispose(() => {
        interfaces.delete(attached);
        syncShown();
      });
      return attached;
    },
    watchMarket: (listener) => streamMarket({ book, state, health, candles: candleDesk.candles }, listener),
    wake: (reason) => {
      log('info', 'app', `Looking at everything again: ${reason}.`);
      void auth.verify(reason);
      feed.wake();
      instruments.retryNow();
      reconciler.wake(reason);
    },
    [Symbol.asyncDispose]: async () => {
      for (const attached of [...interfaces]) attached[Symbol.dispose]();
      resources.dispose();
      await journal.written();
    },
  };
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry) => b.includes(entry));
}
