import { describe, expect, onTestFinished, test } from 'vitest';
import type { ScheduleState, StepState } from '../../../src/contract/state.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { type IstDate, istTimeOf } from '../../../src/market/ist.ts';
import { type PlannedStep, planDay } from '../../../src/schedule/day-plan.ts';
import { DayReconciler, type Wake } from '../../../src/schedule/reconciler.ts';
import { recordsOf, type StepResult, withResult } from '../../../src/schedule/step-record.ts';
import { clockWakeUps } from '../../../src/schedule/wake-ups.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const calendar = bundledCalendar();
const HOUR = 3_600_000;

type Answer = StepResult | Promise<StepResult> | (() => StepResult | Promise<StepResult>);

/** A reconciler on a virtual clock, with what it was asked to do. Steps are done unless an answer is scripted. */
class DayFixture {
  readonly clock: VirtualClock;
  readonly reconciler: DayReconciler;
  readonly performed: string[] = [];
  readonly wakes: Wake[] = [];
  readonly changes: ScheduleState[] = [];
  readonly log: string[] = [];
  readonly answers = new Map<string, Answer>();

  constructor(startIst: string, earlier: readonly StepState[] = []) {
    this.clock = new VirtualClock(startIst);
    this.reconciler = new DayReconciler({
      clock: this.clock,
      wakeUps: clockWakeUps(this.clock),
      plan: (date) => planDay(calendar, date, ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT', 'BFO_FUT']),
      onChange: (schedule) => this.changes.push(schedule),
      log: (_level, _area, text) => this.log.push(text),
      actions: { onWake: (wake) => this.wakes.push(wake), perform: (step, note) => this.perform(step, note) },
    });
    onTestFinished(() => this.reconciler[Symbol.dispose]());
    this.reconciler.restore(startIst.slice(0, 10), earlier);
    this.reconciler.start();
  }

  step(id: string, date?: IstDate): StepState {
    const schedule =
      date === undefined ? this.reconciler.schedule : this.changes.findLast((change) => change.date === date);
    const found = schedule?.steps.find((step) => step.id === id);
    if (found === undefined) throw new Error(`no step ${id}`);
    return found;
  }

  /** `outcome at HH:MM:SS (detail)`. */
  summary(id: string, date?: IstDate): string {
    const { outcome, actualAt, detail } = this.step(id, date);
    const at = actualAt === null ? '' : ` at ${istTimeOf(actualAt)}`;
    return `${outcome}${at}${detail === null ? '' : ` (${detail})`}`;
  }

  private perform(step: PlannedStep, note: string | null): StepResult | Promise<StepResult> {
    this.performed.push(`${istTimeOf(this.clock.now())} ${step.id}${note === null ? '' : ` [${note}]`}`);
    const answer = this.answers.get(step.id) ?? { outcome: 'done' };
    return typeof answer === 'function' ? answer() : answer;
  }
}

const onDay = (time: string): string => `2026-11-23T${time}+05:30`;

describe('a day from before dawn to after the close', () => {
  test('has every step done once, at its second, and nothing left over', async () => {
    const day = new DayFixture(onDay('04:00:00'));
    await day.clock.advanceTo(onDay('16:00:00'));
    for (const step of day.reconciler.schedule.steps) {
      expect({ id: step.id, outcome: step.outcome, late: (step.actualAt ?? 0) - step.plannedAt }).toEqual({
        id: step.id,
        outcome: 'done',
        late: 0,
      });
    }
    expect(new Set(day.performed).size).toBe(day.performed.length);
    expect(day.performed).toContain('08:50:00 token-check');
    expect(day.performed).toContain('15:45:00 feed-stop');
  });

  test('looks at the day every second', async () => {
    const day = new DayFixture(onDay('10:00:00'));
    await day.clock.advance(60_000);
    expect(day.wakes.length).toBe(61);
  });

  test('on a holiday has no steps and still looks', async () => {
    const day = new DayFixture('2026-11-24T08:00:00+05:30');
    await day.clock.advance(10_000);
    expect(day.reconciler.schedule).toEqual({ date: '2026-11-24', steps: [] });
    expect(day.wakes.at(-1)?.plan.reason).toBe('Guru Nanak Jayanti');
  });
});

describe('starting late', () => {
  test('a reason that is a sentence goes on without its full stop', () => {
    const plan = planDay(calendar, '2026-11-23', ['NSE_INDEX']);
    const [record] = recordsOf(plan, 0);
    if (record === undefined) throw new Error('a day without steps');
    const waiting = { outcome: 'waiting', detail: 'Prices start within a second of signing in.' } as const;
    const detail = (note: string | null) => withResult(record, waiting, note, 0).state.detail;
    expect(detail('the app was not running')).toBe(
      'Prices start within a second of signing in; the app was not running',
    );
    expect(detail(null)).toBe(waiting.detail);
  });

  test('catches up on what is still useful, at once, and says what was missed', () => {
    const day = new DayFixture(onDay('09:07:00'));
    const absent = 'the app was not running; started at 09:07:00';
    expect(day.summary('token-check')).toBe(`done at 09:07:00 (${absent})`);
    expect(day.summary('feed-start')).toBe(`done at 09:07:00 (${absent})`);
    expect(day.summary('instruments')).toBe(`done at 09:07:00 (${absent})`);
    expect(day.summary('pre-open')).toBe(`missed (${absent})`);
    expect(day.summary('token-verify-early')).toBe(`missed (${absent})`);
    expect(day.summary('token-reminder-1')).toBe(`not-needed (${absent})`);
    expect(day.summary('token-reminder-3')).toBe('pending');
    expect(day.step('feed-start').dueAt).toBe(day.clock.now());
    expect(day.performed).not.toEqual(expect.arrayContaining([expect.stringContaining('token-reminder')]));
  });

  test('after the close starts nothing', () => {
    const day = new DayFixture(onDay('17:00:00'));
    expect(day.step('feed-start').outcome).toBe('missed');
    expect(day.step('token-check').outcome).toBe('missed');
  });

  test('after an earlier run of the same day leaves alone what that run settled', () => {
    const first = new DayFixture(onDay('04:00:00'));
    const done: StepState = { ...first.step('instruments'), outcome: 'done', actualAt: 1, detail: 'by the first run' };
    const second = new DayFixture(onDay('09:00:30'), [done]);
    expect(second.step('instruments')).toMatchObject({ outcome: 'done', actualAt: 1, detail: 'by the first run' });
    expect(second.performed).not.toEqual(expect.arrayContaining([expect.stringContaining('instruments')]));
    expect(second.step('token-check').outcome).toBe('done');
  });
});

describe('a step that cannot be done yet', () => {
  test('waits, is tried at every wake, and is recorded once with the moment it was done', async () => {
    const day = new DayFixture(onDay('08:54:00'));
    let signedIn = false;
    day.answers.set('feed-start', () =>
      signedIn ? { outcome: 'done', detail: 'after the login' } : { outcome: 'waiting', detail: 'no login' },
    );
    await day.clock.advanceTo(onDay('08:57:00'));
    expect(day.summary('feed-start')).toBe('waiting (no login)');
    await day.clock.advance(250);
    signedIn = true;
    day.reconciler.wake('login');
    expect(day.step('feed-start').actualAt).toBe(day.clock.now());
    const tries = day.performed.length;
    await day.clock.advance(2_000);
    expect(day.performed).toHaveLength(tries);
  });

  test('is left in peace until it asks to be tried again', async () => {
    const day = new DayFixture(onDay('08:29:00'));
    day.answers.set('instruments', () => ({
      outcome: 'waiting',
      detail: 'no network',
      retryAtMs: day.clock.now() + 60_000,
    }));
    await day.clock.advanceTo(onDay('08:40:30'));
    expect(day.performed.filter((line) => line.includes('instruments'))).toHaveLength(11);
  });

  test('fails with its own words when its time is over', async () => {
    const day = new DayFixture(onDay('08:54:00'));
    day.answers.set('feed-start', { outcome: 'waiting', detail: 'no login' });
    await day.clock.advanceTo(onDay('15:46:00'));
    expect(day.summary('feed-start')).toBe('failed at 15:45:00 (no login)');
  });

  test('is never asked a second time while an answer is outstanding', async () => {
    const day = new DayFixture(onDay('08:49:00'));
    const { promise, resolve } = Promise.withResolvers<StepResult>();
    day.answers.set('token-check', promise);
    await day.clock.advanceTo(onDay('08:52:00'));
    expect(day.performed.filter((line) => line.includes('token-check'))).toHaveLength(1);
    resolve({ outcome: 'done', detail: 'valid' });
    await day.clock.advance(0);
    expect(day.summary('token-check')).toBe('done at 08:52:00 (valid)');
  });

  test.each<[string, Answer]>([
    [
      'throws',
      () => {
        throw new TypeError('with a token in it');
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('with a token in it'))],
  ])('fails without repeating the message when it %s, and the day goes on', async (_case, answer) => {
    const day = new DayFixture(onDay('08:49:00'));
    day.answers.set('token-check', answer);
    await day.clock.advanceTo(onDay('08:56:00'));
    expect(day.summary('token-check')).toBe('failed at 08:50:00 (failed unexpectedly (TypeError))');
    expect(day.step('feed-start').outcome).toBe('done');
  });

  test('can be settled from outside before its time', async () => {
    const day = new DayFixture(onDay('08:55:01'));
    await day.clock.advance(1_000);
    day.reconciler.report('first-ticks', { outcome: 'done', detail: '6 of 6' });
    expect(day.summary('first-ticks')).toBe('done at 08:55:02 (6 of 6)');
    await day.clock.advanceTo(onDay('09:01:00'));
    expect(day.performed).not.toEqual(expect.arrayContaining([expect.stringContaining('first-ticks')]));
  });
});

describe('sleep and clock changes', () => {
  test('a sleep from before dawn to 09:07 costs one heartbeat: late steps run once and say why', async () => {
    const day = new DayFixture(onDay('04:00:00'));
    day.clock.jump(5 * HOUR + 7 * 60_000 - 1_000);
    await day.clock.advance(1_000);
    expect(day.wakes.at(-1)).toMatchObject({ reason: 'heartbeat', jumpMs: 5 * HOUR + 7 * 60_000 - 1_000 });
    expect(day.summary('token-check')).toBe('done at 09:07:00 (woke at 09:07:00)');
    expect(day.summary('feed-start')).toBe('done at 09:07:00 (woke at 09:07:00)');
    expect(day.summary('pre-open')).toBe('missed (woke at 09:07:00)');
    expect(day.summary('token-reminder-1')).toBe('not-needed (woke at 09:07:00)');
    expect(day.performed.filter((line) => line.includes('token-reminder'))).toEqual([
      '09:07:00 token-reminder-2 [woke at 09:07:00]',
    ]);
    await day.clock.advanceTo(onDay('09:15:00'));
    expect(day.summary('live')).toBe('done at 09:15:00');
    expect(new Set(day.performed).size).toBe(day.performed.length);
  });

  test('a sleep through the close still stops the feed and writes the certificate', async () => {
    const day = new DayFixture(onDay('15:00:00'));
    day.clock.jump(3 * HOUR);
    await day.clock.advance(1_000);
    expect(day.summary('feed-stop')).toBe('done at 18:00:01 (woke at 18:00:01)');
    expect(day.step('certificate').outcome).toBe('done');
  });

  test('after a jump the planned times are met to the millisecond again, not to the heartbeat', async () => {
    const day = new DayFixture(onDay('04:00:00'));
    day.clock.jump(5 * HOUR + 400);
    await day.clock.advance(1_000);
    await day.clock.advanceTo(onDay('09:15:01'));
    expect(day.step('live').actualAt).toBe(Date.parse(onDay('09:15:00')));
  });

  test('a clock set back by hours repeats nothing that was done', async () => {
    const day = new DayFixture(onDay('08:00:00'));
    await day.clock.advanceTo(onDay('09:20:00'));
    const performed = [...day.performed];
    const steps = day.reconciler.schedule.steps.filter((step) => step.outcome === 'done');
    day.clock.jump(-2 * HOUR);
    await day.clock.advanceTo(onDay('09:30:00'));
    expect(day.performed).toEqual(performed);
    for (const step of steps) expect(day.step(step.id)).toEqual(step);
  });

  test('a clock that was hours ahead and is set right gives back what was taken for missed', async () => {
    const day = new DayFixture(onDay('08:00:00'));
    day.clock.jump(10 * HOUR);
    await day.clock.advance(1_000);
    expect(day.step('live').outcome).toBe('missed');
    day.clock.jump(-10 * HOUR);
    await day.clock.advanceTo(onDay('09:15:10'));
    expect(day.summary('live')).toBe('done at 09:15:00');
    expect(day.summary('feed-start')).toBe('done at 08:55:00');
  });

  test('an app started under a clock that was ahead does its day once the clock is right', async () => {
    const day = new DayFixture(onDay('14:00:00'));
    expect(day.step('live').outcome).toBe('missed');
    day.clock.jump(-6 * HOUR);
    await day.clock.advanceTo(onDay('09:16:00'));
    expect(day.summary('live')).toBe('done at 09:15:00');
  });

  test.each([
    [1, 1_900, false],
    [1, 2_100, true],
    [20, 17_000, false],
    [20, 21_000, true],
    [600, 17_000, false],
    [600, 590_000, false],
    [600, 610_000, true],
  ])('at speed %d a difference of %d ms is a jump: %s', async (speed, byMs, isJump) => {
    const day = new DayFixture(onDay('09:00:00'));
    day.clock.speed = speed;
    day.reconciler.speedChanged();
    await day.clock.advance(60_000);
    day.clock.jump(byMs);
    await day.clock.advance(60_000);
    expect(day.wakes.some((wake) => wake.jumpMs !== 0)).toBe(isJump);
    expect(day.log).toHaveLength(isJump ? 1 : 0);
  });

  test('small corrections of the clock are no jumps', async () => {
    const day = new DayFixture(onDay('08:00:00'));
    for (let index = 0; index < 20; index++) {
      day.clock.jump(index % 2 === 0 ? 1_500 : -1_500);
      await day.clock.advance(1_000);
    }
    expect(day.wakes.every((wake) => wake.jumpMs === 0)).toBe(true);
    expect(day.log).toEqual([]);
  });
});

describe('midnight', () => {
  test('closes the day with a last word about it and opens the next', async () => {
    const day = new DayFixture(onDay('15:44:00'));
    day.answers.set('certificate', { outcome: 'waiting', detail: 'disk full' });
    await day.clock.advanceTo('2026-11-24T00:00:00+05:30');
    expect(day.reconciler.schedule.date).toBe('2026-11-24');
    expect(day.summary('certificate', '2026-11-23')).toBe('failed (disk full; still open when 2026-11-23 ended)');
    expect(day.wakes.filter((wake) => wake.dayChanged)).toMatchObject([{ nowMs: day.clock.now() }]);
  });

  test('days on end need no restart, and no timer is left over', async () => {
    const day = new DayFixture('2026-11-24T20:00:00+05:30');
    await day.clock.advanceTo('2026-11-27T16:00:00+05:30');
    const starts = day.performed.filter((line) => line.includes('feed-start'));
    expect(starts).toEqual(Array.from({ length: 3 }, () => '08:55:00 feed-start'));
    day.reconciler[Symbol.dispose]();
    expect(day.clock.pending).toBe(0);
  });

  test('a clock set back over midnight finds the day as it was left', async () => {
    const day = new DayFixture(onDay('15:44:00'));
    await day.clock.advanceTo('2026-11-24T00:00:10+05:30');
    day.clock.jump(-20_000);
    await day.clock.advance(1_000);
    expect(day.reconciler.schedule.date).toBe('2026-11-23');
    expect(day.summary('feed-stop')).toBe('done at 15:45:00');
  });

  test('an answer that comes after midnight goes to its own day', async () => {
    const { promise, resolve } = Promise.withResolvers<StepResult>();
    const day = new DayFixture('2026-11-23T15:44:58+05:30');
    day.answers.set('feed-stop', promise);
    await day.clock.advanceTo('2026-11-24T00:00:01+05:30');
    resolve({ outcome: 'done', detail: 'at last' });
    await day.clock.advance(0);
    expect(day.step('feed-stop', '2026-11-23').outcome).toBe('done');
    expect(day.reconciler.schedule).toEqual({ date: '2026-11-24', steps: [] });
  });
});

describe('waking from within a wake', () => {
  test('looks again afterwards instead of inside', async () => {
    const day = new DayFixture(onDay('08:49:59'));
    day.answers.set('token-check', () => {
      day.reconciler.wake('login changed');
      return { outcome: 'done' };
    });
    await day.clock.advance(1_000);
    expect(day.wakes.map((wake) => wake.reason)).toEqual(['start', 'heartbeat', 'login changed', 'planned time']);
    expect(day.performed.filter((line) => line.includes('token-check'))).toHaveLength(1);
  });

  test('does not go on for ever', async () => {
    const day = new DayFixture(onDay('08:49:59'));
    day.answers.set('token-check', () => {
      day.reconciler.wake('again');
      return { outcome: 'waiting' };
    });
    await day.clock.advance(1_000);
    expect(day.performed.filter((line) => line.includes('token-check')).length).toBeLessThanOrEqual(20);
  });
});

describe('planning anew', () => {
  test('keeps what was settled and what is waited for', async () => {
    const day = new DayFixture(onDay('08:49:00'));
    day.answers.set('feed-start', { outcome: 'waiting', detail: 'no login' });
    await day.clock.advanceTo(onDay('08:58:00'));
    const before = day.reconciler.schedule.steps;
    day.reconciler.replan();
    expect(day.reconciler.schedule.steps).toEqual(before);
  });
});
