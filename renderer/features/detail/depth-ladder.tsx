import type { ReactElement } from 'react';
import type { DepthRow, QuoteRow } from '../../../src/contract/tick-lane.ts';
import { BLANK, formatCompact, formatDifference, formatPrice } from '../../format/numbers.ts';

const LEVELS = [0, 1, 2, 3, 4] as const;

/** Five bids beside five asks; the bars compare quantities over both sides. */
export function DepthLadder({ quote }: { readonly quote: QuoteRow | undefined }): ReactElement {
  const depth = quote?.depth ?? [];
  const largest = Math.max(1, ...depth.map((level) => level.quantity));
  const live = quote !== undefined && (quote.kind === 'live' || quote.kind === 'indicative') && !quote.stale;
  return (
    <div className="ladder" data-live={live}>
      <table>
        <thead>
          <tr>
            <th scope="col">Ord</th>
            <th scope="col">Qty</th>
            <th scope="col">Bid</th>
            <th scope="col">Ask</th>
            <th scope="col">Qty</th>
            <th scope="col">Ord</th>
          </tr>
        </thead>
        <tbody>
          {LEVELS.map((level) => (
            <tr key={level}>
              <Side level={depth[level]} largest={largest} side="bid" />
              <Side level={depth[level + LEVELS.length]} largest={largest} side="ask" />
            </tr>
          ))}
        </tbody>
      </table>
      <Spread rupees={spreadOf(depth)} />
      <Totals buy={quote?.buyQuantity ?? 0} sell={quote?.sellQuantity ?? 0} />
    </div>
  );
}

interface SideProps {
  readonly level: DepthRow | undefined;
  readonly largest: number;
  readonly side: 'bid' | 'ask';
}

function Side({ level, largest, side }: SideProps): ReactElement {
  const some = level !== undefined && level.quantity > 0;
  const price = (
    <td key="price" className={`ladder__price ladder__price--${side}`}>
      {some ? (
        <span className="ladder__bar" style={{ width: `${((level.quantity / largest) * 100).toFixed(1)}%` }} />
      ) : null}
      <span className="ladder__figure">{some ? formatPrice(level.price) : BLANK}</span>
    </td>
  );
  const quantity = <td key="quantity">{some ? formatCompact(level.quantity) : BLANK}</td>;
  const orders = (
    <td key="orders" className="ladder__orders">
      {some ? level.orders : BLANK}
    </td>
  );
  return <>{side === 'bid' ? [orders, quantity, price] : [price, quantity, orders]}</>;
}

/** Best ask minus best bid in rupees; null without both. */
export function spreadOf(depth: readonly DepthRow[]): number | null {
  const [bid, ask] = [depth[0], depth[LEVELS.length]];
  if (bid === undefined || ask === undefined || bid.quantity <= 0 || ask.quantity <= 0) return null;
  return ask.price - bid.price;
}

function Spread({ rupees }: { readonly rupees: number | null }): ReactElement {
  return (
    <p className="spread">
      Spread <b>{rupees === null ? BLANK : formatDifference(rupees)}</b>
    </p>
  );
}

/** All open orders on either side, as numbers and as a share. */
function Totals({ buy, sell }: { readonly buy: number; readonly sell: number }): ReactElement {
  const total = buy + sell;
  const share = total === 0 ? 0.5 : buy / total;
  return (
    <div className="totals">
      <span>
        Buy <b>{total === 0 ? BLANK : formatCompact(buy)}</b>
      </span>
      <span className="totals__bar" data-empty={total === 0} aria-hidden="true">
        <span className="totals__buy" style={{ width: total === 0 ? 0 : `${(share * 100).toFixed(1)}%` }} />
      </span>
      <span>
        <b>{total === 0 ? BLANK : formatCompact(sell)}</b> Sell
      </span>
    </div>
  );
}
