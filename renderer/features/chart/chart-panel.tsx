import { type ReactElement, useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { dayDate } from '../../format/ist.ts';
import type { CandleDay } from '../../state/candle-book.ts';
import { pageTime } from '../../state/desk-clock.ts';
import { useDesk } from '../../state/desk-store.ts';
import type { Listed } from '../../state/instruments.ts';
import { useSelected } from '../../state/selection.ts';
import { useCandles, useNow, useQuote, useSession } from '../../state/session-context.ts';
import { type ChartRange, useUi } from '../../state/ui-store.ts';
import { ChartCanvas } from './chart-canvas.tsx';
import { useChartDate } from './chart-date.ts';
import { ChartTitle } from './chart-title.tsx';
import { DateStepper } from './date-stepper.tsx';
import { DayNote } from './day-note.tsx';
import { emptyChart } from './empty-chart.ts';
import { historyNote } from './history-note.ts';
import './chart.css';

/** Until what is missing is asked for again, real ms. */
const RETRY_MS = 15_000;

/** The selected instrument's day in one-minute candles. */
export function ChartPanel(): ReactElement {
  const selected = useSelected();
  return (
    <section className="chart-panel" aria-label="Chart">
      <DayNote />
      {selected === null ? (
        <p className="empty chart-panel__empty">No instrument is known yet. Kite’s list is loaded in the morning.</p>
      ) : (
        <InstrumentChart instrument={selected} />
      )}
    </section>
  );
}

function InstrumentChart({ instrument }: { readonly instrument: Listed }): ReactElement {
  const today = useDesk((state) => state.market.date);
  const date = useChartDate(instrument);
  const day = useCandles(instrument.key, date);
  useRetries(instrument.key, date, day);
  const range = useUi((ui) => ui.chartRange);
  const setRange = (chartRange: ChartRange): void => useUi.setState({ chartRange });
  return (
    <>
      <header className="chart-header">
        <ChartTitle instrument={instrument} date={date} day={day} />
        <DateStepper date={date ?? today} today={today} />
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

/** What Kite has not answered for is asked for again, with a login at once and from time to time. */
function useRetries(key: string, date: string | null, day: CandleDay): void {
  const { candles } = useSession();
  const isValid = useDesk((state) => state.auth.state === 'valid');
  const isIncomplete = day.status === 'failed' || day.value?.history === 'unavailable';
  const wasIncomplete = useRef(isIncomplete);
  wasIncomplete.current = isIncomplete;
  useEffect(() => {
    if (!isValid) return;
    const refresh = (): Disposable => {
      if (wasIncomplete.current) candles.refresh(key, date);
      return pageTime.setTimeout(() => {
        timer = refresh();
      }, RETRY_MS);
    };
    let timer = refresh();
    return () => timer[Symbol.dispose]();
  }, [candles, key, date, isValid]);
}

interface ChartStateProps {
  readonly instrument: Listed;
  readonly date: string | null;
  readonly day: CandleDay;
}

/** What lies over the chart while there is nothing to draw: loading, failed, or empty and why. */
function ChartState({ instrument, date, day }: ChartStateProps): ReactElement | null {
  const { candles } = useSession();
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
  if (date === null) return <EmptyToday instrument={instrument} day={day} />;
  const isKnown = day.value?.history === 'complete';
  return (
    <p className="chart-state">
      {isKnown ? `No candles on ${dayDate(date)}.` : `The candles of ${dayDate(date)} are not loaded.`}
    </p>
  );
}

/** Why the current day has no candles; loud where prices are being missed. */
function EmptyToday({ instrument, day }: Omit<ChartStateProps, 'date'>): ReactElement | null {
  const market = useDesk((state) => state.market);
  const auth = useDesk((state) => state.auth);
  const feed = useDesk((state) => state.feed);
  const now = useNow();
  // The dotted line of the pre-open is drawn from the prices themselves.
  if (useQuote(instrument.slot)?.kind === 'indicative') return null;
  const sessions = market.sessions.filter((session) => session.segment === instrument.segment);
  const { tone, title, detail } = emptyChart({ market, sessions, auth, feed, value: day.value, now });
  return (
    <div className="chart-state" data-tone={tone} role={tone === 'missing' ? 'alert' : undefined}>
      <p className="chart-state__title">{title}</p>
      {detail === null ? null : <p>{detail}</p>}
    </div>
  );
}

/** Says so when the chart is not the whole story. */
function HistoryNote({ instrument, date, day }: ChartStateProps): ReactElement | null {
  const { candles } = useSession();
  const note = historyNote(day, date === null);
  if (note === null) return null;
  return (
    <p className="chart-footer__note">
      {note}{' '}
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
