import type { AlertAction } from './state.ts';

/**
 * What the doctor looks at, in the order it does: from the network's nearest end to Kite's, then what is on this PC.
 * `answer`: what Kite's REST service says to a request without a login. `socket`: whether the ticker opens.
 */
export const doctorCheckIds = [
  'dns',
  'tcp',
  'tls',
  'proxy',
  'answer',
  'clock',
  'token',
  'socket',
  'plan',
  'instruments',
  'disk',
  'keychain',
  'event-loop',
  'calendar',
] as const;
export type DoctorCheckId = (typeof doctorCheckIds)[number];

/** `skipped`: not examined, and the sentence says why; never a way to say "fine". */
export type DoctorResult = 'ok' | 'warning' | 'failed' | 'skipped';

/** The one button that helps. */
export interface DoctorFix {
  readonly label: string;
  readonly action: AlertAction;
}

export interface DoctorCheck {
  readonly id: DoctorCheckId;
  readonly title: string;
  readonly result: DoctorResult;
  /** What was measured or answered; free of secrets. Empty when there is nothing to show. */
  readonly evidence: string;
  /** For a person. */
  readonly sentence: string;
  readonly fix: DoctorFix | null;
  /** Real ms. */
  readonly durationMs: number;
}

/** The one cause that best explains what is wrong. */
export interface DoctorVerdict {
  readonly result: 'ok' | 'warning' | 'failed';
  /** The check it comes from; null when none does: all is well, or the fault is not on this side. */
  readonly check: DoctorCheckId | null;
  readonly sentence: string;
  readonly fix: DoctorFix | null;
}

/** Who called: the trader, or the feed after several failed attempts. */
export type DoctorReason = 'asked' | 'feed-failing';

/** A finished examination. Instants in ms since the epoch, in the desk's time. */
export interface DoctorReport {
  readonly reason: DoctorReason;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly verdict: DoctorVerdict;
  /** In the order of `doctorCheckIds`. */
  readonly checks: readonly DoctorCheck[];
}

/** An examination that is going on. */
export interface DoctorProgress {
  readonly reason: DoctorReason;
  readonly startedAt: number;
  /** Finished checks; the next one of `doctorCheckIds` is being made. */
  readonly checks: readonly DoctorCheck[];
}

export interface DoctorState {
  readonly running: DoctorProgress | null;
  /** The last finished report; null before the first. */
  readonly report: DoctorReport | null;
}
