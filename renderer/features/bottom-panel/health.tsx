import type { ReactElement } from 'react';
import { formatAge } from '../../format/durations.ts';
import { istTime } from '../../format/ist.ts';
import { BLANK, formatQuantity } from '../../format/numbers.ts';
import { useDesk } from '../../state/desk-store.ts';
import type { Listed } from '../../state/instruments.ts';
import { useInstruments } from '../../state/selection.ts';
import { useNow, useQuote, useSession } from '../../state/session-context.ts';
import { lagLines, ROUNDING, skewText, stampLag } from './lag-table.ts';
import { uptimeOf, uptimeText } from './uptime.ts';
import './health.css';

/** Lines of the table: each streams its instrument while it is open. */
const MOST_LINES = 40;

/** How well the data flows: what a tick takes to the screen, what was lost, and each instrument's own condition. */
export function Health(): ReactElement {
  return (
    <div className="health">
      <section aria-label="The feed">
        <Lag />
        <Counts />
      </section>
      <InstrumentTable />
    </div>
  );
}

function Lag(): ReactElement {
  const lag = useDesk((state) => state.feed.lag);
  const { paintReport } = useSession();
  // Read again at every beat of the clock.
  useNow();
  return (
    <table className="health__table">
      <thead>
        <tr>
          <th scope="col">A tick takes</th>
          <th scope="col">median</th>
          <th scope="col">95%</th>
          <th scope="col">99%</th>
        </tr>
      </thead>
      <tbody>
        {lagLines(lag, paintReport.lag).map(({ name, about, figures }) => (
          <tr key={name} title={about}>
            <th scope="row">{name}</th>
            {percentileNames.map((percentile, index) => (
              <td key={percentile}>{figures[index]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const percentileNames = ['p50', 'p95', 'p99'] as const;

function Counts(): ReactElement {
  const { lag, gaps, ...feed } = useDesk((state) => state.feed);
  const now = useNow();
  const { unreadableBatches } = useSession();
  const lostMs = gaps.reduce((sum, gap) => sum + (gap.to ?? now) - gap.from, 0);
  const last = gaps.at(-1);
  return (
    <dl className="facts health__facts">
      <dt>This PC’s clock</dt>
      <dd>{skewText(lag.skewMs)}</dd>
      <dt>Reconnects</dt>
      <dd>{formatQuantity(feed.reconnects)}</dd>
      <dt>Outages today</dt>
      <dd>
        {last === undefined
          ? 'none'
          : `${formatQuantity(gaps.length)}, ${formatAge(lostMs)} in all; last at ${istTime(last.from)}`}
      </dd>
      <dt>Ticks, frames</dt>
      <dd>
        {formatQuantity(feed.ticks)}, {formatQuantity(feed.frames)}
      </dd>
      <dt>Dropped as unreadable</dt>
      <dd>{formatQuantity(feed.dropped + unreadableBatches())}</dd>
      <dt>Longest freeze of the app</dt>
      <dd>{lag.heldUpMs === 0 ? 'none' : `${formatQuantity(Math.round(lag.heldUpMs))} ms`}</dd>
    </dl>
  );
}

function InstrumentTable(): ReactElement {
  const instruments = useInstruments();
  const more = instruments.slice(MOST_LINES);
  return (
    <section aria-label="Instruments">
      <table className="health__table">
        <thead>
          <tr>
            <th scope="col">Instrument</th>
            <th scope="col">Data</th>
            <th scope="col">Age</th>
            <th scope="col">Lag</th>
            <th scope="col">Uptime</th>
          </tr>
        </thead>
        <tbody>
          {instruments.slice(0, MOST_LINES).map((instrument) => (
            <InstrumentLine key={instrument.key} instrument={instrument} />
          ))}
        </tbody>
      </table>
      {more.length === 0 ? null : (
        <p className="empty">
          and {formatQuantity(more.length)} more, of which {formatQuantity(more.filter(({ stale }) => stale).length)}{' '}
          are stale
        </p>
      )}
    </section>
  );
}

function InstrumentLine({ instrument }: { readonly instrument: Listed }): ReactElement {
  const quote = useQuote(instrument.slot);
  const now = useNow();
  const sessions = useDesk((state) => state.market.sessions);
  const gaps = useDesk((state) => state.feed.gaps);
  const condition =
    quote === undefined ? 'none yet' : instrument.stale || quote.stale ? 'stale' : quote.kind.replace('-', ' ');
  const lagMs = quote !== undefined && quote.exchangeTime > 0 ? quote.receivedAt - quote.exchangeTime : null;
  return (
    <tr>
      <th scope="row">{instrument.title}</th>
      <td className="health__condition" data-condition={condition}>
        {condition}
      </td>
      <td>{quote === undefined ? BLANK : formatAge(now - quote.receivedAt)}</td>
      <td title={ROUNDING}>{stampLag(lagMs)}</td>
      <td>{uptimeText(uptimeOf(instrument, sessions, gaps, now))}</td>
    </tr>
  );
}
