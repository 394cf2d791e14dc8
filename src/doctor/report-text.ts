import type { DoctorReport, DoctorResult } from '../contract/doctor.ts';
import { formatIst } from '../market/ist.ts';

/** What the report says of the app around it. */
export interface ReportSubject {
  readonly version: string;
  readonly simulated: boolean;
  /** Operating system, architecture and Node's version. */
  readonly platform: string;
}

const marks: Readonly<Record<DoctorResult, string>> = {
  ok: 'ok     ',
  warning: 'WARNING',
  failed: 'FAILED ',
  skipped: 'skipped',
};

/**
 * A report as text to copy or save. Its sentences and evidence had their secrets taken out when they were made; `redact`
 * does it once more for secrets that have come to be known since.
 */
export function formatDoctorReport(
  { verdict, checks, reason, startedAt, finishedAt }: DoctorReport,
  { version, simulated, platform }: ReportSubject,
  redact: (text: string) => string,
): string {
  const asked = reason === 'asked' ? 'asked for' : 'after failed connections';
  const lines = [
    `MyDailyTradingSignals ${version}${simulated ? ' SIMULATED' : ''}: examination`,
    `${formatIst(startedAt)}, ${asked}, ${((finishedAt - startedAt) / 1000).toFixed(1)} s`,
    platform,
    '',
    `Verdict: ${verdict.sentence}`,
    ...(verdict.fix === null ? [] : [`What helps: ${verdict.fix.label}`]),
    '',
    ...checks.flatMap(({ title, result, sentence, evidence, durationMs }) => [
      `${marks[result]}  ${title} (${durationMs} ms)`,
      `         ${sentence}`,
      ...(evidence === '' ? [] : [`         ${evidence}`]),
    ]),
  ];
  return redact(`${lines.join('\n')}\n`);
}
