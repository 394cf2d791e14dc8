import type { ReactElement } from 'react';
import { AskAbout } from '../../components/about-price.tsx';
import { KindTag } from '../../components/price.tsx';
import { BLANK, formatQuantity } from '../../format/numbers.ts';
import { bookOwner, type Listed } from '../../state/instruments.ts';
import { useInstruments, useSelected } from '../../state/selection.ts';
import { useInterest, useQuote } from '../../state/session-context.ts';
import { DepthLadder } from './depth-ladder.tsx';
import { figuresOf } from './figures.ts';
import './detail.css';

/**
 * The day's figures of what is selected, and an order book. Each block is of exactly one instrument and named after it: an
 * index has no book, so its future's stands apart under the future's own name.
 */
export function Detail(): ReactElement {
  const instruments = useInstruments();
  const selected = useSelected();
  const owner = selected === null ? null : bookOwner(instruments, selected);
  return (
    <section className="detail" aria-label="Depth and figures">
      <header className="panel-header">
        <h2>Depth</h2>
        {owner === null ? null : <BlockName instrument={owner} />}
      </header>
      {owner === null ? <p className="empty">An index has no order book of its own.</p> : <Book instrument={owner} />}
      {selected === null ? null : (
        <>
          <header className="panel-header">
            <h2>Figures</h2>
            <BlockName instrument={selected} />
          </header>
          <Figures instrument={selected} />
        </>
      )}
    </section>
  );
}

/** Whose numbers a block has, and how far they may be believed. */
function BlockName({ instrument }: { readonly instrument: Listed }): ReactElement {
  const quote = useQuote(instrument.slot);
  return (
    <>
      <span className="panel-header__of">{instrument.title}</span>
      <KindTag quote={quote} />
    </>
  );
}

function Book({ instrument }: { readonly instrument: Listed }): ReactElement {
  const quote = useQuote(instrument.slot);
  useInterest('depth', [instrument.slot]);
  return <DepthLadder quote={quote} />;
}

/** All of one instrument. An index is not traded: it has no volume, average, quantity or open interest. */
function Figures({ instrument }: { readonly instrument: Listed }): ReactElement {
  const quote = useQuote(instrument.slot);
  const { slot, lotSize } = instrument;
  return (
    <dl className="figures" data-stale={quote?.stale ?? false} data-kind={quote?.kind ?? 'none'}>
      {figuresOf(instrument.role, quote).map(({ name, value }) => (
        <Figure key={name} name={name} slot={slot} value={value} />
      ))}
      {instrument.role === 'spot' ? null : (
        <Figure name="Lot" slot={-1} value={lotSize === 0 ? BLANK : formatQuantity(lotSize)} />
      )}
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
