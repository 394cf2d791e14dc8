import { useCallback } from 'react';
import { useDeskView } from '../../state/desk-store.ts';
import { useCommand, useSession } from '../../state/session-context.ts';
import { openDialog, openSettings, useUi } from '../../state/ui-store.ts';

/**
 * Begins a login: the desk names the page, the bridge opens it, the dialog waits. Without an API key: its settings.
 * `hasKey`: the key has just been saved, whatever is known here of the desk's state so far.
 */
export function useSignIn(): (hasKey?: boolean) => Promise<void> {
  const { bridge } = useSession();
  const run = useCommand();
  return useCallback(
    async (hasKey = false) => {
      if (!hasKey && useDeskView.getState().state?.auth.state === 'unconfigured') {
        openSettings('account');
        return;
      }
      useUi.setState({ login: { url: null, error: null } });
      openDialog('sign-in');
      const started = await run('login.start', {}, 'own');
      if (!started.ok) {
        useUi.setState({ login: { url: null, error: started.error.message } });
        return;
      }
      useUi.setState({ login: { url: started.value.url, error: null } });
      bridge.openExternal(started.value.url);
    },
    [bridge, run],
  );
}
