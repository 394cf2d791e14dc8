import type { ReactElement } from 'react';
import type { QuoteRow } from '../../../src/contract/tick-lane.ts';
import { AskAbout } from '../../components/about-price.tsx';
import { istTime } from '../../format/ist.ts';
import { BLANK, formatCompact, formatPrice, formatQuantity } from '../../format/numbers.ts';
import { bookOwner, type Listed } from '../../state/instruments.ts';
import { useInstruments, useSelected } from '../../state/selection.ts';
import { useInterest, useQuote } from '../../state/session-context.ts';
import { DepthLadder } from './depth-ladder.tsx';
import './detail.css';

/** Order book and the day's figures of what is selected. */
export function Detail(): ReactElement {
  const instruments = useInstruments();
  const selected = useSelected();
  const owner = selected === null ? null : bookOwner(instruments, selected);
  return (
    <section className="detail" aria-label="Depth and figures">
      <header className="panel-header">
        <h2>Depth</h2>
        <span className="panel-header__of">{owner?.title ?? ''}</span>
      </header>
      {owner === null ? <p className="empty">An index has no order book of its own.</p> : <Book instrument={owner} />}
      {selected === null ? null : <Figures selected={selected} owner={owner} />}
    </section>
  );
}

function Book({ instrument }: { readonly instrument: Listed }): ReactElement {
  const quote = useQuote(instrument.slot);
  useInterest('depth', [instrument.slot]);
  return <DepthLadder quote={quote} />;
}

/** Prices of what is selected; volume and open interest of the contract behind it, since an index has neither. */
function Figures({ selected, owner }: { readonly selected: Listed; readonly owner: Listed | null }): ReactElement {
  const quote = useQuote(selected.slot);
  const book = useQuote(owner?.slot ?? -1);
  return (
    <dl className="figures">
      <Figure name="Open" slot={selected.slot} value={priceOf(quote, 'open')} />
      <Figure name="High" slot={selected.slot} value={priceOf(quote, 'high')} />
      <Figure name="Prev. close" slot={selected.slot} value={priceOf(quote, 'close')} />
      <Figure name="Low" slot={selected.slot} value={priceOf(quote, 'low')} />
      <Figure name="Average" slot={owner?.slot ?? -1} value={priceOf(book, 'averagePrice')} />
      <Figure name="Volume" slot={owner?.slot ?? -1} value={book?.volume ? formatCompact(book.volume) : BLANK} />
      <Figure
        name="Last qty"
        slot={owner?.slot ?? -1}
        value={book?.lastQuantity ? formatQuantity(book.lastQuantity) : BLANK}
      />
      <Figure
        name="OI"
        slot={owner?.slot ?? -1}
        value={book?.openInterest ? formatCompact(book.openInterest) : BLANK}
      />
      <Figure name="Last at" slot={selected.slot} value={quote?.exchangeTime ? istTime(quote.exchangeTime) : BLANK} />
      <Figure
        name="Lot"
        slot={-1}
        value={owner === null || owner.lotSize === 0 ? BLANK : formatQuantity(owner.lotSize)}
      />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  /** Whose quote it comes from; -1: none. */
  readonly slot: number;
  readonly value: string;
}

function Figure({ name, slot, value }: FigureProps): ReactElement {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>{slot < 0 ? value : <AskAbout slot={slot}>{value}</AskAbout>}</dd>
    </div>
  );
}

function priceOf(quote: QuoteRow | undefined, field: 'open' | 'high' | 'low' | 'close' | 'averagePrice'): string {
  return formatPrice(quote?.[field] ?? 0);
}
