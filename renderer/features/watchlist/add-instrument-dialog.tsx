import { type KeyboardEvent, type ReactElement, type RefObject, useEffect, useId, useRef, useState } from 'react';
import type { InstrumentMatch } from '../../../src/contract/commands.ts';
import { DialogFrame } from '../../components/dialog-frame.tsx';
import { Icon } from '../../components/icons.tsx';
import { shortDate } from '../../format/ist.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';
import { useWatchlistEdits } from './use-watchlist-edits.ts';

/** Results shown; a longer list is a reason to type more. One more is asked for, to know whether there are more. */
const RESULT_LIMIT = 50;

export function AddInstrumentDialog(): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  return (
    <DialogFrame
      name="add-instrument"
      focus={input}
      title="Add to watchlist"
      description="By name, symbol, strike or expiry, in any order: RELIANCE, NIFTY 26000 CE, NFO:NIFTY26DECFUT."
    >
      <InstrumentSearch input={input} />
    </DialogFrame>
  );
}

type Search =
  | { readonly status: 'idle' | 'searching' }
  | { readonly status: 'found'; readonly text: string; readonly matches: readonly InstrumentMatch[] }
  | { readonly status: 'failed'; readonly message: string };

/** A field and the list of what it finds: typing searches, the arrows choose, Enter adds and leaves the field open. */
function InstrumentSearch({ input }: { readonly input: RefObject<HTMLInputElement | null> }): ReactElement {
  const id = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const search = useSearch(text);
  const watchlist = useDesk((state) => state.settings.watchlist);
  const { add } = useWatchlistEdits();
  const run = useCommand();
  const matches = search.status === 'found' ? search.matches.slice(0, RESULT_LIMIT) : [];
  const isAnswered = search.status === 'found' && search.text === text;
  const choose = (match: InstrumentMatch | undefined): void => {
    if (match !== undefined) add(match.key);
    input.current?.focus();
  };
  // Enter was quicker than the answer: what the list shows was found for less than is written.
  const chooseBest = async (): Promise<void> => {
    const found = await run('instruments.search', { text, limit: 1 }, 'own');
    if (found.ok) choose(found.value[0]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = matches.length - 1;
    if (event.key === 'ArrowDown') setActive(Math.min(last, active + 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(0, active - 1));
    else if (event.key === 'Enter' && active === 0 && !isAnswered) void chooseBest();
    else if (event.key === 'Enter') choose(matches[active]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <label className="visually-hidden" htmlFor={id}>
        Instrument
      </label>
      <input
        ref={input}
        id={id}
        className="input"
        role="combobox"
        aria-expanded={matches.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={matches.length > 0 ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        placeholder="Type to search"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="search-results">
        <SearchState search={search} />
        <div id={`${id}-list`} role="listbox" aria-label="Found instruments">
          {matches.map((match, index) => (
            <Match
              key={match.key}
              id={`${id}-${index}`}
              match={match}
              active={index === active}
              added={watchlist.includes(match.key)}
              onChoose={() => {
                setActive(index);
                choose(match);
              }}
            />
          ))}
        </div>
      </div>
      <p className="search-keys">
        <kbd>↑</kbd> <kbd>↓</kbd> choose, <kbd>Enter</kbd> adds, <kbd>Esc</kbd> closes
      </p>
    </>
  );
}

/** What the desk finds for `text`; an older answer never takes the place of a newer one. */
function useSearch(text: string): Search {
  const run = useCommand();
  const [search, setSearch] = useState<Search>({ status: 'idle' });
  useEffect(() => {
    if (text.trim() === '') {
      setSearch({ status: 'idle' });
      return;
    }
    let current = true;
    // What was found before stays until the new answer is there: the list does not flicker.
    setSearch((before) => (before.status === 'found' ? before : { status: 'searching' }));
    void run('instruments.search', { text, limit: RESULT_LIMIT + 1 }, 'own').then((result) => {
      if (!current) return;
      setSearch(
        result.ok
          ? { status: 'found', text, matches: result.value }
          : { status: 'failed', message: result.error.message },
      );
    });
    return () => {
      current = false;
    };
  }, [text, run]);
  return search;
}

/** Said while there is no list, and how long the list is, for who cannot see it. */
function SearchState({ search }: { readonly search: Search }): ReactElement {
  if (search.status === 'failed') {
    return (
      <p className="form-error" role="alert">
        {search.message}
      </p>
    );
  }
  const nothing = search.status === 'found' && search.matches.length === 0;
  const hasMore = search.status === 'found' && search.matches.length > RESULT_LIMIT;
  return (
    <p className={nothing || hasMore || search.status === 'searching' ? 'empty' : 'visually-hidden'} role="status">
      {search.status === 'searching' ? 'Searching…' : null}
      {nothing ? 'No instrument found. Fewer or other words may help.' : null}
      {search.status === 'found' && !nothing ? countOf(search.matches.length) : null}
    </p>
  );
}

function countOf(count: number): string {
  return count > RESULT_LIMIT ? `The first ${RESULT_LIMIT} of more: type more to narrow them down` : `${count} found`;
}

interface MatchProps {
  readonly id: string;
  readonly match: InstrumentMatch;
  readonly active: boolean;
  readonly added: boolean;
  readonly onChoose: () => void;
}

function Match({ id, match, active, added, onChoose }: MatchProps): ReactElement {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) line.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
    // biome-ignore lint/a11y/useFocusableInteractive: reached by the field's aria-activedescendant
    <div
      ref={line}
      id={id}
      className="search-result"
      role="option"
      aria-selected={active}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <span className="search-result__title">
        {match.title}
        {match.weekly === true ? <span className="search-result__weekly">Weekly</span> : null}
      </span>
      <span className="search-result__about">
        {match.key}
        {match.expiry === null ? '' : `, expires ${shortDate(match.expiry)}`}
      </span>
      <span className="search-result__added">
        {added ? (
          <>
            <Icon name="check" size={12} /> Added
          </>
        ) : null}
      </span>
    </div>
  );
}
