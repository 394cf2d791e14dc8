import type { ReactElement } from 'react';
import type { Settings } from '../../../src/contract/settings.ts';
import { SwitchRow } from '../../components/switch-row.tsx';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';

const choices = [
  {
    name: 'tokenDead',
    label: 'A login is needed',
    hint: 'The login has expired or is refused; from 08:50 on, again until it is fixed.',
  },
  {
    name: 'feedLost',
    label: 'The feed is lost',
    hint: 'No live prices while the market trades, and it did not come back by itself.',
  },
  {
    name: 'fallback',
    label: 'Prices come once a second',
    hint: 'The live connection is down and the backup (REST) stands in; and again when it is back.',
  },
  { name: 'marketOpen', label: 'The market opens', hint: 'Continuous trading has begun.' },
] as const satisfies readonly { name: keyof Settings['notify']; label: string; hint: string }[];

export function NotificationSettings(): ReactElement {
  const notify = useDesk((state) => state.settings.notify);
  const run = useCommand();
  return (
    <fieldset className="field">
      <legend className="field__label">Tell me outside this window when</legend>
      {choices.map(({ name, label, hint }) => (
        <SwitchRow
          key={name}
          label={label}
          hint={hint}
          on={notify[name]}
          onChange={(on) => void run('settings.update', { notify: { ...notify, [name]: on } })}
        />
      ))}
    </fieldset>
  );
}
