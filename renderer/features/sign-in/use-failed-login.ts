import { useEffect, useRef, useState } from 'react';
import { useDesk } from '../../state/desk-store.ts';
import { openDialog, useUi } from '../../state/ui-store.ts';

/**
 * The dialog of a login begun here may be closed while Zerodha's page is still open. If that login then fails, the dialog
 * comes back with the reason, as soon as no other one is open.
 */
export function useFailedLogin(): void {
  const isPending = useDesk((state) => state.auth.pendingLogin !== null);
  const failure = useDesk((state) => state.auth.loginFailure);
  const dialog = useUi((ui) => ui.dialog);
  const wasPending = useRef(isPending);
  const [isUntold, setUntold] = useState(false);

  useEffect(() => {
    const hasEnded = wasPending.current && !isPending;
    wasPending.current = isPending;
    const { login, dialog: open } = useUi.getState();
    // With its dialog open, that tells it.
    if (!hasEnded || login.url === null || open === 'sign-in') return;
    useUi.setState({ login: { url: null, error: failure } });
    setUntold(failure !== null);
  }, [isPending, failure]);

  useEffect(() => {
    if (!isUntold || dialog !== null) return;
    setUntold(false);
    openDialog('sign-in');
  }, [isUntold, dialog]);
}
