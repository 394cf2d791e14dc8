import type { AuthOwner } from '../auth/auth-owner.ts';
import type { SecretStore } from '../auth/secret-store.ts';
import type { Clock } from '../clock.ts';
import type { DoctorReport } from '../contract/doctor.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { FeedState, MarketState } from '../contract/state.ts';
import { deskChecks } from '../doctor/desk-checks.ts';
import { Doctor } from '../doctor/doctor.ts';
import type { DoctorProbes } from '../doctor/probes.ts';
import { formatDoctorReport } from '../doctor/report-text.ts';
import { DoctorCancelledError } from '../doctor/run-checks.ts';
import type { KiteEndpoints } from '../kite/endpoints.ts';
import type { ExchangeTime } from '../kite/exchange-time.ts';
import type { TickerConnector } from '../kite/ticker-events.ts';
import type { Log } from '../log.ts';
import type { DeskInstruments } from './instruments.ts';
import type { StateStore } from './state-store.ts';

export interface DeskDoctorPorts {
  readonly clock: Clock;
  /** Real time. */
  readonly realClock: Clock;
  readonly probes: DoctorProbes;
  readonly app: { readonly version: string; readonly simulated: boolean };
  readonly endpoints: KiteEndpoints;
  readonly connector: TickerConnector;
  readonly secrets: SecretStore;
  readonly auth: AuthOwner;
  readonly instruments: DeskInstruments;
  readonly exchangeTime: ExchangeTime;
  readonly state: StateStore;
  readonly redact: (text: string) => string;
  readonly log: Log;
}

/** The desk as the doctor's patient, and the doctor's words for the rest of the desk. */
export class DeskDoctor implements Disposable {
  private readonly ports: DeskDoctorPorts;
  private readonly doctor: Doctor;

  constructor(ports: DeskDoctorPorts) {
    this.ports = ports;
    const { clock, realClock, state, redact } = ports;
    const feed = (): FeedState => state.state.feed;
    this.doctor = new Doctor({
      clock,
      realClock,
      redact,
      feed,
      checks: () => deskChecks(patient(ports, feed, () => state.state.market)),
      changed: (doctor) => state.patch({ doctor }),
    });
  }

  /** Answers with the report of an examination. */
  async run(): Promise<Result<DoctorReport>> {
    try {
      return ok(await this.doctor.run('asked'));
    } catch (error) {
      if (error instanceof DoctorCancelledError) return failed(error.code, error.message);
      throw error;
    }
  }

  cancel(): void {
    this.doctor.cancel();
  }

  /** The last report as text without secrets. */
  reportText(): Result<{ readonly text: string }> {
    const { report } = this.doctor.state;
    if (report === null) return failed('no-report', 'Nothing has been examined yet.');
    const { app, probes, redact } = this.ports;
    return ok({ text: formatDoctorReport(report, { ...app, platform: probes.platform }, redact) });
  }

  /** Calls the doctor by itself when the feed has failed often enough. */
  feedChanged(feed: FeedState): void {
    const { log } = this.ports;
    this.doctor.feedChanged(feed)?.then(
      ({ verdict }) => log(verdict.result === 'ok' ? 'info' : 'warning', 'app', `Doctor: ${verdict.sentence}`),
      (error: unknown) => {
        if (!(error instanceof DoctorCancelledError)) log('error', 'app', 'The doctor failed for a reason of our own.');
      },
    );
  }

  [Symbol.dispose](): void {
    this.doctor[Symbol.dispose]();
  }
}

function patient(
  {
    clock,
    realClock,
    probes,
    app,
    endpoints,
    connector,
    secrets,
    auth,
    instruments,
    exchangeTime,
    state,
  }: DeskDoctorPorts,
  feed: () => FeedState,
  market: () => MarketState,
): Parameters<typeof deskChecks>[0] {
  return {
    clock,
    realClock,
    endpoints,
    isSimulated: app.simulated,
    probes,
    connector,
    login: { session: () => auth.session, state: () => auth.state, verify: () => auth.verify('doctor') },
    feed,
    storageTrouble: () => state.state.machine.storage,
    dateOffset: () => exchangeTime.offset(),
    market,
    instruments: {
      facts: () => ({
        takenAtMs: instruments.resolvedTodayAt,
        followed: instruments.active.length,
        problems: instruments.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message),
        failure: null,
      }),
      take: async () => {
        const resolution = await instruments.resolve();
        return resolution.ok ? null : resolution.message;
      },
    },
    keychain: { kind: secrets.kind, read: () => secrets.get('api-key') },
  };
}
