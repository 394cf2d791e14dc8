import type { ReactElement } from 'react';
import { Change, KindTag, Price } from '../../components/price.tsx';
import { shortDate } from '../../format/ist.ts';
import type { Listed, WatchEntry } from '../../state/instruments.ts';
import { useQuote } from '../../state/session-context.ts';
import { selectInstrument } from '../../state/ui-store.ts';

/** Height of a row; also in watchlist.css. */
export const WATCH_ROW_PX = 38;

export function watchRowId(key: string): string {
  return `watch ${key}`.replaceAll(' ', '_');
}

interface WatchRowProps {
  readonly entry: WatchEntry;
  readonly selected: boolean;
  readonly index: number;
  /** Rows in the whole list, of which only those in view exist. */
  readonly count: number;
  /** The row's buttons are shown, over its change. */
  readonly pointed: boolean;
  readonly onPointed: (key: string) => void;
}

/** One watched instrument: name and price above, where it trades and its change below. */
export function WatchRow({ entry, selected, index, count, pointed, onPointed }: WatchRowProps): ReactElement {
  const { key, instrument } = entry;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box has the focus and the keys
    // biome-ignore lint/a11y/useFocusableInteractive: reached by the list box's aria-activedescendant
    <div
      id={watchRowId(key)}
      className="watch-row"
      role="option"
      data-pointed={pointed}
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={count}
      style={{ top: index * WATCH_ROW_PX }}
      title={key}
      onClick={() => selectInstrument(key)}
      onPointerEnter={() => onPointed(key)}
    >
      {instrument === null ? <Unknown symbol={key} /> : <Known instrument={instrument} />}
    </div>
  );
}

function Known({ instrument }: { readonly instrument: Listed }): ReactElement {
  const quote = useQuote(instrument.slot);
  const exchange = instrument.key.slice(0, instrument.key.indexOf(':'));
  return (
    <>
      <span className="watch-row__line">
        <span className="watch-row__name">{instrument.title}</span>
        <Price slot={instrument.slot} quote={quote} />
      </span>
      <span className="watch-row__line">
        <span className="watch-row__about">
          {exchange}
          {instrument.expiry === null ? '' : `, ${shortDate(instrument.expiry)}`}
          <KindTag quote={quote} />
        </span>
        <Change quote={quote} />
      </span>
    </>
  );
}

/** A key that the day's lists do not have: expired, misspelt, or the lists have not been read yet. */
function Unknown({ symbol }: { readonly symbol: string }): ReactElement {
  return (
    <>
      <span className="watch-row__name">{symbol}</span>
      <span className="watch-row__about watch-row__about--unknown">not in today’s list of instruments</span>
    </>
  );
}
