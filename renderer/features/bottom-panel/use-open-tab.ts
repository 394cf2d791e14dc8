import { useCommand } from '../../state/session-context.ts';
import { type BottomTab, useUi } from '../../state/ui-store.ts';

/** Opens the bottom panel at a tab, from anywhere in the window. */
export function useOpenTab(): (tab: BottomTab) => void {
  const run = useCommand();
  return (bottomTab) => {
    useUi.setState({ bottomTab });
    void run('settings.update', { bottomPanelOpen: true });
  };
}
