import type { Clock } from '../clock.ts';
import type { DoctorCheck, DoctorReason, DoctorReport, DoctorState } from '../contract/doctor.ts';
import type { FeedState } from '../contract/state.ts';
import type { Check } from './check.ts';
import { runChecks } from './run-checks.ts';
import { verdictOf } from './verdict.ts';

export interface DoctorPorts {
  /** The desk's time, for instants. */
  readonly clock: Clock;
  /** Real time, for limits and durations. */
  readonly realClock: Clock;
  /** Fresh checks for each examination: they share answers within one. */
  readonly checks: () => readonly Check[];
  readonly feed: () => FeedState;
  readonly redact: (text: string) => string;
  readonly changed: (state: DoctorState) => void;
}

/** This many attempts in a row have failed: time to say why. */
const FAILED_ATTEMPTS = 5;

/** Finds out why there are no prices: when asked, and once in each long failure of the feed. */
export class Doctor implements Disposable {
  private readonly ports: DoctorPorts;
  private current: DoctorState = { running: null, report: null };
  private examination: { readonly report: Promise<DoctorReport>; readonly abort: AbortController } | null = null;
  private hasLooked = false;

  constructor(ports: DoctorPorts) {
    this.ports = ports;
  }

  get state(): DoctorState {
    return this.current;
  }

  /** Examines everything; callers during an examination share it. Rejects with `DoctorCancelledError`. */
  run(reason: DoctorReason): Promise<DoctorReport> {
    if (this.examination !== null) return this.examination.report;
    const abort = new AbortController();
    const report = this.examine(reason, abort.signal).finally(() => {
      this.examination = null;
      this.set({ ...this.current, running: null });
    });
    this.examination = { report, abort };
    return report;
  }

  /** Gives an examination up; the report before it stays. */
  cancel(): void {
    this.examination?.abort.abort();
  }

  /** Calls the doctor when the feed has failed often enough; returns the examination it has begun, otherwise null. */
  feedChanged({ attempt }: FeedState): Promise<DoctorReport> | null {
    if (attempt === 0) this.hasLooked = false;
    if (attempt < FAILED_ATTEMPTS || this.hasLooked) return null;
    this.hasLooked = true;
    return this.run('feed-failing');
  }

  [Symbol.dispose](): void {
    this.cancel();
  }

  private async examine(reason: DoctorReason, signal: AbortSignal): Promise<DoctorReport> {
    const { clock, realClock, redact, feed } = this.ports;
    const startedAt = clock.now();
    const done: DoctorCheck[] = [];
    this.set({ ...this.current, running: { reason, startedAt, checks: [] } });
    const checks = await runChecks(this.ports.checks(), {
      clock: realClock,
      signal,
      redact,
      onCheck: (check) => {
        done.push(check);
        this.set({ ...this.current, running: { reason, startedAt, checks: [...done] } });
      },
    });
    const report = { reason, startedAt, finishedAt: clock.now(), verdict: verdictOf(checks, feed()), checks };
    this.set({ ...this.current, report });
    return report;
  }

  private set(state: DoctorState): void {
    this.current = state;
    this.ports.changed(state);
  }
}
