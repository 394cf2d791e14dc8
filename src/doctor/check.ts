import type { DoctorCheck, DoctorCheckId, DoctorFix } from '../contract/doctor.ts';

/** What a check comes to. */
export type Finding = Pick<DoctorCheck, 'result' | 'evidence' | 'sentence' | 'fix'>;

/** What a check may know while it is made. */
export interface CheckContext {
  /** Aborted when the check has had its time, or the examination is given up. */
  readonly signal: AbortSignal;
  /** The checks made before it. */
  readonly earlier: ReadonlyMap<DoctorCheckId, DoctorCheck>;
}

/** One thing to look at. `examine` may throw: what cannot be examined is reported as `skipped`. */
export interface Check {
  readonly id: DoctorCheckId;
  readonly title: string;
  /** Real ms after which it is given up. */
  readonly limitMs: number;
  /** What giving up proves; without it, nothing. */
  readonly lateFinding?: Finding;
  examine(context: CheckContext): Promise<Finding> | Finding;
}

export function fine(sentence: string, evidence = ''): Finding {
  return { result: 'ok', evidence, sentence, fix: null };
}

export function doubtful(sentence: string, evidence = '', fix: DoctorFix | null = null): Finding {
  return { result: 'warning', evidence, sentence, fix };
}

export function broken(sentence: string, evidence = '', fix: DoctorFix | null = null): Finding {
  return { result: 'failed', evidence, sentence, fix };
}

/** Not examined; the sentence says why. */
export function skipped(sentence: string, evidence = ''): Finding {
  return { result: 'skipped', evidence, sentence, fix: null };
}

/** The buttons the doctor offers. */
export const fixes = {
  signIn: { label: 'Sign in', action: 'sign-in' },
  settings: { label: 'Open settings', action: 'open-settings' },
  retry: { label: 'Try again now', action: 'retry-feed' },
  resume: { label: 'Resume the feed', action: 'resume-feed' },
} as const satisfies Record<string, DoctorFix>;

/** The first of `ids` that failed; null when none did. */
export function failedBefore(earlier: CheckContext['earlier'], ...ids: readonly DoctorCheckId[]): DoctorCheck | null {
  return ids.map((id) => earlier.get(id)).find((check) => check?.result === 'failed') ?? null;
}

/** The system's or our own code of a failure (`ENOTFOUND`, `ETIMEDOUT`), for evidence. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
