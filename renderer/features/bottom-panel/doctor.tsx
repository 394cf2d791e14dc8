import type { ReactElement } from 'react';
import { Icon, type IconName } from '../../components/icons.tsx';
import { useDesk, useLink } from '../../state/desk-store.ts';
import { useNow, useSession } from '../../state/session-context.ts';
import { Examination } from './examination.tsx';
import { type Finding, findings } from './findings.ts';

const signs: Readonly<Record<Finding['verdict'], { readonly icon: IconName; readonly word: string }>> = {
  good: { icon: 'check', word: 'good' },
  look: { icon: 'alert', word: 'check' },
  bad: { icon: 'close', word: 'broken' },
  unknown: { icon: 'help', word: 'unknown' },
};

/** Why something does not work: the desk's condition point by point. */
export function Doctor(): ReactElement {
  const { unreadableBatches } = useSession();
  const state = useDesk((desk) => desk);
  const list = findings(state, useLink(), unreadableBatches(), useNow());
  return (
    <>
      <Examination />
      <h3 className="doctor__today">Today</h3>
      <ul className="doctor" aria-label="What the app has seen today">
        {list.map((finding) => (
          <li key={`${finding.subject} ${finding.text}`} className="doctor__finding" data-verdict={finding.verdict}>
            <Icon name={signs[finding.verdict].icon} />
            <b>{finding.subject}</b>
            <span className="doctor__word">{signs[finding.verdict].word}</span>
            <span>{finding.text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
