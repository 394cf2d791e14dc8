import type { StepOutcome, StepState } from '../contract/state.ts';
import { type IstDate, istTimeOf } from '../market/ist.ts';
import type { DayPlan, PlannedStep } from './day-plan.ts';

/** What became of a try at a step. */
export interface StepResult {
  /** `waiting`: held up; tried again at every wake, or not before `retryAtMs`. The others are final. */
  readonly outcome: Exclude<StepOutcome, 'pending' | 'missed'>;
  /** A few words for a person. */
  readonly detail?: string | null;
  /** Ms since the epoch; only with `waiting`. */
  readonly retryAtMs?: number;
}

/** A planned step and what has become of it. */
export interface StepRecord {
  readonly planned: PlannedStep;
  readonly state: StepState;
  /** Not to be tried before this instant; null: at every wake. */
  readonly retryAtMs: number | null;
  /** Why it was late when it was first tried; null when it was not. */
  readonly note: string | null;
}

export function isSettled(outcome: StepOutcome): boolean {
  return outcome !== 'pending' && outcome !== 'waiting';
}

/** The steps of a plan, none of them done. */
export function recordsOf(plan: DayPlan, startedAtMs: number): readonly StepRecord[] {
  return plan.steps.map((planned) => {
    const state: StepState = {
      id: planned.id,
      step: planned.step,
      label: planned.label,
      plannedAt: planned.plannedAt,
      dueAt: Math.max(planned.plannedAt, startedAtMs),
      actualAt: null,
      outcome: 'pending',
      detail: null,
    };
    return { planned, state, retryAtMs: null, note: null };
  });
}

/** The same records; what an earlier run of the same day has settled stays settled. */
export function restored(records: readonly StepRecord[], earlier: readonly StepState[]): readonly StepRecord[] {
  const before = new Map(earlier.filter((step) => isSettled(step.outcome)).map((step) => [step.id, step]));
  return records.map((record) => {
    const known = before.get(record.planned.id);
    const { label, plannedAt } = record.planned;
    return known === undefined ? record : { ...record, state: { ...known, label, plannedAt }, retryAtMs: null };
  });
}

/** The records of a new plan, going on from what has become of the steps that were in the old one too. */
export function replanned(old: readonly StepRecord[], fresh: readonly StepRecord[]): readonly StepRecord[] {
  const before = new Map(old.map((record) => [record.planned.id, record]));
  return fresh.map((record) => {
    const known = before.get(record.planned.id);
    if (known === undefined || known.state.outcome === 'pending') return record;
    const { label, plannedAt, dueAt } = record.state;
    return { ...known, planned: record.planned, state: { ...known.state, label, plannedAt, dueAt } };
  });
}

/** How late steps came to be late: all that a step's fate depends on besides its plan. */
export interface Lateness {
  readonly nowMs: number;
  /** When the desk's run began, ms since the epoch. */
  readonly startedAtMs: number;
  /** A step within this of its time is on time. */
  readonly toleranceMs: number;
  /** The instant a simulation was last moved ahead to; null: never. */
  readonly movedAheadToMs?: number | null;
}

/** What to do about a step now. `note`: why it is late, for its detail. */
export type StepFate =
  | { readonly do: 'nothing' }
  | { readonly do: 'perform'; readonly note: string | null }
  | {
      readonly do: 'settle';
      readonly outcome: 'done' | 'failed' | 'missed' | 'not-needed';
      readonly note: string | null;
    };

const NOTHING: StepFate = { do: 'nothing' };

/**
 * The fate of a step. What is on time happens. What is late by the desk's start or by a sleep is caught up on while that
 * is useful; a reminder from before the start is not (the login check is), and the market's own events are missed.
 */
