import type { Clock } from '../clock.ts';
import type { ScheduleState, StepState } from '../contract/state.ts';
import type { Log } from '../log.ts';
import { addDays, type IstDate, instantOf, istDateOf, istTimeOf } from '../market/ist.ts';
import type { DayPlan, PlannedStep } from './day-plan.ts';
import {
  atDayEnd,
  fateOf,
  isUndone,
  recordsOf,
  replanned,
  restored,
  type StepRecord,
  type StepResult,
  settled,
  withResult,
} from './step-record.ts';
import type { WakeUps } from './wake-ups.ts';

/** A look at the day. */
export interface Wake {
  /** Ms since the epoch. */
  readonly nowMs: number;
  readonly reason: string;
  /** How far the wall clock moved against the passing of time since the last wake; 0 within the tolerance. Ms. */
  readonly jumpMs: number;
  readonly dayChanged: boolean;
  readonly plan: DayPlan;
}

/** What the desk does for the day. */
export interface StepActions {
  /** Called first at every wake, to close the difference between what should run and what runs. */
  onWake(wake: Wake): void;
  /**
   * Does a step that is due, or says what it waits for. May be called again while it answers `waiting`, never while an
   * answer is outstanding and never after a final one. `note`: why it is late.
   */
  perform(step: PlannedStep, note: string | null): StepResult | Promise<StepResult>;
}

export interface ReconcilerPorts {
  readonly clock: Clock;
  readonly wakeUps: WakeUps;
  readonly actions: StepActions;
  readonly log: Log;
  /** The plan of a date with what is subscribed now. */
  plan(date: IstDate): DayPlan;
  /** Told after every change; the last call about a date is its final word, though another date follows. */
  onChange(schedule: ScheduleState): void;
}

const HEARTBEAT_MS = 1_000;
/** A scaled clock's heartbeat is no faster than this in real time. */
const SHORTEST_REAL_HEARTBEAT_MS = 50;
const JUMP_MS = 2_000;
/** A step that is reached this long after its time is still on time: a heartbeat and a busy moment. */
const TOLERANCE_MS = 5_000;
const REAL_TOLERANCE_MS = 1_000;
/** Days kept, so that a clock set back over midnight and forward again finds what was done. */
const DAYS_KEPT = 4;
/** Rounds within one wake: each can only follow from a step that was settled in the one before. */
const MAX_ROUNDS = 10;

/**
 * Brings each day's steps about. Level-triggered: at every wake it compares the plan with the time and acts on the
 * difference, so a wake that comes late (sleep, clock change, busy loop) finds everything that is owed.
 */
export class DayReconciler implements Disposable {
  private readonly ports: ReconcilerPorts;
  private readonly resources = new DisposableStack();
  private readonly days = new Map<IstDate, Day>();
  private today: Day;
  private alarms = new DisposableStack();
  private startedAtMs: number;
  private lastSeen: { readonly wallMs: number; readonly monotonicMs: number };
  private heartbeat: Disposable | null = null;
  /** Where a simulation was last moved ahead to. */
  private movedAheadToMs: number | null = null;
  private isLooking = false;
  private again: string | null = null;
  private disposed = false;

  /** Does nothing until `start`. */
  constructor(ports: ReconcilerPorts) {
    const { clock } = ports;
    this.ports = ports;
    this.startedAtMs = clock.now();
    this.lastSeen = { wallMs: clock.now(), monotonicMs: clock.monotonic() };
    this.today = this.openDay(istDateOf(clock.now()));
  }

  get schedule(): ScheduleState {
    return { date: this.today.date, steps: this.today.records.map((record) => record.state) };
  }

  get plan(): DayPlan {
    return this.today.plan;
  }

  /** Catches up with the day so far, and keeps up with it from now on. */
  start(): void {
    this.resources.defer(() => this.heartbeat?.[Symbol.dispose]());
    this.resources.defer(() => this.alarms.dispose());
    this.speedChanged();
    this.ports.onChange(this.schedule);
    this.wake('start');
  }

