import { type ReactElement, useId, useState } from 'react';
import { fieldProblem } from '../../../src/contract/field-words.ts';
import { Button } from '../../components/button.tsx';
import { useCommand } from '../../state/session-context.ts';

/** For a token made elsewhere. It goes to the desk's secret store and is never shown again. */
export function TokenForm(): ReactElement {
  const id = useId();
  const run = useCommand();
  const [accessToken, setAccessToken] = useState('');
  const [outcome, setOutcome] = useState<{ readonly failed: boolean; readonly text: string } | null>(null);
  return (
    <form
      className="field"
      onSubmit={async (event) => {
        event.preventDefault();
        const problem = fieldProblem('accessToken', accessToken);
        if (problem !== null) {
          setOutcome({ failed: true, text: problem });
          return;
        }
        const result = await run('token.set', { accessToken }, 'own');
        setOutcome(result.ok ? { failed: false, text: 'Login saved.' } : { failed: true, text: result.error.message });
        if (result.ok) setAccessToken('');
      }}
    >
      <label className="field__label" htmlFor={id}>
        Access token from another tool
      </label>
      <div className="field__row">
        <input
          id={id}
          className="input"
          type="password"
          autoComplete="off"
          aria-invalid={outcome?.failed === true}
          placeholder="Paste it here"
          value={accessToken}
          onChange={(event) => {
            setAccessToken(event.target.value);
            setOutcome(null);
          }}
        />
        <Button type="submit" disabled={accessToken.trim() === ''}>
          Use token
        </Button>
      </div>
      {outcome === null ? null : (
        <p className={outcome.failed ? 'form-error' : 'form-done'} role="status">
          {outcome.text}
        </p>
      )}
    </form>
  );
}
