import { useEffect, useRef } from 'react';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';
import { type BottomTab, useUi } from '../../state/ui-store.ts';

/** Opens the bottom panel at a tab, from anywhere in the window, and puts the focus there. */
export function useOpenTab(): (tab: BottomTab) => void {
  const run = useCommand();
  return (bottomTab) => {
    useUi.setState({ bottomTab, bottomTakesFocus: true });
    void run('settings.update', { bottomPanelOpen: true });
  };
}

/** Opens or closes the bottom panel. The focus stays where it is; within the panel it goes to what takes its place. */
export function useTogglePanel(): () => void {
  const open = useDesk((state) => state.settings.bottomPanelOpen);
  const run = useCommand();
  return () => {
    const within = document.activeElement?.closest('.bottom-panel, .bottom-line');
    useUi.setState({ bottomTakesFocus: within != null });
    void run('settings.update', { bottomPanelOpen: !open });
  };
}

/** Focuses what `selector` finds in the element as soon as the bottom panel is to have the focus; itself without one. */
export function useTakesFocus<T extends HTMLElement>(selector: string | null) {
  const host = useRef<T>(null);
  const wanted = useUi((ui) => ui.bottomTakesFocus);
  useEffect(() => {
    if (!wanted || host.current === null) return;
    const target = selector === null ? host.current : host.current.querySelector<HTMLElement>(selector);
    target?.focus();
    useUi.setState({ bottomTakesFocus: false });
  }, [wanted, selector]);
  return host;
}
