import { type ReactElement, useEffect, useRef } from 'react';
import type { QuoteRow } from '../../src/contract/tick-lane.ts';
import { dayChange } from '../format/change.ts';
import { formatAge } from '../format/durations.ts';
import { istMinute } from '../format/ist.ts';
import { directionOf, formatPercent, formatPrice, formatSigned } from '../format/numbers.ts';
import { useNow } from '../state/session-context.ts';
import { AskAbout } from './about-price.tsx';

interface PriceProps {
  readonly slot: number;
  readonly quote: QuoteRow | undefined;
  /** Reached by Tab, so that its tooltip can be read without a mouse. */
  readonly focusable?: boolean;
}

/** The last price in the look of its kind, lit for a moment when it moves. */
export function Price({ slot, quote, focusable = false }: PriceProps): ReactElement {
  const lastPrice = quote?.lastPrice ?? 0;
  const glow = useRef<HTMLSpanElement>(null);
  const before = useRef(lastPrice);
  useEffect(() => {
    const moved = before.current > 0 && lastPrice > 0 ? Math.sign(lastPrice - before.current) : 0;
    before.current = lastPrice;
    if (moved === 0 || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    if (glow.current === null) return;
    glow.current.dataset.moved = moved > 0 ? 'up' : 'down';
    // Only opacity: the compositor animates it without waking the page for every frame.
    glow.current.animate({ opacity: [1, 0] }, { duration: 450, easing: 'ease-out' });
  }, [lastPrice]);
  return (
    <AskAbout slot={slot} className="price" focusable={focusable}>
      <span ref={glow} className="price__glow" />
      <span className="price__figure" data-kind={quote?.kind ?? 'none'} data-stale={quote?.stale ?? false}>
        {formatPrice(lastPrice)}
      </span>
    </AskAbout>
  );
}

const arrows = { up: '▲', down: '▼', flat: '' } as const;
const spoken = { up: 'up', down: 'down', flat: 'unchanged' } as const;

/** The day's change in points and per cent. */
export function Change({ quote }: { readonly quote: QuoteRow | undefined }): ReactElement {
  const change = dayChange(quote);
  const direction = change === null ? 'flat' : directionOf(change.points);
  return (
    <span className="change" data-direction={direction} data-kind={quote?.kind ?? 'none'}>
      <span className="change__arrow" aria-hidden="true">
        {arrows[direction]}
      </span>
      {change === null ? null : <span className="visually-hidden">{spoken[direction]}</span>}
      <span className="change__points">{formatSigned(change?.points ?? Number.NaN)}</span>
      <span className="change__percent">{formatPercent(change?.percent ?? Number.NaN)}</span>
    </span>
  );
}

/** The kind in a word where the price is not simply live: `indicative`, `frozen 15:15`, `prev. close`, `stale 12 s`. */
export function KindTag({ quote }: { readonly quote: QuoteRow | undefined }): ReactElement | null {
  if (quote === undefined) return <span className="kind-tag">no price yet</span>;
  if (quote.stale && quote.kind === 'live') return <StaleTag receivedAt={quote.receivedAt} />;
  switch (quote.kind) {
    case 'live':
      return quote.fromRest ? <span className="kind-tag kind-tag--rest">via REST</span> : null;
    case 'indicative':
      return <span className="kind-tag kind-tag--indicative">indicative</span>;
    case 'frozen':
      return <span className="kind-tag">frozen {istMinute(quote.exchangeTime || quote.receivedAt)}</span>;
    case 'previous-close':
      return <span className="kind-tag">prev. close</span>;
  }
}

function StaleTag({ receivedAt }: { readonly receivedAt: number }): ReactElement {
  const now = useNow();
  return <span className="kind-tag kind-tag--stale">stale {formatAge(now - receivedAt)}</span>;
}
