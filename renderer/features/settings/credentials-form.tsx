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
  const [values, setValues] = useState(NOTHING);
  /** What was wrong with each when it was last sent. */
  const [problems, setProblems] = useState<Problems>(NO_PROBLEMS);
  const [outcome, setOutcome] = useState<{ readonly failed: boolean; readonly text: string } | null>(null);
  return (
    <form
      className="form"
      onSubmit={async (event) => {
        event.preventDefault();
        const found = {
          apiKey: fieldProblem('apiKey', values.apiKey),
          apiSecret: fieldProblem('apiSecret', values.apiSecret),
        };
        setProblems(found);
        setOutcome(null);
        if (found.apiKey !== null || found.apiSecret !== null) return;
        const result = await run('credentials.save', values, 'own');
        if (!result.ok) {
          setOutcome({ failed: true, text: result.error.message });
          return;
        }
        setValues(NOTHING);
        if (onSaved === undefined) setOutcome({ failed: false, text: 'Saved. You can sign in now.' });
        else onSaved();
      }}
    >
      {fields.map(({ name, ...field }) => (
        <Field
          key={name}
          {...field}
          value={values[name]}
          problem={problems[name]}
          onChange={(value) => {
            setValues((before) => ({ ...before, [name]: value }));
            setProblems((before) => ({ ...before, [name]: null }));
          }}
        />
      ))}
      {outcome === null ? null : (
        <p className={outcome.failed ? 'form-error' : 'form-done'} role="status">
          {outcome.text}
        </p>
      )}
      <Button type="submit" look="primary" disabled={fields.some(({ name }) => values[name].trim() === '')}>
        {submitText}
      </Button>
    </form>
  );
}

/** `hint`: what it looks like. */
const fields = [
  { name: 'apiKey', label: 'API key', type: 'text', hint: '16 letters and digits' },
  { name: 'apiSecret', label: 'API secret', type: 'password', hint: '32 letters and digits' },
] as const;

type FieldName = (typeof fields)[number]['name'];
type Problems = Readonly<Record<FieldName, string | null>>;

const NOTHING: Readonly<Record<FieldName, string>> = { apiKey: '', apiSecret: '' };
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
