import type { Clock } from '../clock.ts';
import type { DoctorCheck, DoctorCheckId } from '../contract/doctor.ts';
import { type Check, type CheckContext, codeOf, type Finding, skipped } from './check.ts';

export interface RunOptions {
  /** Real time: limits and durations are the PC's, not the market's. */
  readonly clock: Clock;
  /** Aborting gives the rest up. */
  readonly signal: AbortSignal;
  /** Takes secrets out of what is going to be shown. */
  readonly redact: (text: string) => string;
  readonly onCheck: (check: DoctorCheck) => void;
}

/** The trader has had enough. */
export class DoctorCancelledError extends Error {
  readonly code = 'cancelled';
}

/**
 * Makes the checks one after the other, each within its limit. A check that hangs or throws is a finding and the next one
 * is made. Rejects with `DoctorCancelledError` as soon as the signal is aborted.
 */
export async function runChecks(checks: readonly Check[], options: RunOptions): Promise<readonly DoctorCheck[]> {
  const { clock, redact, onCheck } = options;
  const earlier = new Map<DoctorCheckId, DoctorCheck>();
  for (const check of checks) {
    const startedMs = clock.monotonic();
    const finding = await examine(check, earlier, options);
    const done: DoctorCheck = {
      id: check.id,
      title: check.title,
      ...finding,
      evidence: redact(finding.evidence),
      sentence: redact(finding.sentence),
      durationMs: Math.round(clock.monotonic() - startedMs),
    };
    earlier.set(check.id, done);
    onCheck(done);
  }
  return [...earlier.values()];
}

async function examine(check: Check, earlier: CheckContext['earlier'], options: RunOptions): Promise<Finding> {
  const { clock, signal } = options;
  const late = new AbortController();
  const cut = Promise.withResolvers<Finding>();
  const cancel = (): void => cut.reject(new DoctorCancelledError('The examination was given up.'));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  using _limit = clock.setTimeout(() => {
    cut.resolve(check.lateFinding ?? skipped('This could not be examined in time.'));
    late.abort();
  }, check.limitMs);
  try {
    const context = { signal: AbortSignal.any([signal, late.signal]), earlier };
    return await Promise.race([cut.promise, settled(check, context)]);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** What a check finds; what it throws is not the patient's fault. */
async function settled(check: Check, context: CheckContext): Promise<Finding> {
  try {
    return await check.examine(context);
  } catch (error) {
    return skipped('This could not be examined.', codeOf(error));
  }
}
