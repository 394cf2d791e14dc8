import type { ReactElement } from 'react';
import type { MarketState } from '../../../src/contract/state.ts';
import { Button } from '../../components/button.tsx';
import { Change, KindTag, Price } from '../../components/price.tsx';
import { dayDate, istMinute } from '../../format/ist.ts';
import type { CandleDay } from '../../state/candle-book.ts';
import { useDesk } from '../../state/desk-store.ts';
import type { Listed } from '../../state/instruments.ts';
import { useSelected } from '../../state/selection.ts';
import { useCandles, useQuote, useSession } from '../../state/session-context.ts';
import { type ChartRange, useUi } from '../../state/ui-store.ts';
import { ChartCanvas } from './chart-canvas.tsx';
import { DateStepper } from './date-stepper.tsx';
import { DayNote } from './day-note.tsx';
import './chart.css';

/** The selected instrument's day in one-minute candles. */
export function ChartPanel(): ReactElement {
  const selected = useSelected();
  return (
    <section className="chart-panel" aria-label="Chart">
      <DayNote />
      {selected === null ? (
        <p className="empty chart-panel__empty">
          No instrument is known yet. The list is read in the morning preparation.
        </p>
      ) : (
        <InstrumentChart instrument={selected} />
      )}
    </section>
  );
}

function InstrumentChart({ instrument }: { readonly instrument: Listed }): ReactElement {
  const today = useDesk((state) => state.market.date);
  const date = useUi((ui) => ui.chartDate);
  const day = useCandles(instrument.key, date);
  const range = useUi((ui) => ui.chartRange);
  const setRange = (chartRange: ChartRange): void => useUi.setState({ chartRange });
  return (
    <>
      <header className="chart-header">
        <ChartTitle instrument={instrument} />
        <DateStepper date={date ?? day.value?.date ?? today} today={today} />
        <fieldset className="segmented" aria-label="Range">
          <button type="button" aria-pressed={range === 'near'} onClick={() => setRange('near')}>
            2 h
          </button>
          <button type="button" aria-pressed={range === 'day'} onClick={() => setRange('day')}>
            Day
          </button>
        </fieldset>
      </header>
      <div className="chart-body">
        <ChartCanvas
          key={`${instrument.key} ${date ?? ''}`}
          instrument={instrument}
          date={date}
          day={day}
          range={range}
        />
        <ChartState instrument={instrument} date={date} day={day} />
      </div>
      <footer className="chart-footer">
        <HistoryNote instrument={instrument} date={date} day={day} />
        <ChartCredit />
      </footer>
    </>
  );
}

function ChartTitle({ instrument }: { readonly instrument: Listed }): ReactElement {
  const quote = useQuote(instrument.slot);
  return (
    <div className="chart-title">
      <h1>{instrument.title}</h1>
      <Price slot={instrument.slot} quote={quote} focusable />
      <Change quote={quote} />
      <KindTag quote={quote} />
    </div>
  );
}

interface ChartStateProps {
  readonly instrument: Listed;
  readonly date: string | null;
  readonly day: CandleDay;
}

/** What lies over the chart while there is nothing to draw: loading, failed, or empty and why. */
function ChartState({ instrument, date, day }: ChartStateProps): ReactElement | null {
  const { candles } = useSession();
  const { sessions, day: dayKind } = useDesk((state) => state.market);
  if (day.status === 'loading') {
    return (
      <p className="chart-state" role="status">
        Loading the day’s candles…
      </p>
    );
  }
  if (day.status === 'failed') {
    return (
      <div className="chart-state" role="alert">
        <p>{day.error}</p>
        <Button onClick={() => candles.retry(instrument.key, date)}>Try again</Button>
      </div>
    );
  }
  if (day.rows.length > 0 || (day.value?.indicative.length ?? 0) > 0) return null;
  if (date !== null) return <p className="chart-state">No candles on {dayDate(date)}.</p>;
  const opening = sessions.find((session) => session.segment === instrument.segment && session.kind === 'continuous');
  return <p className="chart-state">{emptyDayText(dayKind, opening?.from ?? null)}</p>;
}

/** Why the current day has no candles. `opensAt`: when its continuous trading begins, ms; null: not known, or never. */
function emptyDayText(day: MarketState['day'], opensAt: number | null): string {
  if (opensAt !== null) return `No trades yet. Candles begin at ${istMinute(opensAt)}.`;
  return day === 'holiday' || day === 'weekend'
    ? 'No session today.'
    : 'No trades yet. Candles begin with the first one.';
}

/** Says so when the chart is not the whole story. */
function HistoryNote({ instrument, date, day }: ChartStateProps): ReactElement | null {
  const { candles } = useSession();
  const note =
    day.error ?? (day.value?.history === 'unavailable' ? (day.value.reason ?? 'History unavailable.') : null);
  if (note === null || day.status !== 'ready') return null;
  return (
    <p className="chart-footer__note">
      Only what this run has seen. {note}{' '}
      <button type="button" className="link" onClick={() => candles.retry(instrument.key, date)}>
        Try again
      </button>
    </p>
  );
}

/** The chart library's licence asks for a visible link to its maker. */
function ChartCredit(): ReactElement {
  const { bridge } = useSession();
  return (
    <button
      type="button"
      className="link chart-footer__credit"
      onClick={() => bridge.openExternal('https://www.tradingview.com/')}
    >
      Charts by TradingView
    </button>
  );
}
