import type { ReactElement } from 'react';
import { Change, KindTag, Price } from '../../components/price.tsx';
import { dayDate } from '../../format/ist.ts';
import { directionOf, formatPercent, formatPrice, formatSigned } from '../../format/numbers.ts';
import type { CandleDay } from '../../state/candle-book.ts';
import type { Listed } from '../../state/instruments.ts';
import { useQuote } from '../../state/session-context.ts';

interface ChartTitleProps {
  readonly instrument: Listed;
  /** IST date of the chart; null: the desk's current day. */
  readonly date: string | null;
  readonly day: CandleDay;
}

/** The instrument with the price of the day shown: the present one today, a past day's own otherwise. */
export function ChartTitle({ instrument, date, day }: ChartTitleProps): ReactElement {
  return (
    <div className="chart-title">
      <h1 title={instrument.title}>{instrument.title}</h1>
      {date === null ? <PriceNow slot={instrument.slot} /> : <PriceThen date={date} day={day} />}
    </div>
  );
}

function PriceNow({ slot }: { readonly slot: number }): ReactElement {
  const quote = useQuote(slot);
  return (
    <span className="chart-title__price">
      <Price slot={slot} quote={quote} focusable />
      <Change quote={quote} />
      <KindTag quote={quote} />
    </span>
  );
}

/** The day's close, or the last candle's where Kite has not told the close, and the change from the close before it. */
function PriceThen({ date, day }: { readonly date: string; readonly day: CandleDay }): ReactElement {
  const official = day.value?.official ?? null;
  const close = official?.close ?? day.rows.at(-1)?.[4] ?? 0;
  const previous = official?.previousClose ?? null;
  const points = previous === null ? null : close - previous;
  return (
    <span className="chart-title__price">
      <span className="price">
        <span className="price__figure" data-kind="frozen">
          {formatPrice(close)}
        </span>
      </span>
      {points === null || previous === null || close <= 0 ? null : (
        <span className="change" data-direction={directionOf(points)}>
          <span className="change__points">{formatSigned(points)}</span>
          <span className="change__percent">{formatPercent((points / previous) * 100)}</span>
        </span>
      )}
      <span className="kind-tag">
        {(official?.close ?? null) === null ? 'last candle' : 'close'} of {dayDate(date)}
      </span>
    </span>
  );
}
