import type { AuthOwner } from '../auth/auth-owner.ts';
import type { BrowserLogin } from '../auth/browser-login.ts';
import { failed, ok } from '../contract/result.ts';
import type { AlertCenter } from '../notify/alert-center.ts';
import type { SettingsStore } from '../settings-store.ts';
import type { Steering } from '../simulation/steering.ts';
import type { ChartHistory } from './chart-history.ts';
import type { CommandHandlers } from './commands.ts';
import type { DayJournal } from './day-journal.ts';
import type { DeskDoctor } from './desk-doctor.ts';
import type { DeskInstruments } from './instruments.ts';
import type { ScreenLagMeter } from './screen-lag.ts';

export interface CommandPorts {
  readonly auth: AuthOwner;
  readonly login: BrowserLogin;
  readonly alerts: AlertCenter;
  readonly instruments: DeskInstruments;
  readonly charts: ChartHistory;
  readonly journal: DayJournal;
  readonly settings: SettingsStore;
  readonly doctor: DeskDoctor;
  readonly screenLag: ScreenLagMeter;
  readonly pauseFeed: (paused: boolean) => void;
  readonly retryFeed: () => void;
  /** Null where time is real. */
  readonly steering: Steering | null;
  /** A simulation has an API key of its own. */
  readonly bringsKey: boolean;
}

/** What each command does. The simulation's two are answered by the desk's host, before they get here. */
export function commandHandlers(ports: CommandPorts): CommandHandlers {
  const { auth, login, alerts, instruments, charts, journal, settings } = ports;
  const noSimulation = () => failed('no-simulation', 'The simulated exchange is not part of this build.');
  return {
    'credentials.save': async ({ apiKey, apiSecret }) => {
      await auth.saveCredentials({ apiKey, apiSecret });
      return ok(null);
    },
    'credentials.forget': async () => {
      if (ports.bringsKey) return failed('simulated', 'Nothing of yours is kept in a simulation: leave it instead.');
      login.cancel();
      await auth.forgetCredentials();
      return ok(null);
    },
    'login.start': () => login.start(),
    'login.cancel': () => {
      login.cancel();
      return ok(null);
    },
    'token.set': ({ accessToken }) => auth.setToken(accessToken, 'paste'),
    signOut: async () => {
      await auth.signOut();
      return ok(null);
    },
    'token.verify': async () => {
      await auth.verify('asked by the trader');
      return ok(null);
    },
    'feed.pause': () => {
      ports.pauseFeed(true);
      return ok(null);
    },
    'feed.resume': () => {
      ports.pauseFeed(false);
      return ok(null);
    },
    'feed.retry': () => {
      ports.retryFeed();
      return ok(null);
    },
    'alert.dismiss': ({ id }) => {
      alerts.dismiss(id);
      return ok(null);
    },
    'settings.update': async (patch) => {
      settings.update(patch);
      if (patch.watchlist !== undefined || patch.underlyings !== undefined) await instruments.applySettings();
      return ok(null);
    },
    'candles.get': ({ key, date }) => charts.candlesOf(key, date),
    'instruments.search': async ({ text, limit }) => ok(await instruments.search(text, limit)),
    'journal.get': async ({ date }) => {
      const record = await journal.journalFor(date);
      return record === null ? failed('no-journal', `No record was kept for ${date ?? 'today'}.`) : ok(record);
    },
    'doctor.run': () => ports.doctor.run(),
    'doctor.cancel': () => {
      ports.doctor.cancel();
      return ok(null);
    },
    'doctor.report': () => ports.doctor.reportText(),
    'ticks.painted': (painted) => {
      const figures = ports.screenLag.painted(painted);
      journal.ticksPainted(figures);
      return ok(figures);
    },
    'simulation.start': noSimulation,
    'simulation.stop': () => failed('not-simulated', 'There is no simulation to leave.'),
    'simulation.steer': (order) =>
      ports.steering?.steer(order) ?? failed('not-simulated', 'Only the time of a simulation can be steered.'),
  };
}
