import { type ReactElement, useState } from 'react';
import { type DoctorCheck, type DoctorResult, type DoctorState, doctorCheckIds } from '../../../src/contract/doctor.ts';
import type { AlertAction } from '../../../src/contract/state.ts';
import { Button } from '../../components/button.tsx';
import { Icon, type IconName } from '../../components/icons.tsx';
import { istTime } from '../../format/ist.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';
import { openSettings } from '../../state/ui-store.ts';
import { useSignIn } from '../sign-in/use-sign-in.ts';

const signs: Readonly<Record<DoctorResult, { readonly icon: IconName; readonly word: string }>> = {
  ok: { icon: 'check', word: 'good' },
  warning: { icon: 'alert', word: 'check' },
  failed: { icon: 'close', word: 'broken' },
  skipped: { icon: 'dash', word: 'skipped' },
};

/** The doctor's examination: run it, watch it, read its verdict, take its report along. */
export function Examination(): ReactElement {
  const doctor = useDesk((state) => state.doctor);
  const checks = doctor?.running?.checks ?? doctor?.report?.checks ?? [];
  return (
    <section aria-label="Examination">
      <Head doctor={doctor} />
      <ul className="doctor">
        {checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </ul>
    </section>
  );
}

function Head({ doctor }: { readonly doctor: DoctorState | undefined }): ReactElement {
  const run = useCommand();
  if (doctor?.running != null) {
    const { checks } = doctor.running;
    return (
      <div className="doctor__head" role="status">
        <progress max={doctorCheckIds.length} value={checks.length} aria-label="Examination" />
        <span>
          {checks.length} of {doctorCheckIds.length} checks
        </span>
        <Button size="small" onClick={() => void run('doctor.cancel', {})}>
          Cancel
        </Button>
      </div>
    );
  }
  const report = doctor?.report ?? null;
  return (
    <div className="doctor__head">
      {report === null ? (
        <span>Looks at the network, Kite, the login and this PC, and says what is wrong and what helps.</span>
      ) : (
        <strong data-verdict={report.verdict.result}>{verdictText(report.verdict)}</strong>
      )}
      {report === null ? null : <span className="doctor__word">{istTime(report.finishedAt)}</span>}
      {report?.verdict.fix == null ? null : <Fix label={report.verdict.fix.label} action={report.verdict.fix.action} />}
      <Button size="small" onClick={() => void run('doctor.run', {})}>
        {report === null ? 'Examine' : 'Examine again'}
      </Button>
      {report === null ? null : <ReportButtons />}
    </div>
  );
}

/** The examination looks at this moment; what the day had is told below it, and may be another matter. */
function verdictText({ result, sentence }: { readonly result: DoctorResult; readonly sentence: string }): string {
  return result === 'ok' ? 'Network, Kite, login and this PC are in order now.' : sentence;
}

function CheckLine({ check }: { readonly check: DoctorCheck }): ReactElement {
  const sign = signs[check.result];
  return (
    <li className="doctor__finding" data-verdict={check.result}>
      <Icon name={sign.icon} />
      <b>{check.title}</b>
      <span className="doctor__word">{sign.word}</span>
      <span>
        {check.sentence} <span className="doctor__evidence">{check.evidence}</span>
      </span>
    </li>
  );
}

function Fix({ label, action }: { readonly label: string; readonly action: AlertAction }): ReactElement | null {
  const run = useCommand();
  const signIn = useSignIn();
  // Its own button would only lead back here.
  if (action === 'open-doctor') return null;
  const acts: Readonly<Record<Exclude<AlertAction, 'open-doctor'>, () => void>> = {
    'sign-in': () => void signIn(),
    'open-settings': () => openSettings('account'),
    'retry-feed': () => void run('feed.retry', {}),
    'resume-feed': () => void run('feed.resume', {}),
  };
  return (
    <Button size="small" look="primary" onClick={acts[action]}>
      {label}
    </Button>
  );
}

/** The report as text without secrets, to be sent to who can help. */
function ReportButtons(): ReactElement {
  const run = useCommand();
  const [copied, setCopied] = useState(false);
  const withText = async (use: (text: string) => void | Promise<void>): Promise<void> => {
    const report = await run('doctor.report', {});
    if (report.ok) await use(report.value.text);
  };
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <>
      <Button size="small" onClick={() => void withText(copy)}>
        {copied ? 'Copied' : 'Copy report'}
      </Button>
      <Button size="small" onClick={() => void withText(saveAsFile)}>
        Save report
      </Button>
    </>
  );
}

function saveAsFile(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'doctor-report.txt';
  link.click();
  URL.revokeObjectURL(address);
}