  /** The clock runs at another speed from now on. */
  speedChanged(): void {
    const { clock } = this.ports;
    const periodMs = Math.max(HEARTBEAT_MS, SHORTEST_REAL_HEARTBEAT_MS * clock.speed);
    this.heartbeat?.[Symbol.dispose]();
    this.heartbeat = clock.setInterval(() => this.wake('heartbeat'), periodMs);
    this.armAlarms();
  }

  /** A simulation's clock was moved ahead to an instant: what that passed over is said to be so. Ms since the epoch. */
  movedAhead(toMs: number): void {
    this.movedAheadToMs = toMs;
    this.wake('moved ahead');
  }

  /** Looks at the day now. Called from within a wake, it looks again once that has finished. */
  wake(reason: string): void {
    if (this.disposed) return;
    if (this.isLooking) {
      this.again = reason;
      return;
    }
    this.isLooking = true;
    try {
      this.look(reason);
      for (let round = 1; this.again !== null && round < MAX_ROUNDS && !this.disposed; round++) {
        const next: string = this.again;
        this.again = null;
        this.look(next);
      }
    } finally {
      this.again = null;
      this.isLooking = false;
    }
  }

  /** Settles a step from outside, possibly before its time (first ticks that came early). A settled step stays. */
  report(id: string, result: StepResult): void {
    this.update(this.today, id, (record) => withResult(record, result, record.note, this.ports.clock.now()));
  }

  /** Steps of a date as an earlier run left them, whenever they are known: what that run settled stays settled. */
  restore(date: IstDate, steps: readonly StepState[]): void {
    const day = this.days.get(date);
    if (day === undefined) return;
    day.records = restored(day.records, steps);
    if (day === this.today) this.ports.onChange(this.schedule);
  }

  /** Plans today anew: what is subscribed or the calendar has changed. Settled steps stay so. */
  replan(): void {
    const { today } = this;
    today.plan = this.ports.plan(today.date);
    today.records = replanned(today.records, recordsOf(today.plan, this.startedAtMs));
    this.armAlarms();
    this.ports.onChange(this.schedule);
    this.wake('replanned');
  }

  [Symbol.dispose](): void {
    this.disposed = true;
    this.resources.dispose();
  }

  private look(reason: string): void {
    const { clock, actions } = this.ports;
    const nowMs = clock.now();
    const jumpMs = this.noteTime(nowMs);
    this.startedAtMs = Math.min(this.startedAtMs, nowMs);
    const dayChanged = istDateOf(nowMs) !== this.today.date;
    if (dayChanged) this.changeDay(istDateOf(nowMs));
    if (dayChanged || jumpMs !== 0) this.armAlarms();
    if (jumpMs !== 0) this.sayJump(nowMs, jumpMs);

    actions.onWake({ nowMs, reason, jumpMs, dayChanged, plan: this.today.plan });
    const day = this.today;
    for (const { planned } of day.records) this.attend(day, planned.id, nowMs);
  }

  /** How far the wall clock has moved by itself since the last look. */
  private noteTime(nowMs: number): number {
    const monotonicMs = this.ports.clock.monotonic();
    const jumpMs = nowMs - this.lastSeen.wallMs - (monotonicMs - this.lastSeen.monotonicMs);
    this.lastSeen = { wallMs: nowMs, monotonicMs };
    return Math.abs(jumpMs) > this.atSpeed(JUMP_MS) ? jumpMs : 0;
  }

  /** A limit in market ms: at any speed as long in real time as a busy moment of this PC. */
  private atSpeed(limitMs: number): number {
    return Math.max(limitMs, REAL_TOLERANCE_MS * this.ports.clock.speed);
  }

  private sayJump(nowMs: number, jumpMs: number): void {
    if (jumpMs > 0 && this.movedAheadToMs !== null && nowMs - this.movedAheadToMs <= this.atSpeed(JUMP_MS)) return;
    const seconds = Math.round(Math.abs(jumpMs) / 1000);
    const what =
      jumpMs > 0 ? `slept, or the clock was set ahead by ${seconds} s` : `the clock was set back by ${seconds} s`;
    this.ports.log('info', 'schedule', `Woke at ${istTimeOf(nowMs)}: ${what}.`);
  }

