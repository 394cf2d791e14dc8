import type { ReactElement } from 'react';
import { SwitchRow } from '../../components/switch-row.tsx';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';

/** Asked for at the first run too: an app that is not running reminds of nothing at 08:50. */
export function StartWithPc(): ReactElement {
  const on = useDesk((state) => state.settings.startAtLogin);
  const run = useCommand();
  return (
    <SwitchRow
      label="Start with the PC"
      hint="In the tray, so that the day begins without you."
      on={on}
      onChange={(startAtLogin) => void run('settings.update', { startAtLogin })}
    />
  );
}