export function fateOf({ planned, state, retryAtMs, note }: StepRecord, lateness: Lateness): StepFate {
  const { nowMs, startedAtMs, toleranceMs, movedAheadToMs = null } = lateness;
  if (isSettled(state.outcome) || nowMs < planned.plannedAt) return NOTHING;
  if (state.outcome === 'waiting') {
    if (planned.usefulUntil !== null && nowMs >= planned.usefulUntil) return { do: 'settle', outcome: 'failed', note };
    return retryAtMs !== null && nowMs < retryAtMs ? NOTHING : { do: 'perform', note };
  }

  const wasRunning = planned.plannedAt >= startedAtMs - toleranceMs;
  const isOnTime = wasRunning && nowMs - planned.plannedAt <= toleranceMs;
  if (isOnTime) {
    return planned.usefulUntil === null ? { do: 'settle', outcome: 'done', note: null } : { do: 'perform', note: null };
  }
  const wasPassedOver = movedAheadToMs !== null && planned.plannedAt <= movedAheadToMs;
  const absence = wasRunning
    ? wasPassedOver
      ? `moved ahead to ${istTimeOf(movedAheadToMs)}`
      : `woke at ${istTimeOf(nowMs)}`
    : `the app was not running; started at ${istTimeOf(startedAtMs)}`;
  const isUseful = planned.usefulUntil !== null && nowMs < planned.usefulUntil;
  if (isReminder(planned)) {
    return isUseful && wasRunning
      ? { do: 'perform', note: absence }
      : { do: 'settle', outcome: 'not-needed', note: absence };
  }
  return isUseful ? { do: 'perform', note: absence } : { do: 'settle', outcome: 'missed', note: absence };
}

/** Whether a step was given up in a future that the clock has since taken back. */
export function isUndone({ planned, state }: StepRecord, nowMs: number): boolean {
  const wasGivenUp = state.outcome === 'missed' || (state.outcome === 'not-needed' && isReminder(planned));
  return wasGivenUp && nowMs < planned.plannedAt;
}

function isReminder({ step }: PlannedStep): boolean {
  return step === 'token-reminder-1' || step === 'token-reminder-2' || step === 'token-reminder-3';
}

/** A step after a try. The first moment it was settled, and its words, stay. */
export function withResult(record: StepRecord, result: StepResult, note: string | null, nowMs: number): StepRecord {
  if (isSettled(record.state.outcome)) return record;
  const happened = result.outcome === 'done' || result.outcome === 'failed';
  return {
    ...record,
    state: {
      ...record.state,
      outcome: result.outcome,
      actualAt: happened ? nowMs : null,
      detail: joined(result.detail, note),
    },
    retryAtMs: result.outcome === 'waiting' ? (result.retryAtMs ?? null) : null,
    note,
  };
}

/** A step that nobody was asked about. */
export function settled(record: StepRecord, outcome: StepOutcome, note: string | null, nowMs: number): StepRecord {
  const { state } = record;
  const happened = outcome === 'done' || outcome === 'failed';
  // What a step was waiting for is the reason it failed; the note is in there already.
  const detail = state.outcome === 'waiting' ? state.detail : joined(note);
  return { ...record, state: { ...state, outcome, actualAt: happened ? nowMs : null, detail }, retryAtMs: null, note };
}

/** The step of a day that has ended: what was still open has failed or been missed. */
export function atDayEnd(record: StepRecord, date: IstDate): StepRecord {
  const { state } = record;
  if (isSettled(state.outcome)) return record;
  const outcome = state.outcome === 'waiting' ? 'failed' : 'missed';
  const detail = joined(state.detail, `still open when ${date} ended`);
  return { ...record, state: { ...state, outcome, detail }, retryAtMs: null };
}

function joined(...words: readonly (string | null | undefined)[]): string | null {
  const known = words.filter((word): word is string => word !== null && word !== undefined && word !== '');
  // A sentence that goes on has no full stop.
  const text = known
    .map((word, index) => (index === known.length - 1 ? word : word.replace(/[.;\s]+$/, '')))
    .join('; ');
  return text === '' ? null : text;
}