  private changeDay(date: IstDate): void {
    const ended = this.today;
    if (date > ended.date) {
      // The records themselves stay open, should the clock be set back to their day.
      const steps = ended.records.map((record) => atDayEnd(record, ended.date).state);
      this.ports.onChange({ date: ended.date, steps });
    }
    this.today = this.days.get(date) ?? this.openDay(date);
    this.ports.onChange(this.schedule);
  }

  private openDay(date: IstDate): Day {
    const plan = this.ports.plan(date);
    const records = recordsOf(plan, this.startedAtMs);
    const day: Day = { date, plan, records, busy: new Set() };
    this.days.set(date, day);
    for (const [oldest] of this.days) {
      if (this.days.size <= DAYS_KEPT) break;
      this.days.delete(oldest);
    }
    return day;
  }

  /** One wake-up for each step still to come, and one for midnight. */
  private armAlarms(): void {
    const { clock, wakeUps } = this.ports;
    this.alarms.dispose();
    this.alarms = new DisposableStack();
    const nowMs = clock.now();
    const instants = new Set(this.today.plan.steps.map((step) => step.plannedAt));
    instants.add(instantOf(addDays(this.today.date, 1), '00:00'));
    for (const instantMs of instants) {
      if (instantMs > nowMs) this.alarms.use(wakeUps.at(instantMs, () => this.ring(instantMs)));
    }
  }

  /** A wake-up by another clock can come a moment early: the rest is waited for. */
  private ring(instantMs: number): void {
    const { clock } = this.ports;
    const earlyMs = instantMs - clock.now();
    if (earlyMs > 0) this.alarms.use(clock.setTimeout(() => this.wake('planned time'), earlyMs));
    else this.wake('planned time');
  }

  private attend(day: Day, id: string, nowMs: number): void {
    const record = day.records.find(({ planned }) => planned.id === id);
    if (record === undefined || day.busy.has(id)) return;
    if (isUndone(record, nowMs)) {
      this.update(day, id, (undone) => ({ ...undone, state: { ...undone.state, outcome: 'pending', detail: null } }));
      return;
    }
    const { startedAtMs, movedAheadToMs } = this;
    const toleranceMs = this.atSpeed(TOLERANCE_MS);
    const fate = fateOf(record, { nowMs, startedAtMs, toleranceMs, movedAheadToMs });
    switch (fate.do) {
      case 'nothing':
        return;
      case 'settle':
        this.update(day, id, (due) => settled(due, fate.outcome, fate.note, nowMs));
        return;
      case 'perform':
        this.perform(day, record.planned, fate.note);
    }
  }

  private perform(day: Day, planned: PlannedStep, note: string | null): void {
    const finish = (result: StepResult): void => {
      const nowMs = this.ports.clock.now();
      this.update(day, planned.id, (record) => withResult(record, result, note, nowMs));
    };
    const giveUp = (error: unknown): void => {
      // The name only: the message is not ours and could quote anything.
      const kind = error instanceof Error ? error.name : 'unknown error';
      finish({ outcome: 'failed', detail: `failed unexpectedly (${kind})` });
    };
    try {
      const result = this.ports.actions.perform(planned, note);
      if (!(result instanceof Promise)) {
        finish(result);
        return;
      }
      day.busy.add(planned.id);
      void result.then(finish, giveUp).finally(() => day.busy.delete(planned.id));
    } catch (error) {
      giveUp(error);
    }
  }

  private update(day: Day, id: string, change: (record: StepRecord) => StepRecord): void {
    if (this.disposed) return;
    const before = day.records;
    const records = before.map((record) => (record.planned.id === id ? change(record) : record));
    if (records.every((record, index) => isSameState(record, before[index]))) {
      day.records = records;
      return;
    }
    day.records = records;
    this.ports.onChange({ date: day.date, steps: records.map((record) => record.state) });
  }
}

interface Day {
  readonly date: IstDate;
  plan: DayPlan;
  records: readonly StepRecord[];
  /** Steps whose answer is outstanding. */
  readonly busy: Set<string>;
}

function isSameState(a: StepRecord, b: StepRecord | undefined): boolean {
  return b !== undefined && a.state.outcome === b.state.outcome && a.state.detail === b.state.detail;
}
