import { describe, expect, test } from 'vitest';
import type { Journal } from '../../../src/contract/journal.ts';
import type { StepState } from '../../../src/contract/state.ts';
import { JournalRecorder } from '../../../src/history/journal.ts';
import { formatJournal } from '../../../src/history/journal-text.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { MemoryJournals } from '../../support/memory-journals.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const DATE = '2026-11-23';
const DAY = { kind: 'trading', reason: 'regular trading day' } as const;
const at = (time: string): number => instantOf(DATE, time);

const step: StepState = {
  id: 'feed-start',
  step: 'feed-start',
  label: 'Feed starts',
  plannedAt: at('08:55'),
  dueAt: at('08:55'),
  actualAt: at('08:55') + 40,
  outcome: 'done',
  detail: null,
};

/** Recorders over one store in memory, as one run after another would be. */
class JournalFixture {
  readonly clock = new VirtualClock(`${DATE}T08:49:00+05:30`);
  readonly store = new MemoryJournals();
  readonly log: string[] = [];

  get saved(): Map<string, string> {
    return this.store.saved;
  }

  async recorder(date = DATE): Promise<JournalRecorder> {
    const { clock, store } = this;
    const log = (_level: unknown, _area: unknown, text: string) => this.log.push(text);
    const recorder = new JournalRecorder(
      { clock, realClock: clock, store, version: '0.1.0', simulated: false, log },
      date,
      DAY,
    );
    await recorder.ready;
    return recorder;
  }
}

function fillDay(recorder: JournalRecorder): void {
  recorder.steps(DATE, [step]);
  recorder.firstTick('NSE:NIFTY 50', at('08:55:02'));
  recorder.firstTick('NSE:NIFTY 50', at('09:00:00'));
  recorder.feedChanged({ at: at('08:55'), state: 'live', source: 'websocket', cause: null });
  recorder.reconnected();
  recorder.gap({ from: at('10:00'), to: null, cause: 'network', keys: [] });
  recorder.alertRaised('token', 'Sign in to Kite.', at('08:50'));
  recorder.activity({ at: at('08:50'), level: 'info', area: 'auth', text: 'Signed in.' });
}

