import { type ReactElement, useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { useCommand } from '../../state/session-context.ts';

/** Api key and secret of the trader's own Kite Connect app. They go to the desk and are never read back. */
export function CredentialsForm({ submitText }: { readonly submitText: string }): ReactElement {
  const id = useId();
  const run = useCommand();
  const [apiKey, setApiKey] = useState('');
  const [apiSecret, setApiSecret] = useState('');
  const [outcome, setOutcome] = useState<{ readonly failed: boolean; readonly text: string } | null>(null);
  return (
    <form
      className="form"
      onSubmit={async (event) => {
        event.preventDefault();
        const result = await run('credentials.save', { apiKey, apiSecret }, 'own');
        setOutcome(
          result.ok
            ? { failed: false, text: 'Saved. You can sign in now.' }
            : { failed: true, text: result.error.message },
        );
        if (result.ok) {
          setApiKey('');
          setApiSecret('');
        }
      }}
    >
      <div className="field">
        <label className="field__label" htmlFor={`${id}-key`}>
          API key
        </label>
        <input
          id={`${id}-key`}
          className="input"
          autoComplete="off"
          spellCheck={false}
          value={apiKey}
          onChange={(event) => setApiKey(event.target.value)}
        />
      </div>
      <div className="field">
        <label className="field__label" htmlFor={`${id}-secret`}>
          API secret
        </label>
        <input
          id={`${id}-secret`}
          className="input"
          type="password"
          autoComplete="off"
          value={apiSecret}
          onChange={(event) => setApiSecret(event.target.value)}
        />
      </div>
      {outcome === null ? null : (
        <p className={outcome.failed ? 'form-error' : 'form-done'} role="status">
          {outcome.text}
        </p>
      )}
      <Button type="submit" look="primary" disabled={apiKey.trim() === '' || apiSecret.trim() === ''}>
        {submitText}
      </Button>
    </form>
  );
}
