import type { InstrumentRole } from '../../../src/contract/state.ts';
import type { QuoteRow } from '../../../src/contract/tick-lane.ts';
import { istDate, istTime, shortDate } from '../../format/ist.ts';
import { BLANK, formatCompact, formatPrice, formatQuantity } from '../../format/numbers.ts';

export interface NamedFigure {
  readonly name: string;
  readonly value: string;
}

/**
 * The figures of one instrument, all from its own quote. Before its session a quote still carries the last session's open,
 * high, low and volume: they are left blank. An index is not traded.
 */
export function figuresOf(role: InstrumentRole, quote: QuoteRow | undefined): NamedFigure[] {
  const isOfToday = quote !== undefined && quote.kind !== 'previous-close';
  const price = (value: number | undefined): string => (isOfToday ? formatPrice(value ?? 0) : BLANK);
  const count = (value: number | undefined, format: (value: number) => string): string =>
    isOfToday && value ? format(value) : BLANK;
  const own: NamedFigure[] = [
    { name: 'Open', value: price(quote?.open) },
    { name: 'High', value: price(quote?.high) },
    { name: 'Prev. close', value: formatPrice(quote?.close ?? 0) },
    { name: 'Low', value: price(quote?.low) },
  ];
  const updated = { name: 'Updated', value: quote?.exchangeTime ? istTime(quote.exchangeTime) : BLANK };
  if (role === 'spot') return [...own, updated];
  return [
    ...own,
    { name: 'Average', value: price(quote?.averagePrice) },
    { name: 'Volume', value: count(quote?.volume, formatCompact) },
    { name: 'Last qty', value: count(quote?.lastQuantity, formatQuantity) },
    { name: 'OI', value: quote?.openInterest ? formatCompact(quote.openInterest) : BLANK },
    { name: 'Last traded', value: lastTraded(quote) },
    updated,
  ];
}

/** With its date where the trade was of an earlier day. */
function lastTraded(quote: QuoteRow | undefined): string {
  if (!quote?.lastTradedAt) return BLANK;
  const date = istDate(quote.lastTradedAt);
  const time = istTime(quote.lastTradedAt);
  return date === istDate(quote.receivedAt) ? time : `${shortDate(date)} ${time.slice(0, 5)}`;
}
