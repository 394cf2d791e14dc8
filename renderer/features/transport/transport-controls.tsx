import { type ReactElement, useId, useState } from 'react';
import type { SteeringOrder } from '../../../src/contract/transport.ts';
import { Button } from '../../components/button.tsx';
import { istMoment, istTime } from '../../format/ist.ts';
import { instantAt, type JumpTarget } from './jump-targets.ts';
import './transport.css';

export interface TransportControlsProps {
  readonly paused: boolean;
  /** Market time per real time. */
  readonly speed: number;
  /** Market time now, ms since the epoch. */
  readonly now: number;
  /** IST date of the day that is played. */
  readonly date: string;
  /** Midnight of that day in India, ms since the epoch. */
  readonly midnight: number;
  readonly targets: readonly JumpTarget[];
  /** Resolves with why an order could not be carried out; null when it was. */
  readonly steer: (order: SteeringOrder) => Promise<string | null>;
}

const SPEEDS = [1, 5, 20, 60] as const;

/** Pause, speed and jumps for time that is played: a simulated day, a recorded one. */
export function TransportControls(props: TransportControlsProps): ReactElement {
  const { paused, now, date, targets, steer } = props;
  const [problem, setProblem] = useState<string | null>(null);
  const order = (what: SteeringOrder): void => void steer(what).then(setProblem);
  return (
    <div className="transport">
      <div className="transport__row">
        <Button size="small" look="primary" onClick={() => order({ do: paused ? 'resume' : 'pause' })}>
          {paused ? 'Go on' : 'Pause'}
        </Button>
        <Speeds {...props} choose={(speed) => order({ do: 'speed', speed })} />
      </div>
      <p className="visually-hidden" role="status">
        {paused ? `Paused at ${istTime(now)}` : 'Running'}
      </p>
      <h3 className="transport__title">Jump ahead to</h3>
      {targets.length === 0 ? null : (
        <ul className="transport__targets">
          {targets.map(({ name, at }) => (
            <li key={at}>
              <button type="button" className="transport__target" onClick={() => order({ do: 'jump', to: at })}>
                <span>{name}</span>
                <time>{istMoment(at, date)}</time>
              </button>
            </li>
          ))}
        </ul>
      )}
      <JumpTo {...props} problem={problem} setProblem={setProblem} />
    </div>
  );
}

function Speeds({
  speed,
  choose,
}: Pick<TransportControlsProps, 'speed'> & { readonly choose: (speed: number) => void }): ReactElement {
  const offered: readonly number[] = SPEEDS;
  const all = offered.includes(speed) ? offered : [...offered, speed].sort((a, b) => a - b);
  return (
    <fieldset className="segmented" aria-label="Speed">
      {all.map((each) => (
        <button key={each} type="button" aria-pressed={each === speed} onClick={() => choose(each)}>
          {each}×
        </button>
      ))}
    </fieldset>
  );
}

interface JumpToProps extends TransportControlsProps {
  readonly problem: string | null;
  readonly setProblem: (problem: string | null) => void;
}

/** Any time of the day that is still to come. */
function JumpTo({ midnight, steer, problem, setProblem }: JumpToProps): ReactElement {
  const id = useId();
  const [time, setTime] = useState('');
  return (
    <form
      className="transport__jump"
      onSubmit={async (event) => {
        event.preventDefault();
        const to = instantAt(midnight, time);
        const failure = to === null ? 'Enter a time like 10:30.' : await steer({ do: 'jump', to });
        setProblem(failure);
        if (failure === null) setTime('');
      }}
    >
      <div className="field__row">
        <input
          className="input"
          aria-label="Time to jump to"
          aria-describedby={`${id}-hint`}
          aria-invalid={problem !== null}
          placeholder="10:30"
          inputMode="numeric"
          autoComplete="off"
          maxLength={8}
          value={time}
          onChange={(event) => {
            setTime(event.target.value);
            setProblem(null);
          }}
        />
        <Button type="submit" size="medium" disabled={time.trim() === ''}>
          Jump
        </Button>
      </div>
      <p id={`${id}-hint`} className={problem === null ? 'field__hint' : 'form-error'} role="status">
        {problem ?? 'Any later time of this day. There is no way back.'}
      </p>
    </form>
  );
}
