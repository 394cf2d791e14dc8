import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { Change, KindTag, Price } from '../../components/price.tsx';
import { dayChange } from '../../format/change.ts';
import { useDesk } from '../../state/desk-store.ts';
import { type Listed, watched } from '../../state/instruments.ts';
import { useInstruments, useSelected } from '../../state/selection.ts';
import { useCommand, useQuote } from '../../state/session-context.ts';
import { openDialog, selectInstrument } from '../../state/ui-store.ts';
import { visibleRows } from './visible-rows.ts';
import './watchlist.css';

const ROW_HEIGHT = 24;

/** Further instruments. Only the rows in view exist, and only they are streamed. */
export function Watchlist(): ReactElement {
  const instruments = watched(useInstruments());
  return (
    <section className="watchlist panel-fill" aria-label="Watchlist">
      <header className="panel-header">
        <h2>Watchlist</h2>
        {instruments.length === 0 ? null : <span className="panel-header__count">{instruments.length}</span>}
        <Button look="quiet" size="small" aria-label="Add an instrument" onClick={() => openDialog('add-instrument')}>
          <Icon name="plus" />
        </Button>
      </header>
      {instruments.length === 0 ? <EmptyWatchlist /> : <WatchRows instruments={instruments} />}
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

function WatchRows({ instruments }: { readonly instruments: readonly Listed[] }): ReactElement {
  const selectedKey = useSelected()?.key;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 240 });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  const { from, to } = visibleRows(view.top, view.height, ROW_HEIGHT, instruments.length);
  const move = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    const at = instruments.findIndex((instrument) => instrument.key === selectedKey);
    const next = Math.min(instruments.length - 1, Math.max(0, at + by));
    const target = instruments[next];
    if (target === undefined) return;
    event.preventDefault();
    selectInstrument(target.key);
    keepInView(scroller.current, next);
  };
  return (
    <div ref={scroller} className="watch-rows" role="listbox" aria-label="Instruments" tabIndex={0} onKeyDown={move}>
      <div className="watch-rows__all" style={{ height: instruments.length * ROW_HEIGHT }}>
        {instruments.slice(from, to).map((instrument, index) => (
          <WatchRow
            key={instrument.key}
            instrument={instrument}
            selected={instrument.key === selectedKey}
            top={(from + index) * ROW_HEIGHT}
          />
        ))}
      </div>
    </div>
  );
}

function keepInView(scroller: HTMLElement | null, index: number): void {
  if (scroller === null) return;
  const top = index * ROW_HEIGHT;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + ROW_HEIGHT > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = top + ROW_HEIGHT - scroller.clientHeight;
  }
}

interface WatchRowProps {
  readonly instrument: Listed;
  readonly selected: boolean;
  /** Distance from the top of the list, px. */
  readonly top: number;
}

function WatchRow({ instrument, selected, top }: WatchRowProps): ReactElement {
  const quote = useQuote(instrument.slot);
  const hasChange = dayChange(quote) !== null;
  const run = useCommand();
  const watchlist = useDesk((state) => state.settings.watchlist);
  return (
    <div
      className="watch-row"
      role="option"
      aria-selected={selected}
      tabIndex={-1}
      style={{ top }}
      title={instrument.key}
      onClick={() => selectInstrument(instrument.key)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') selectInstrument(instrument.key);
      }}
    >
      <span className="watch-row__title">
        <span className="watch-row__name">{instrument.title}</span>
        {hasChange ? <KindTag quote={quote} /> : null}
      </span>
      <Price slot={instrument.slot} quote={quote} />
      {hasChange ? <Change quote={quote} /> : <KindTag quote={quote} />}
      <button
        type="button"
        className="watch-row__remove"
        aria-label={`Remove ${instrument.title}`}
        onClick={(event) => {
          event.stopPropagation();
          void run('settings.update', { watchlist: watchlist.filter((key) => key !== instrument.key) });
        }}
      >
        <Icon name="close" size={10} />
      </button>
    </div>
  );
}
