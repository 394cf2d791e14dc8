/**
 * Days of October 2026 with faults drawn from a seed. A few days in the usual run; the whole month with
 * `MDTS_MONTH=whole`, which takes some minutes; other faults with `MDTS_SEED=<number>`.
 */
import { expect, test } from 'vitest';
import type { GapState } from '../../src/contract/state.ts';
import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import { addDays, type IstDate, instantOf, istDateOf } from '../../src/market/ist.ts';
import { faultsOf, type PlannedFault, RECOVERY_MS } from '../support/fault-days.ts';
import { type SeenState, watchState } from '../support/state-watch.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const SEED = Number(process.env.MDTS_SEED ?? 20261001);
/** A holiday, a Saturday, a Monday, a monthly expiry and the month's last day. */
const usual: readonly IstDate[] = ['2026-10-02', '2026-10-03', '2026-10-12', '2026-10-27', '2026-10-30'];
const whole = Array.from({ length: 31 }, (_, day) => addDays('2026-10-01', day));
const days = process.env.MDTS_MONTH === 'whole' ? whole : usual;

/** Longer than it may take to notice anything. */
const NOTICED_MS = 8_000;
/** A line that is cut is back before this. */
const BLINK_MS = 300;

async function play(floor: Floor, fault: PlannedFault): Promise<void> {
  await floor.run(fault.startMs - floor.clock.now());
  for (const each of fault.apply) floor.exchange.control.apply(each);
  if (fault.pc !== null && 'sleepMs' in fault.pc) floor.clock.jump(fault.pc.sleepMs);
  else if (fault.pc !== null) floor.clock.hold(fault.pc.busyMs);
  await floor.run(Math.max(0, fault.endMs - floor.clock.now()));
  if (fault.needsLogin) await floor.signIn();
  await floor.run(RECOVERY_MS);
}

const isDisturbed = ({ state }: SeenState): boolean =>
  state.feed.state !== 'live' || state.instruments.some(({ stale }) => stale) || state.alerts.length > 0;

/** Whatever was said while nothing was wrong. */
function falseAlarms(seen: readonly SeenState[], faults: readonly PlannedFault[], untilMs: number): readonly string[] {
  const allowed = faults
    .filter(({ effect }) => effect !== 'harmless')
    .map(({ startMs, endMs, effect }) => [startMs, endMs + (effect === 'blink' ? BLINK_MS : RECOVERY_MS)] as const);
  return seen
    .filter((each) => each.at < untilMs && isDisturbed(each))
    .filter(({ at }) => !allowed.some(([from, to]) => at >= from && at <= to))
    .map(({ at, state }) => {
      const { feed, alerts, instruments } = state;
      const stale = instruments.filter((instrument) => instrument.stale).map(({ key }) => key);
      const during = faults.findLast(({ startMs }) => startMs <= at)?.name;
      return `${new Date(at).toISOString()} ${feed.state} ${feed.cause} ${alerts.map(({ id }) => id)} ${stale} after ${during}`;
    });
}

/** Outages that nobody was told of in time, that did not end in time, or that are not on record. */
function missed(
  seen: readonly SeenState[],
  faults: readonly PlannedFault[],
  gaps: readonly GapState[],
): readonly string[] {
  return faults.flatMap(({ name, startMs, endMs, effect, pc }) => {
    if (effect !== 'outage') return [];
    const told = seen.find(({ at, state }) => at >= startMs && state.feed.state !== 'live');
    const back = seen.find(({ at, state }) => at >= endMs && state.feed.state === 'live');
    const isOnRecord = gaps.some(
      ({ from, to, keys }) =>
        keys.length === 0 && from <= startMs + 1_500 && (to ?? Number.POSITIVE_INFINITY) >= endMs - 1_000,
    );
    const problems = [
      (told?.at ?? Number.POSITIVE_INFINITY) - startMs > NOTICED_MS ? 'not noticed in time' : null,
      (back?.at ?? Number.POSITIVE_INFINITY) - endMs > RECOVERY_MS ? 'not over in time' : null,
      isOnRecord ? null : 'not on record',
    ].filter((problem) => pc === null || problem === 'not over in time');
    const at = new Date(startMs).toISOString();
    return problems.flatMap((problem) => (problem === null ? [] : [`${at} ${name}: ${problem}`]));
  });
}

