import { type ReactElement, useEffect, useRef } from 'react';
import type { StepState } from '../../../src/contract/state.ts';
import { Icon } from '../../components/icons.tsx';
import { istMinute, shortDate } from '../../format/ist.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useNow } from '../../state/session-context.ts';
import { currentStep, lookOf, outcomeText, shownSteps, signOf, stepStory, troubleText } from './day-steps.ts';
import './timeline.css';

/** The day's plan: what is to happen when, and what has come of it. */
export function Timeline(): ReactElement {
  const { date, steps } = useDesk((state) => state.schedule);
  const now = useNow();
  const hasLogin = useDesk((state) => state.auth.state === 'valid');
  const shown = shownSteps(steps, hasLogin);
  const current = currentStep(shown, now);
  return (
    <section className="timeline panel-fill" aria-label="The day’s plan">
      <header className="panel-header">
        <h2>Day</h2>
        <span className="panel-header__of">{shortDate(date)}</span>
      </header>
      {shown.length === 0 ? (
        <p className="empty">Nothing is planned: the market does not open on this day.</p>
      ) : (
        <Steps steps={shown} currentId={current?.id ?? null} />
      )}
    </section>
  );
}

interface StepsProps {
  readonly steps: readonly StepState[];
  readonly currentId: string | null;
}

function Steps({ steps, currentId }: StepsProps): ReactElement {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const element = list.current;
    const line = currentId === null ? null : element?.querySelector<HTMLElement>('[aria-current]');
    if (element === null || !line) return;
    const centre = (): void => {
      const top = line.offsetTop - element.clientHeight / 2;
      // To a whole line: half a time can be read as another.
      const lines = [...element.querySelectorAll<HTMLElement>('li')];
      element.scrollTop = lines.find(({ offsetTop }) => offsetTop >= top)?.offsetTop ?? 0;
    };
    const observer = new ResizeObserver(centre);
    observer.observe(element);
    return () => observer.disconnect();
  }, [currentId]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to reach it
    <ol ref={list} className="timeline__steps" aria-label="Steps of the day" tabIndex={0}>
      {steps.map((step) => {
        const sign = signOf(step);
        const trouble = troubleText(step);
        return (
          <li
            key={step.id}
            className="step"
            data-outcome={lookOf(step)}
            aria-current={step.id === currentId ? 'step' : undefined}
            title={stepStory(step)}
          >
            <time className="step__time">{istMinute(step.plannedAt)}</time>
            <span className="step__sign">
              <Icon name={sign.icon} size={12} />
            </span>
            <span className="step__label">{step.label}</span>
            <span className="step__outcome">{outcomeText(step)}</span>
            {trouble === null ? null : <span className="step__trouble">{trouble}</span>}
          </li>
        );
      })}
    </ol>
  );
}
