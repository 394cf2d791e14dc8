import { type ReactElement, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { dayDate, stepWeekday } from '../../format/ist.ts';
import { useKeys } from '../../state/keys.ts';
import { useUi } from '../../state/ui-store.ts';

/** Which day the chart shows. `date`: the one in view; `today`: the market's. Any day can be picked, weekends too. */
export function DateStepper({ date, today }: { readonly date: string; readonly today: string }): ReactElement {
  const picker = useRef<HTMLInputElement>(null);
  const isChosen = useUi((ui) => ui.chartDate !== null);
  const stepBy = (by: -1 | 1): void => showDay(stepWeekday(date, by), today);
  useKeys({ '[': () => stepBy(-1), ']': () => stepBy(1) });
  return (
    <div className="date-stepper">
      <Button look="quiet" size="small" aria-label="Previous day" title="Previous day ([)" onClick={() => stepBy(-1)}>
        <Icon name="left" />
      </Button>
      <Button
        look="quiet"
        size="small"
        className="date-stepper__day"
        title={`Choose a day; this is ${dayDate(date)}`}
        onClick={() => picker.current?.showPicker()}
      >
        {date === today ? 'Today' : dayDate(date)}
      </Button>
      <input
        ref={picker}
        className="date-stepper__picker"
        type="date"
        tabIndex={-1}
        aria-label="Day of the chart"
        max={today}
        value={date}
        onChange={(event) => {
          if (event.target.value !== '') showDay(event.target.value, today);
        }}
      />
      <Button
        look="quiet"
        size="small"
        aria-label="Next day"
        title="Next day (])"
        aria-disabled={date >= today}
        onClick={() => stepBy(1)}
      >
        <Icon name="right" />
      </Button>
      {isChosen ? (
        <Button look="quiet" size="small" title="Back to today" onClick={() => showDay(today, today)}>
          Today
        </Button>
      ) : null}
    </div>
  );
}

/** The desk's current day is asked for as `null`, so that it goes on live; nothing is asked for beyond it. */
function showDay(date: string, today: string): void {
  useUi.setState({ chartDate: date >= today ? null : date });
}