/** When NIFTY's ticks came, and the exchange times they bore; until the closing auction. */
function niftyTimes(floor: Floor, date: IstDate): { readonly times: readonly number[] } & Disposable {
  const times: number[] = [];
  const endMs = instantOf(date, '15:15:00');
  const stream = floor.desk.watchMarket((message) => {
    if (message.type !== 'ticks') return;
    for (const { key, exchangeTime } of message.ticks) {
      const timeMs = Date.parse(exchangeTime ?? '');
      if (key === 'NSE:NIFTY 50' && timeMs > (times.at(-1) ?? 0) && timeMs < endMs) times.push(timeMs);
    }
  });
  return { times, [Symbol.dispose]: () => stream[Symbol.dispose]() };
}

/** Stretches of over five seconds of which no tick ever came, and which are not on record: a sleep's, above all. */
function unrecorded(times: readonly number[], gaps: readonly GapState[]): readonly string[] {
  return times.flatMap((to, index) => {
    const from = times[index - 1] ?? to;
    const isOnRecord = gaps.some(
      (gap) => gap.keys.length === 0 && gap.from <= from + 1_500 && (gap.to ?? 0) >= to - 1_500,
    );
    return to - from <= 5_000 || isOnRecord ? [] : [`${new Date(from).toISOString()} for ${(to - from) / 1000} s`];
  });
}

/** Outages on record that there were none of. */
function invented(gaps: readonly GapState[], faults: readonly PlannedFault[]): readonly GapState[] {
  return gaps.filter(
    ({ from, to }) =>
      !faults.some(
        ({ startMs, endMs, effect }) =>
          effect !== 'harmless' && from >= startMs - 1_500 && (to ?? 0) <= endMs + RECOVERY_MS,
      ),
  );
}

const isOpen = (date: IstDate): boolean => bundledCalendar().day(date).kind === 'trading';

test.each(days.filter(isOpen))('%s: no false alarm, no missed outage, every gap on record', {
  timeout: 180_000,
}, async (date) => {
  const faults = faultsOf(date, SEED);
  await using floor = await openFloor({ date, at: '08:54:00' });
  await floor.to('08:55:30');
  using watch = watchState(floor.desk, floor.clock);
  using nifty = niftyTimes(floor, date);
  for (const fault of faults) await play(floor, fault);
  await floor.to('15:46:00');

  const { gaps, steps } = floor.journal();
  expect(faults.length).toBeGreaterThan(5);
  expect(falseAlarms(watch.seen, faults, instantOf(date, '15:45:00'))).toEqual([]);
  expect(missed(watch.seen, faults, gaps)).toEqual([]);
  expect(unrecorded(nifty.times, gaps)).toEqual([]);
  expect(invented(gaps, faults)).toEqual([]);
  expect(gaps.filter(({ to }) => to === null)).toEqual([]);
  expect(
    steps.filter(({ step }) => step === 'feed-stop' || step === 'certificate').map(({ outcome }) => outcome),
  ).toEqual(['done', 'done']);
  expect(istDateOf(floor.clock.now())).toBe(date);
});

test.each(
  days.filter((date) => !isOpen(date)),
)('%s is a day off: nothing is started and nothing is said', async (date) => {
  await using floor = await openFloor({ date, at: '08:49:00' });
  await floor.to('15:50:00');
  expect(floor.exchange.stats.upgrades).toEqual([]);
  expect(floor.desk.state.alerts).toEqual([]);
  expect(floor.journal().gaps).toEqual([]);
});