describe('the journal of a day', () => {
  test('gathers what happens and writes it within a second, once', async () => {
    const fixture = new JournalFixture();
    const recorder = await fixture.recorder();
    fillDay(recorder);
    expect(fixture.store.saves).toBe(0);
    await fixture.clock.advance(1_000);
    expect(fixture.store.saves).toBe(1);
    await fixture.clock.advance(10_000);
    expect(fixture.store.saves).toBe(1);
    expect(JSON.parse(fixture.saved.get(DATE) ?? '')).toEqual(recorder.current);
    expect(recorder.current.firstTicks).toEqual([{ key: 'NSE:NIFTY 50', at: at('08:55:02') }]);
  });

  test('is written on disposal, and leaves no timer', async () => {
    const fixture = new JournalFixture();
    const recorder = await fixture.recorder();
    recorder.reconnected();
    recorder[Symbol.dispose]();
    expect(JSON.parse(fixture.saved.get(DATE) ?? '').reconnects).toBe(1);
    expect(fixture.clock.pending).toBe(0);
  });

  test('takes no more after disposal, and leaves no timer', async () => {
    const fixture = new JournalFixture();
    const recorder = await fixture.recorder();
    recorder[Symbol.dispose]();
    recorder.reconnected();
    expect(fixture.clock.pending).toBe(0);
    await fixture.clock.advance(60_000);
    expect(fixture.store.saves).toBe(0);
  });

  test('is gone on with by a second run of the day, with what was open ended', async () => {
    const fixture = new JournalFixture();
    const first = await fixture.recorder();
    fillDay(first);
    first[Symbol.dispose]();
    await fixture.clock.advanceTo(at('10:30'));
    const second = await fixture.recorder();
    second.reconnected();
    expect(second.current).toMatchObject({
      startedAt: at('08:49'),
      reconnects: 2,
      steps: [step],
      gaps: [{ from: at('10:00'), to: at('10:30') }],
      alerts: [{ id: 'token', withdrawnAt: at('10:30') }],
    });
  });

  test('of a run that was killed has the outage from when it last wrote, to the next run or the stop', async () => {
    const fixture = new JournalFixture();
    const killed = await fixture.recorder();
    killed.steps(DATE, [step, { ...step, id: 'feed-stop', step: 'feed-stop', plannedAt: at('15:45') }]);
    killed.feedChanged({ at: at('08:55'), state: 'live', source: 'websocket', cause: null });
    await fixture.clock.advanceTo(at('11:00'));
    const left = new Map(fixture.saved);
    await fixture.clock.advanceTo(at('11:10'));
    fixture.saved.set(DATE, left.get(DATE) ?? '');
    const next = await fixture.recorder();
    expect(next.current.gaps).toMatchObject([{ to: at('11:10'), cause: 'not-running', keys: [] }]);
    const lastWrittenMs = next.current.gaps[0]?.from ?? 0;
    expect(at('11:00') - lastWrittenMs).toBeLessThan(31_000);
    expect(next.current.feed.at(-1)).toEqual({ at: lastWrittenMs, state: 'off', source: 'none', cause: null });

    await fixture.clock.advanceTo(at('16:30'));
    fixture.saved.set(DATE, left.get(DATE) ?? '');
    expect((await (await fixture.recorder('2026-11-24')).journalFor(DATE))?.gaps).toMatchObject([{ to: at('15:45') }]);
  });

  test('of a run that stopped in order has no outage after it', async () => {
    const fixture = new JournalFixture();
    const stopped = await fixture.recorder();
    stopped.feedChanged({ at: at('08:55'), state: 'live', source: 'websocket', cause: null });
    stopped.feedChanged({ at: at('08:56'), state: 'off', source: 'none', cause: null });
    stopped[Symbol.dispose]();
    expect((await fixture.recorder()).current.gaps).toEqual([]);
  });

  test('keeps the newest outages of a line that flaps all day, each with 3,000 instruments, in a record of some MB', async () => {
    const recorder = await new JournalFixture().recorder();
    const keys = Array.from({ length: 3_000 }, (_, number) => `NFO:NIFTY26NOV${10_000 + number}CE`);
    for (let minute = 0; minute < 360; minute++) {
      const from = at('09:15') + minute * 60_000;
      recorder.gap({ from, to: null, cause: 'network', keys });
      recorder.gap({ from, to: from + 5_000, cause: 'network', keys });
      recorder.gap({ from: from + 9_000, to: from + 12_000, cause: 'network', keys: [] });
    }
    const { gaps } = recorder.current;
    expect(gaps.reduce((sum, gap) => sum + gap.keys.length, 0)).toBe(60_000);
    expect([gaps.length, gaps.at(-1)?.to]).toEqual([41, at('15:14:12')]);
    expect(JSON.stringify(recorder.current).length).toBeLessThan(2_000_000);
  });

  test('follows a gap from its beginning to its end as one', async () => {
    const recorder = await new JournalFixture().recorder();
    recorder.gap({ from: at('10:00'), to: null, cause: 'network', keys: [] });
    recorder.gap({ from: at('10:00'), to: null, cause: 'exchange-quiet', keys: ['BSE:SENSEX'] });
    recorder.gap({ from: at('10:00'), to: at('10:01'), cause: 'network', keys: [] });
    expect(recorder.current.gaps.map(({ keys, to }) => [keys.length, to])).toEqual([
      [1, null],
      [0, at('10:01')],
    ]);
  });

  test('withdraws the standing alert and leaves earlier ones of the same kind', async () => {
    const recorder = await new JournalFixture().recorder();
    recorder.alertRaised('token', 'first', at('08:50'));
    recorder.alertWithdrawn('token', at('08:51'));
    recorder.alertRaised('token', 'second', at('10:00'));
    recorder.alertWithdrawn('token', at('10:05'));
    expect(recorder.current.alerts.map((alert) => alert.withdrawnAt)).toEqual([at('08:51'), at('10:05')]);
  });

  test('goes over to the next date, and a late word about the last one still gets there', async () => {
    const fixture = new JournalFixture();
    const recorder = await fixture.recorder();
    recorder.reconnected();
    recorder.openDay('2026-11-24', { kind: 'holiday', reason: 'Guru Nanak Jayanti' });
    recorder.steps(DATE, [{ ...step, outcome: 'failed' }]);
    expect(recorder.current).toMatchObject({ date: '2026-11-24', reconnects: 0 });
    expect(await recorder.journalFor(DATE)).toMatchObject({ reconnects: 1, steps: [{ outcome: 'failed' }] });
    expect(await recorder.journalFor('2026-11-20')).toBeNull();
  });

  test('that cannot be read is begun anew, and that is said', async () => {
    const fixture = new JournalFixture();
    fixture.saved.set(DATE, '{"date":"2026-11-23","steps":"none"}');
    expect((await fixture.recorder()).current.steps).toEqual([]);
    expect(fixture.log).toEqual(['The journal of 23 Nov could not be read.']);
  });

  test('an earlier part that can only be read later is joined then, and never written over', async () => {
    const fixture = new JournalFixture();
    const first = await fixture.recorder();
    fillDay(first);
    first[Symbol.dispose]();
    const left = fixture.saved.get(DATE);
    fixture.store.isReadable = false;
    const second = await fixture.recorder();
    second.reconnected();
    second.firstTick('BSE:SENSEX', at('09:00'));
    second.steps(DATE, [
      { ...step, outcome: 'missed' },
      { ...step, id: 'instruments', outcome: 'done' },
    ]);
    await fixture.clock.advance(60_000);
    expect(fixture.saved.get(DATE)).toBe(left);

    fixture.store.isReadable = true;
    await fixture.clock.advance(6_000);
    expect(second.current).toMatchObject({
      reconnects: 2,
      firstTicks: [{ key: 'NSE:NIFTY 50' }, { key: 'BSE:SENSEX' }],
      steps: [
        { id: 'feed-start', outcome: 'done' },
        { id: 'instruments', outcome: 'done' },
      ],
      alerts: [{ id: 'token' }],
    });
    expect(JSON.parse(fixture.saved.get(DATE) ?? '')).toEqual(second.current);
  });

  test('of a day that ended before its earlier part could be read gets it all the same', async () => {
    const fixture = new JournalFixture();
    const first = await fixture.recorder();
    fillDay(first);
    first[Symbol.dispose]();
    fixture.store.isReadable = false;
    const second = await fixture.recorder();
    second.reconnected();
    second.openDay('2026-11-24', DAY);
    fixture.store.isReadable = true;
    await fixture.clock.advance(6_000);
    expect(JSON.parse(fixture.saved.get(DATE) ?? '')).toMatchObject({ reconnects: 2 });
    expect(await second.journalFor(DATE)).toMatchObject({ reconnects: 2 });
  });

  test('does not grow without end on a day that goes wrong all day', async () => {
    const recorder = await new JournalFixture().recorder();
    for (let index = 0; index < 1_500; index++) {
      recorder.activity({ at: index, level: 'warning', area: 'feed', text: `line ${index}` });
    }
    expect(recorder.current.activity).toHaveLength(1_000);
    expect(recorder.current.activity.at(-1)?.text).toBe('line 1499');
  });
});

