import type { KeyboardEvent, ReactElement } from 'react';
import { cardOrder, type IndexPair } from '../../state/instruments.ts';
import { useIndexPairs, useSelected } from '../../state/selection.ts';
import { selectInstrument } from '../../state/ui-store.ts';
import { IndexCard } from './index-card.tsx';
import './index-cards.css';

/** The index cards; the arrow keys go through their rows and select, as in the watchlist. */
export function IndexCards(): ReactElement {
  const pairs = useIndexPairs();
  const selected = useSelected();
  const order = cardOrder(pairs);
  return (
    <section className="index-cards" aria-label="Indices" onKeyDown={selectByArrow}>
      {pairs.map((pair: IndexPair) => (
        <IndexCard
          key={pair.underlying}
          pair={pair}
          selectedKey={selected?.key ?? null}
          firstDigit={order.indexOf(pair.spot) + 1}
        />
      ))}
    </section>
  );
}

/** Up and down select the row before and after the focused one. */
function selectByArrow(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows: Element[] = [...event.currentTarget.querySelectorAll('button.quote-row')];
  const at = document.activeElement === null ? -1 : rows.indexOf(document.activeElement);
  const next = rows[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
  if (next.dataset.key !== undefined) selectInstrument(next.dataset.key);
}
