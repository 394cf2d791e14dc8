import { type ReactElement, type RefObject, useEffect, useRef } from 'react';
import type { QuoteRow } from '../../src/contract/tick-lane.ts';
import { dayChange } from '../format/change.ts';
import { formatAge } from '../format/durations.ts';
import { closeSince, frozenSince, isSessionClose } from '../format/frozen.ts';
import { istMinute, shortDate } from '../format/ist.ts';
import { BLANK, directionOf, formatPercent, formatPrice, formatSigned } from '../format/numbers.ts';
import { pageTime } from '../state/desk-clock.ts';
import { useDesk } from '../state/desk-store.ts';
import { useNow } from '../state/session-context.ts';
import { AskAbout } from './about-price.tsx';

/** How long a moved price is lit, real ms. */
const GLOW_MS = 300;

interface PriceProps {
  readonly slot: number;
  readonly quote: QuoteRow | undefined;
  /** Reached by Tab, so that its tooltip can be read without a mouse. */
  readonly focusable?: boolean;
}

/** The last price in the look of its kind, lit for a moment when it moves. */
export function Price({ slot, quote, focusable = false }: PriceProps): ReactElement {
  const lastPrice = quote?.lastPrice ?? 0;
  const figure = useRef<HTMLSpanElement>(null);
  useGlow(figure, lastPrice);
  return (
    <AskAbout slot={slot} className="price" focusable={focusable}>
      <span ref={figure} className="price__figure" data-kind={quote?.kind ?? 'none'} data-stale={quote?.stale ?? false}>
        {formatPrice(lastPrice)}
      </span>
    </AskAbout>
  );
}

/** Tints a figure for a moment in the direction it moved. One change of colour, not an animation of every frame. */
function useGlow(figure: RefObject<HTMLSpanElement | null>, lastPrice: number): void {
  const before = useRef(lastPrice);
  useEffect(() => {
    const moved = before.current > 0 && lastPrice > 0 ? Math.sign(lastPrice - before.current) : 0;
    before.current = lastPrice;
    const element = figure.current;
    if (element === null || moved === 0 || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    element.dataset.moved = moved > 0 ? 'up' : 'down';
    const fade = (): void => {
      delete element.dataset.moved;
    };
    const timer = pageTime.setTimeout(fade, GLOW_MS);
    return () => {
      timer[Symbol.dispose]();
      fade();
    };
  }, [figure, lastPrice]);
}

const arrows = { up: 'M4 0 8 7H0Z', down: 'M4 7 0 0h8Z' } as const;
const spoken = { up: 'up', down: 'down', flat: 'unchanged' } as const;

/** The day's change in points and per cent. */
export function Change({ quote }: { readonly quote: QuoteRow | undefined }): ReactElement {
  const change = dayChange(quote);
  if (change === null) return <span className="change">{BLANK}</span>;
  const direction = directionOf(change.points);
  return (
    <span
      className="change"
      data-direction={direction}
      data-kind={quote?.kind ?? 'none'}
      data-stale={quote?.stale ?? false}
    >
      {direction === 'flat' ? null : (
        <svg className="change__arrow" viewBox="0 0 8 7" aria-hidden="true">
          <path d={arrows[direction]} />
        </svg>
      )}
      <span className="visually-hidden">{spoken[direction]}</span>
      <span className="change__points">{formatSigned(change.points)}</span>
      <span className="change__percent">{formatPercent(change.percent)}</span>
    </span>
  );
}

/**
 * Whether it is the session's close, and since when it stands: an index goes on ticking the same value, so its last tick's
 * time would say nothing.
 */
function FrozenTag({ quote }: { readonly quote: QuoteRow }): ReactElement {
  const segment = useDesk((state) => state.instruments[quote.slot]?.segment ?? null);
  const sessions = useDesk((state) => state.market.sessions);
  const now = useNow();
  const own = sessions.filter((session) => session.segment === segment);
  if (!isSessionClose(quote, own, now)) {
    return <span className="kind-tag">frozen {istMinute(frozenSince(quote, segment, sessions))}</span>;
  }
  const since = closeSince(quote, segment, sessions);
  return <span className="kind-tag">{since === null ? 'Close' : `Close ${istMinute(since)}`}</span>;
}

/** The kind in a word where the price is not simply live: `indicative`, `Close 15:30`, `close 20 Nov`, `stale 12 s`. */
export function KindTag({ quote }: { readonly quote: QuoteRow | undefined }): ReactElement | null {
  if (quote === undefined) return <span className="kind-tag">no price yet</span>;
  if (quote.stale && (quote.kind === 'live' || quote.kind === 'indicative'))
    return <StaleTag receivedAt={quote.receivedAt} />;
  switch (quote.kind) {
    case 'live':
      return quote.fromRest ? <span className="kind-tag kind-tag--rest">backup</span> : null;
    case 'indicative':
      return <span className="kind-tag kind-tag--indicative">indicative</span>;
    case 'frozen':
      return <FrozenTag quote={quote} />;
    case 'previous-close':
      return <PreviousCloseTag />;
  }
}

/** Of which session it is. */
function PreviousCloseTag(): ReactElement {
  const session = useDesk((state) => state.market.previousSession);
  return <span className="kind-tag">{session === null ? 'prev. close' : `close ${shortDate(session)}`}</span>;
}

function StaleTag({ receivedAt }: { readonly receivedAt: number }): ReactElement {
  const now = useNow();
  return <span className="kind-tag kind-tag--stale">stale {formatAge(now - receivedAt)}</span>;
}
