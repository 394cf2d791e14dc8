import { Switch } from '@base-ui/react/switch';
import type { ReactElement } from 'react';
import type { Settings } from '../../../src/contract/settings.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';

const choices = [
  { name: 'tokenDead', label: 'The token is dead and a login is needed' },
  { name: 'feedLost', label: 'The feed is lost while the market trades' },
  { name: 'fallback', label: 'Prices come by REST instead of the socket' },
  { name: 'marketOpen', label: 'The market opens' },
] as const satisfies readonly { name: keyof Settings['notify']; label: string }[];

export function NotificationSettings(): ReactElement {
  const notify = useDesk((state) => state.settings.notify);
  const run = useCommand();
  return (
    <fieldset className="field">
      <legend className="field__label">Tell me outside this window when</legend>
      {choices.map(({ name, label }) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: Switch.Root renders the input
        <label key={name} className="switch-row">
          {label}
          <Switch.Root
            className="switch"
            checked={notify[name]}
            onCheckedChange={(on) => void run('settings.update', { notify: { ...notify, [name]: on } })}
          >
            <Switch.Thumb className="switch__thumb" />
          </Switch.Root>
        </label>
      ))}
    </fieldset>
  );
}
