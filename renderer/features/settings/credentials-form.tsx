import { type ReactElement, useId, useState } from 'react';
import { fieldProblem } from '../../../src/contract/field-words.ts';
import { Button } from '../../components/button.tsx';
import { useCommand } from '../../state/session-context.ts';

interface CredentialsFormProps {
  readonly submitText: string;
  /** Goes on from here; without it the form says that signing in is next. */
  readonly onSaved?: () => void;
}

/** Api key and secret of the trader's own Kite Connect app. They go to the desk and are never read back. */
export function CredentialsForm({ submitText, onSaved }: CredentialsFormProps): ReactElement {
  const run = useCommand();
  const [apiKey, setApiKey] = useState('');
  const [apiSecret, setApiSecret] = useState('');
  /** What was wrong with each when it was last sent. */
  const [problems, setProblems] = useState<Problems>(NO_PROBLEMS);
  const [outcome, setOutcome] = useState<{ readonly failed: boolean; readonly text: string } | null>(null);
  return (
    <form
      className="form"
      onSubmit={async (event) => {
        event.preventDefault();
        const found = { apiKey: fieldProblem('apiKey', apiKey), apiSecret: fieldProblem('apiSecret', apiSecret) };
        setProblems(found);
        setOutcome(null);
        if (found.apiKey !== null || found.apiSecret !== null) return;
        const result = await run('credentials.save', { apiKey, apiSecret }, 'own');
        if (!result.ok) {
          setOutcome({ failed: true, text: result.error.message });
          return;
        }
        setApiKey('');
        setApiSecret('');
        if (onSaved === undefined) setOutcome({ failed: false, text: 'Saved. You can sign in now.' });
        else onSaved();
      }}
    >
      <Field
        label="API key"
        type="text"
        hint="16 letters and digits"
        value={apiKey}
        problem={problems.apiKey}
        onChange={(value) => {
          setApiKey(value);
          setProblems((before) => ({ ...before, apiKey: null }));
        }}
      />
      <Field
        label="API secret"
        type="password"
        hint="32 letters and digits"
        value={apiSecret}
        problem={problems.apiSecret}
        onChange={(value) => {
          setApiSecret(value);
          setProblems((before) => ({ ...before, apiSecret: null }));
        }}
      />
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

interface Problems {
  readonly apiKey: string | null;
  readonly apiSecret: string | null;
}

const NO_PROBLEMS: Problems = { apiKey: null, apiSecret: null };

interface FieldProps {
  readonly label: string;
  readonly type: 'text' | 'password';
  /** What it looks like; gives its line to the problem, so that nothing moves. */
  readonly hint: string;
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (value: string) => void;
}

function Field({ label, type, hint, value, problem, onChange }: FieldProps): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        type={type}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} className={problem === null ? 'field__hint' : 'form-error'} role="status">
        {problem ?? hint}
      </p>
    </div>
  );
}
