import type { ReactElement } from 'react';
import type { CandleRow } from '../../../src/contract/commands.ts';
import { istMinute } from '../../format/ist.ts';
import { directionOf, formatCompact, formatPercent, formatPrice, formatSigned } from '../../format/numbers.ts';

/** The figures of one candle: the one under the crosshair, otherwise the last. `isClosePending`: of the day's last. */
export function Legend({
  row,
  isClosePending,
}: {
  readonly row: CandleRow | null;
  readonly isClosePending: boolean;
}): ReactElement | null {
  if (row === null) return null;
  const [start, open, high, low, close, volume, , state, corrected] = row;
  const moved = close - open;
  return (
    <p className="legend" data-direction={directionOf(moved)}>
      <span className="legend__time">{istMinute(start)}</span>
      <LegendFigure name="O" value={formatPrice(open)} />
      <LegendFigure name="H" value={formatPrice(high)} />
      <LegendFigure name="L" value={formatPrice(low)} />
      <LegendFigure name="C" value={formatPrice(close)} />
      <span className="legend__moved">
        {formatSigned(moved)} {formatPercent((moved / open) * 100)}
      </span>
      {volume > 0 ? <LegendFigure name="V" value={formatCompact(volume)} /> : null}
      {isClosePending ? <span className="legend__note">close not confirmed yet</span> : null}
      {state === 'doubtful' ? <span className="legend__note">may be incomplete</span> : null}
      {corrected ? <span className="legend__note">corrected</span> : null}
    </p>
  );
}

function LegendFigure({ name, value }: { readonly name: string; readonly value: string }): ReactElement {
  return (
    <span>
      <i>{name}</i> {value}
    </span>
  );
}
