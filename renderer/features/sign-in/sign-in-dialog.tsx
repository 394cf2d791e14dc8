import { type ReactElement, useEffect, useRef } from 'react';
import type { PendingLogin } from '../../../src/contract/state.ts';
import { Button } from '../../components/button.tsx';
import { DialogFrame } from '../../components/dialog-frame.tsx';
import { formatAge } from '../../format/durations.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand, useNow, useSession } from '../../state/session-context.ts';
import { closeDialog, openSettings, useUi } from '../../state/ui-store.ts';
import { TokenForm } from '../settings/token-form.tsx';
import { useSignIn } from './use-sign-in.ts';
import './sign-in.css';

/** Waits for the login on Zerodha's page; closes by itself when the token is valid. */
export function SignInDialog(): ReactElement {
  return (
    <DialogFrame name="sign-in" title={`Sign in to ${useLoginSite()}`}>
      <SignIn />
    </DialogFrame>
  );
}

/** Who asks for the login: in a simulation nobody real does. */
function useLoginSite(): string {
  return useDesk((state) => state.app.simulated) ? 'the simulated exchange' : 'Zerodha';
}

function SignIn(): ReactElement {
  const { bridge } = useSession();
  const isSimulated = useDesk((state) => state.app.simulated);
  const auth = useDesk((state) => state.auth);
  const { url, error } = useUi((ui) => ui.login);
  const run = useCommand();
  const signIn = useSignIn();

  const before = useRef({ isPending: false, isValid: auth.state === 'valid' });

  useEffect(() => {
    const now = { isPending: auth.pendingLogin !== null, isValid: auth.state === 'valid' };
    const { isPending: wasPending, isValid: wasValid } = before.current;
    before.current = now;
    const hasEnded = wasPending && !now.isPending;
    if (now.isPending && !wasPending) {
      // Begun anew elsewhere, from the tray for one: what became of the last one is of no interest any more.
      useUi.setState(({ login }) => ({ login: { ...login, error: null } }));
    } else if (hasEnded && auth.loginFailure !== null) {
      useUi.setState({ login: { url: null, error: auth.loginFailure } });
    } else if (hasEnded || (now.isValid && !wasValid && !now.isPending)) {
      // Finished or given up, wherever that happened; or a token has come by another door.
      closeDialog();
    }
  }, [auth]);

  if (error !== null) {
    return (
      <>
        <p className="form-error" role="alert">
          {error}
        </p>
        <div className="button-row">
          <Button look="primary" onClick={() => void signIn()}>
            Try again
          </Button>
          <Button look="quiet" onClick={() => openSettings('account')}>
            Account settings
          </Button>
        </div>
        <OwnToken />
      </>
    );
  }
  return (
    <>
      <p className="waiting" role="status">
        <span className="waiting__sign" aria-hidden="true" />
        <Progress pending={auth.pendingLogin} />
      </p>
      <ol className="steps">
        {isSimulated ? (
          <li>Log in on the simulated exchange’s page with what is filled in there.</li>
        ) : (
          <li>Log in on Zerodha’s page with your user id, password and app code.</li>
        )}
        <li>The page sends the browser back to this app, which finishes the login.</li>
        <li>Prices start automatically; no restart is needed.</li>
      </ol>
      <div className="button-row">
        <Button disabled={url === null} onClick={() => url !== null && bridge.openExternal(url)}>
          Open the page again
        </Button>
        <Button
          look="quiet"
          onClick={() => {
            closeDialog();
            void run('login.cancel', {});
          }}
        >
          Cancel login
        </Button>
      </div>
      <OwnToken />
    </>
  );
}

/** A simulation takes no token: a real one could be entered. */
function OwnToken(): ReactElement | null {
  return useDesk((state) => state.app.bringsKey === true) ? null : <TokenForm />;
}

function Progress({ pending }: { readonly pending: PendingLogin | null }): ReactElement {
  const now = useNow();
  if (pending === null) return <>Opening the login page…</>;
  if (pending.stage === 'finishing') return <>The login has come back: finishing the sign-in…</>;
  return <>Waiting for the login on its page, {formatAge(now - pending.startedAt)}</>;
}
