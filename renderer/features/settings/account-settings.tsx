import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactElement, useEffect, useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';
import { useSignIn } from '../sign-in/use-sign-in.ts';
import { CredentialsForm } from './credentials-form.tsx';
import { TokenForm } from './token-form.tsx';

/** Everything about the login: who is signed in, the key, where Zerodha sends the browser, logins from elsewhere. */
export function AccountSettings(): ReactElement {
  const auth = useDesk((state) => state.auth);
  const isSimulatedAccount = useDesk((state) => state.app.bringsKey === true);
  const signIn = useSignIn();
  if (auth.state === 'unconfigured') return <CredentialsForm submitText="Save" />;
  const signedIn = auth.userId !== null;
  return (
    <>
      <section className="account">
        <p>
          {signedIn ? (
            <>
              Signed in as <b>{auth.userName ?? auth.userId}</b>
            </>
          ) : (
            'Not signed in.'
          )}
          <br />
          <span className="quiet">API key {auth.apiKeyHint ?? 'not known'}</span>
        </p>
        <Button look={signedIn ? 'plain' : 'primary'} onClick={() => void signIn()}>
          {signedIn ? 'Sign in again' : 'Sign in'}
        </Button>
        {signedIn ? <SignOut /> : null}
      </section>
      {isSimulatedAccount ? (
        <p className="quiet">
          This is the simulated exchange’s own account. Yours is set up once you have left the simulation.
        </p>
      ) : (
        <OwnAccount />
      )}
    </>
  );
}

/** The trader's own key, and the ways its login comes here. */
function OwnAccount(): ReactElement {
  return (
    <>
      <TextSetting
        name="redirectUrl"
        label="Redirect URL"
        hint="The same as in Zerodha’s developer console, on this PC."
      />
      <TokenForm />
      <TextSetting
        name="tokenFile"
        label="Token file"
        hint="A file another tool writes the day’s access token to; it is watched. Empty for none."
      />
      <details className="account__change">
        <summary>Change the API key or secret</summary>
        <CredentialsForm submitText="Save" />
      </details>
      <ForgetCredentials />
    </>
  );
}

interface TextSettingProps {
  readonly name: 'redirectUrl' | 'tokenFile';
  readonly label: string;
  readonly hint: string;
}

/** A setting that is a line of text; saved with its own button, refused with the desk's own words. */
function TextSetting({ name, label, hint }: TextSettingProps): ReactElement {
  const id = useId();
  const run = useCommand();
  const saved = useDesk((state) => state.settings[name]) ?? '';
  const [text, setText] = useState(saved);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => setText(saved), [saved]);
  return (
    <form
      className="field"
      onSubmit={async (event) => {
        event.preventDefault();
        const value = text.trim();
        const change = name === 'tokenFile' ? { tokenFile: value === '' ? null : value } : { redirectUrl: value };
        const result = await run('settings.update', change, 'own');
        setError(result.ok ? null : result.error.message);
      }}
    >
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <div className="field__row">
        <input
          id={id}
          className="input input--code"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={`${id}-hint`}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={text.trim() === saved}>
          Save
        </Button>
      </div>
      <p id={`${id}-hint`} className={error === null ? 'field__hint' : 'form-error'} role="status">
        {error ?? hint}
      </p>
    </form>
  );
}

function SignOut(): ReactElement {
  const run = useCommand();
  return (
    <Confirmed
      trigger="Sign out"
      title="Sign out of Zerodha?"
      text="The login ends at Kite and the feed stops. You can sign in again at any time."
      action="Sign out"
      onConfirm={() => void run('signOut', {})}
    />
  );
}

function ForgetCredentials(): ReactElement {
  const run = useCommand();
  return (
    <section className="account account--danger">
      <p className="quiet">Removes the API key, the secret and the login from this PC.</p>
      <Confirmed
        trigger="Forget credentials"
        title="Forget API key, secret and login?"
        text="The app goes back to its first screen. The key itself stays valid in Zerodha’s developer console."
        action="Forget"
        onConfirm={() => void run('credentials.forget', {})}
      />
    </section>
  );
}

interface ConfirmedProps {
  readonly trigger: string;
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly onConfirm: () => void;
}

/** A button that asks once more before it takes something away. */
function Confirmed({ trigger, title, text, action, onConfirm }: ConfirmedProps): ReactElement {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger className="button button--danger button--medium">{trigger}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog__title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="dialog__description">{text}</AlertDialog.Description>
          <div className="button-row button-row--end">
            <AlertDialog.Close className="button button--plain button--medium">Cancel</AlertDialog.Close>
            <AlertDialog.Close className="button button--danger button--medium" onClick={onConfirm}>
              {action}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
