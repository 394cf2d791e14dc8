import { type ReactElement, type RefObject, useEffect, useId, useRef, useState } from 'react';
import type { InstrumentMatch } from '../../../src/contract/commands.ts';
import { Button } from '../../components/button.tsx';
import { DialogFrame } from '../../components/dialog-frame.tsx';
import { shortDate } from '../../format/ist.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';

/** Results asked for at once; a longer list is a reason to type more. */
const RESULT_LIMIT = 30;

export function AddInstrumentDialog(): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  return (
    <DialogFrame
      name="add-instrument"
      focus={input}
      title="Add to watchlist"
      description="By trading symbol or name, such as RELIANCE, NIFTY 26000 CE or SENSEX FUT."
    >
      <InstrumentSearch input={input} />
    </DialogFrame>
  );
}

type Search =
  | { readonly status: 'idle' }
  | { readonly status: 'found'; readonly matches: readonly InstrumentMatch[] }
  | { readonly status: 'failed'; readonly message: string };

function InstrumentSearch({ input }: { readonly input: RefObject<HTMLInputElement | null> }): ReactElement {
  const id = useId();
  const run = useCommand();
  const watchlist = useDesk((state) => state.settings.watchlist);
  const [text, setText] = useState('');
  const [search, setSearch] = useState<Search>({ status: 'idle' });

  useEffect(() => {
    if (text.trim() === '') {
      setSearch({ status: 'idle' });
      return;
    }
    let current = true;
    void run('instruments.search', { text, limit: RESULT_LIMIT }, 'own').then((result) => {
      if (!current) return;
      setSearch(
        result.ok ? { status: 'found', matches: result.value } : { status: 'failed', message: result.error.message },
      );
    });
    return () => {
      current = false;
    };
  }, [text, run]);

  return (
    <>
      <label className="visually-hidden" htmlFor={id}>
        Instrument
      </label>
      <input
        ref={input}
        id={id}
        className="input"
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="search-results" aria-live="polite">
        {search.status === 'failed' ? <p className="form-error">{search.message}</p> : null}
        {search.status === 'found' && search.matches.length === 0 ? (
          <p className="empty">No instrument found.</p>
        ) : null}
        {search.status !== 'found'
          ? null
          : search.matches.map((match) => (
              <div key={match.key} className="search-result">
                <span>
                  {match.title}
                  <small>
                    {match.key}
                    {match.expiry === null ? '' : `, expires ${shortDate(match.expiry)}`}
                  </small>
                </span>
                <Button
                  size="small"
                  disabled={watchlist.includes(match.key)}
                  onClick={() => void run('settings.update', { watchlist: [...watchlist, match.key] })}
                >
                  {watchlist.includes(match.key) ? 'Added' : 'Add'}
                </Button>
              </div>
            ))}
      </div>
    </>
  );
}
