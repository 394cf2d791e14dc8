import type { ReactElement } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { formatQuantity } from '../../format/numbers.ts';
import { useDesk } from '../../state/desk-store.ts';
import { focusWatchlist } from '../../state/focus-keeper.ts';
import { useWatchEntries } from '../../state/selection.ts';
import { openDialog } from '../../state/ui-store.ts';
import { limitText } from './limit-text.ts';
import { useRemoval, useWatchlistEdits } from './use-watchlist-edits.ts';
import { WatchRows } from './watch-rows.tsx';
import './watchlist.css';

/** Further instruments, in the trader's order. */
export function Watchlist(): ReactElement {
  const entries = useWatchEntries();
  return (
    <section className="watchlist panel-fill" aria-label="Watchlist">
      <header className="panel-header">
        <h2>Watchlist</h2>
        {entries.length === 0 ? null : <span className="panel-header__count">{formatQuantity(entries.length)}</span>}
        <Button
          look="quiet"
          size="small"
          aria-label="Add an instrument"
          title="Add an instrument (A)"
          onClick={() => openDialog('add-instrument')}
        >
          <Icon name="plus" />
        </Button>
      </header>
      <Limit />
      {entries.length === 0 ? <EmptyWatchlist /> : <WatchRows entries={entries} />}
      <Undo />
    </section>
  );
}

function EmptyWatchlist(): ReactElement {
  return (
    <div className="empty">
      <p>Shares, options or further futures beside the indices.</p>
      <Button size="small" onClick={() => openDialog('add-instrument')}>
        Add an instrument
      </Button>
    </div>
  );
}

/** Kite gives an app so many live instruments and no more: said before the limit is reached, and beyond it. */
function Limit(): ReactElement | null {
  const text = limitText(useDesk((state) => state.feed.capacity));
  return text === null ? null : <p className="watchlist__limit">{text}</p>;
}

/** The way back from the last removal. The live region stays, so that a removal is read out. */
function Undo(): ReactElement {
  const removal = useRemoval((state) => state.removal);
  const { undo } = useWatchlistEdits();
  const andReturn = (act: () => void) => () => {
    act();
    focusWatchlist();
  };
  return (
    <div role="status">
      {removal === null ? null : (
        <div className="watchlist__undo">
          <span>{removal.title} removed</span>
          <Button size="small" title="Undo (Ctrl+Z)" onClick={andReturn(undo)}>
            Undo
          </Button>
          <Button
            size="small"
            look="quiet"
            aria-label="Close"
            onClick={andReturn(() => useRemoval.setState({ removal: null }))}
          >
            <Icon name="close" size={10} />
          </Button>
        </div>
      )}
    </div>
  );
}
