import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { Icon } from '../../components/icons.tsx';
import { focusWatchlist } from '../../state/focus-keeper.ts';
import type { WatchEntry } from '../../state/instruments.ts';
import { useSelected } from '../../state/selection.ts';
import { selectInstrument, useUi } from '../../state/ui-store.ts';
import { useWatchlistEdits } from './use-watchlist-edits.ts';
import { visibleRows } from './visible-rows.ts';
import { WATCH_ROW_PX, WatchRow, watchRowId } from './watch-row.tsx';

/** The rows in view; the others do not exist and are not streamed. Arrows select, Alt and arrows move, Delete removes. */
export function WatchRows({ entries }: { readonly entries: readonly WatchEntry[] }): ReactElement {
  const inChart = useSelected()?.key ?? null;
  // A key without an instrument is never in the chart, yet has to be reached to be removed.
  const selectedKey = useUi((ui) => ui.selectedKey) ?? inChart;
  const selectedIndex = entries.findIndex((entry) => entry.key === selectedKey);
  const [pointedKey, setPointedKey] = useState<string | null>(null);
  const { scroller, view } = useScroll();
  const { from, to } = visibleRows(view.top, view.height, WATCH_ROW_PX, entries.length);
  const { remove } = useWatchlistEdits();
  // Whoever removes what is selected goes on with its neighbour.
  const removeAt = (index: number): void => {
    const entry = entries[index];
    if (entry === undefined) return;
    remove(entry.key, titleOf(entry));
    const neighbour = entries[index === entries.length - 1 ? index - 1 : index + 1];
    if (index === selectedIndex && neighbour !== undefined) selectInstrument(neighbour.key);
  };
  const onKeyDown = useRowKeys(entries, selectedIndex, removeAt);
  // A row that was selected or moved by key is brought into view.
  useEffect(() => {
    if (selectedIndex >= 0) keepInView(scroller.current, selectedIndex);
  }, [scroller, selectedIndex]);
  const toolIndex = pointedKey === null ? selectedIndex : entries.findIndex((entry) => entry.key === pointedKey);
  return (
    <div ref={scroller} className="watch-rows" onPointerLeave={() => setPointedKey(null)}>
      <div
        className="watch-rows__all"
        role="listbox"
        aria-label="Watched instruments"
        aria-activedescendant={selectedIndex < 0 || selectedKey === null ? undefined : watchRowId(selectedKey)}
        tabIndex={0}
        style={{ height: entries.length * WATCH_ROW_PX }}
        onKeyDown={onKeyDown}
      >
        {entries.slice(from, to).map((entry, index) => (
          <WatchRow
            key={entry.key}
            entry={entry}
            selected={entry.key === selectedKey}
            index={from + index}
            count={entries.length}
            pointed={entry.key === pointedKey}
            onPointed={setPointedKey}
          />
        ))}
      </div>
      <RowTools entries={entries} index={toolIndex} pointed={pointedKey !== null} onRemove={removeAt} />
    </div>
  );
}

interface RowToolsProps {
  readonly entries: readonly WatchEntry[];
  readonly index: number;
  /** Under the pointer; otherwise shown only while one of them has the focus. */
  readonly pointed: boolean;
  readonly onRemove: (index: number) => void;
}

/**
 * The buttons of one row, beside the list: an option of a list box cannot hold any. One that has nothing to do keeps the
 * focus it may have: `aria-disabled`.
 */
function RowTools({ entries, index, pointed, onRemove }: RowToolsProps): ReactElement | null {
  const { move } = useWatchlistEdits();
  const entry = entries[index];
  if (entry === undefined) return null;
  const title = titleOf(entry);
  return (
    <div className="row-tools" data-pointed={pointed} style={{ top: index * WATCH_ROW_PX }}>
      <button
        type="button"
        aria-label={`Move ${title} up`}
        title="Move up (Alt ↑)"
        aria-disabled={index === 0}
        onClick={() => move(entry.key, -1)}
      >
        <Icon name="up" size={12} />
      </button>
      <button
        type="button"
        aria-label={`Move ${title} down`}
        title="Move down (Alt ↓)"
        aria-disabled={index === entries.length - 1}
        onClick={() => move(entry.key, 1)}
      >
        <Icon name="down" size={12} />
      </button>
      <button
        type="button"
        aria-label={`Remove ${title}`}
        title="Remove (Delete)"
        onClick={() => {
          onRemove(index);
          focusWatchlist();
        }}
      >
        <Icon name="close" size={10} />
      </button>
    </div>
  );
}

/** What the keys do in the list; `selected`: index of the selected row, -1 for none of them. */
function useRowKeys(
  entries: readonly WatchEntry[],
  selected: number,
  removeAt: (index: number) => void,
): (event: KeyboardEvent) => void {
  const { move, undo } = useWatchlistEdits();
  const pageRows = 8;
  return (event) => {
    const entry = entries[selected];
    const go = (index: number): void => {
      const target = entries[Math.min(entries.length - 1, Math.max(0, index))];
      if (target !== undefined) selectInstrument(target.key);
    };
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: selected + 1,
      ArrowUp: selected - 1,
      PageDown: selected + pageRows,
      PageUp: selected - pageRows,
      Home: 0,
      End: entries.length - 1,
    };
    const target = steps[event.key];
    if (event.altKey && entry !== undefined && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      move(entry.key, event.key === 'ArrowUp' ? -1 : 1);
    } else if (target !== undefined && !event.altKey) {
      go(target);
    } else if (event.key === 'Delete' && entry !== undefined) {
      removeAt(selected);
    } else if ((event.ctrlKey || event.metaKey) && event.key === 'z') {
      undo();
    } else {
      return;
    }
    event.preventDefault();
  };
}

/** How far the list is scrolled and how much of it is in view, px. */
function useScroll() {
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
  return { scroller, view };
}

function keepInView(scroller: HTMLElement | null, index: number): void {
  if (scroller === null) return;
  const top = index * WATCH_ROW_PX;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + WATCH_ROW_PX > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = top + WATCH_ROW_PX - scroller.clientHeight;
  }
}

function titleOf({ key, instrument }: WatchEntry): string {
  return instrument?.title ?? key;
}