describe('the journal as text', () => {
  test('is a table of planned and actual times, then first ticks, reconnects, gaps and alerts', async () => {
    const journal: Journal = {
      date: DATE,
      day: DAY,
      simulated: true,
      version: '0.1.0',
      startedAt: at('08:49'),
      aliveAt: at('08:49'),
      steps: [step, { ...step, id: 'pre-open', actualAt: null, outcome: 'missed', detail: 'woke at 09:07:00' }],
      firstTicks: [{ key: 'NSE:NIFTY 50', at: at('08:55:02') }],
      feed: [],
      reconnects: 2,
      gaps: [{ from: at('10:00'), to: at('10:00:01') + 500, cause: 'network', keys: [] }],
      lag: [],
      alerts: [],
      activity: [],
    };
    expect(formatJournal(journal)).toBe(
      [
        '2026-11-23  trading: regular trading day  SIMULATED',
        '',
        'Step        Planned   Actual    Diff s  Outcome  Detail',
        '----------  --------  --------  ------  -------  ----------------',
        'feed-start  08:55:00  08:55:00    +0.0  done',
        'pre-open    08:55:00  -                 missed   woke at 09:07:00',
        '',
        'First ticks:',
        '  08:55:02  NSE:NIFTY 50',
        'Reconnects: 2',
        'Gaps:',
        '  10:00:00  1.5 s  network  all instruments',
        'Alerts: none',
      ].join('\n'),
    );
  });

  test('of a day without a session says so', async () => {
    const recorder = await new JournalFixture().recorder('2026-11-24');
    expect(formatJournal(recorder.current)).toContain('No steps');
  });
});
