import type { ReactElement } from 'react';
import { Change, KindTag, Price } from '../../components/price.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { basisOf } from '../../format/basis.ts';
import { ofToday, placeInRange } from '../../format/change.ts';
import { istDate, shortDate } from '../../format/ist.ts';
import { BLANK, formatCompact, formatPercent, formatPrice, formatSigned } from '../../format/numbers.ts';
import { useDesk } from '../../state/desk-store.ts';
import type { IndexPair, Listed } from '../../state/instruments.ts';
import { useLiveCandles, useQuote } from '../../state/session-context.ts';
import { selectInstrument } from '../../state/ui-store.ts';

interface IndexCardProps {
  readonly pair: IndexPair;
  readonly selectedKey: string | null;
  /** The digit that selects this card's spot; the next one selects its future. */
  readonly firstDigit: number;
}

/** One index: spot, front-month future, basis, the day's range and course. */
export function IndexCard({ pair, selectedKey, firstDigit }: IndexCardProps): ReactElement {
  const { spot, future, underlying } = pair;
  return (
    <article className="index-card" aria-label={underlying}>
      {spot === null ? (
        <MissingRow name={underlying} what="spot" />
      ) : (
        <SpotRow instrument={spot} selected={spot.key === selectedKey} digit={firstDigit} />
      )}
      {/* Of the spot, and so under the spot. */}
      <RangeBar slot={spot?.slot ?? -1} />
      {future === null ? (
        <MissingRow name={underlying} what="front-month future" />
      ) : (
        <FutureRow instrument={future} selected={future.key === selectedKey} digit={firstDigit + 1} />
      )}
      <CardFacts spotSlot={spot?.slot ?? -1} futureSlot={future?.slot ?? -1} />
    </article>
  );
}

interface RowProps {
  readonly instrument: Listed;
  readonly selected: boolean;
  readonly digit: number;
}

function SpotRow({ instrument, selected, digit }: RowProps): ReactElement {
  const quote = useQuote(instrument.slot);
  return (
    <button
      type="button"
      className="quote-row quote-row--spot"
      aria-pressed={selected}
      data-key={instrument.key}
      title={`${instrument.key} (${digit})`}
      onClick={() => selectInstrument(instrument.key)}
    >
      <span className="quote-row__name">
        {instrument.title}
        <KindTag quote={quote} />
      </span>
      <DaySparkline instrument={instrument} close={quote?.close ?? 0} />
      <Price slot={instrument.slot} quote={quote} />
      <Change quote={quote} />
    </button>
  );
}

function FutureRow({ instrument, selected, digit }: RowProps): ReactElement {
  const quote = useQuote(instrument.slot);
  const today = useDesk((state) => state.market.date);
  return (
    <button
      type="button"
      className="quote-row quote-row--future"
      aria-pressed={selected}
      data-key={instrument.key}
      title={`${instrument.key} (${digit})`}
      onClick={() => selectInstrument(instrument.key)}
    >
      <span className="quote-row__name">
        {withoutUnderlying(instrument)}
        <Expiry date={instrument.expiry} today={today} />
        <KindTag quote={quote} />
      </span>
      <Price slot={instrument.slot} quote={quote} />
      <Change quote={quote} />
    </button>
  );
}

/** `NOV FUT`: the card already says the underlying. */
function withoutUnderlying({ title, underlying }: Listed): string {
  return title.startsWith(`${underlying} `) ? title.slice(underlying.length + 1) : title;
}

function Expiry({ date, today }: { readonly date: string | null; readonly today: string }): ReactElement | null {
  if (date === null) return null;
  return date === today ? (
    <span className="expiry expiry--today">expires today</span>
  ) : (
    <span className="expiry">exp {shortDate(date)}</span>
  );
}

function MissingRow({ name, what }: { readonly name: string; readonly what: string }): ReactElement {
  return (
    <p className="quote-row quote-row--missing">
      {name} {what} is not known yet
    </p>
  );
}

/** The day's course; live candles extend it minute by minute. */
function DaySparkline({ instrument, close }: { readonly instrument: Listed; readonly close: number }): ReactElement {
  const day = useLiveCandles(instrument);
  const today = useDesk((state) => state.market.date);
  const first = day.rows[0];
  const isToday = first !== undefined && istDate(first[0]) === today;
  return <Sparkline day={day} close={isToday ? close : 0} />;
}

/** Low and high of the day with the last price between them. */
function RangeBar({ slot }: { readonly slot: number }): ReactElement {
  const quote = ofToday(useQuote(slot));
  const place = placeInRange(quote);
  return (
    <div className="range" data-kind={quote?.kind ?? 'none'} data-stale={quote?.stale ?? false}>
      <span className="range__end">
        <abbr title="Low of the day">L</abbr> {formatPrice(quote?.low ?? 0)}
      </span>
      <span className="range__track">
        {place === null ? null : <span className="range__last" style={{ left: `${(place * 100).toFixed(1)}%` }} />}
      </span>
      <span className="range__end">
        {formatPrice(quote?.high ?? 0)} <abbr title="High of the day">H</abbr>
      </span>
    </div>
  );
}

function CardFacts({ spotSlot, futureSlot }: { readonly spotSlot: number; readonly futureSlot: number }): ReactElement {
  const spot = useQuote(spotSlot);
  const future = useQuote(futureSlot);
  const basis = basisOf(spot, future);
  const volume = ofToday(future)?.volume ?? 0;
  return (
    <dl className="card-facts">
      <div className="card-facts__basis">
        <dt>Basis</dt>
        {basis.known ? (
          <dd>
            {formatSigned(basis.points)} <small>{formatPercent(basis.percent)}</small>
          </dd>
        ) : (
          <dd className="card-facts__none">
            {BLANK} <small>{basis.reason}</small>
          </dd>
        )}
      </div>
      <div data-stale={future?.stale ?? false}>
        <dt>Vol</dt>
        <dd>{volume === 0 ? BLANK : formatCompact(volume)}</dd>
      </div>
      <div data-stale={future?.stale ?? false}>
        <dt>OI</dt>
        <dd>{future === undefined || future.openInterest === 0 ? BLANK : formatCompact(future.openInterest)}</dd>
      </div>
    </dl>
  );
}
