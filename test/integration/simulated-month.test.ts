/**
 * Days of October 2026 with mornings, faults and halts drawn from a seed. A few days in the usual run; the whole month
 * with `MDTS_MONTH=whole`, which takes some minutes; other faults with `MDTS_SEED=<number>`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import { type IstDate, instantOf, istDateOf } from '../../src/market/ist.ts';
import type { NotificationChannel } from '../../src/notify/alert-center.ts';
import { chartDifferences } from '../support/candle-differences.ts';
import { type DrawnDay, daysOf, drawDay } from '../support/fault-days.ts';
import { haltedDay } from '../support/halted-day.ts';
import { faultsFound, type Notice } from '../support/month-checks.ts';
import { openPage } from '../support/page-on-floor.ts';
import { playFault } from '../support/play-fault.ts';
import { watchState } from '../support/state-watch.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const SEED = Number(process.env.MDTS_SEED ?? 20261001);
/** A holiday, a Saturday and a monthly expiry. */
const usual: readonly IstDate[] = ['2026-10-02', '2026-10-03', '2026-10-27'];
const days = process.env.MDTS_MONTH === 'whole' ? daysOf('2026-10-01', 31) : usual;
const isOpen = (date: IstDate): boolean => bundledCalendar().day(date).kind === 'trading';

/** Spot and future of the three indices. */
const OWN = 6;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', onUnhandled));
afterAll(() => void process.off('unhandledRejection', onUnhandled));

test.each(days.filter(isOpen))('%s: no false alarm, no missed outage, every gap on record', {
  timeout: 900_000,
}, async (date) => {
  const drawn = drawDay(date, SEED);
  const notices: Notice[] = [];
  const errors: string[] = [];
  // A wrong clock is told while the desk is still being opened.
  let now = (): number => instantOf(date, '08:49:00');
  const channel: NotificationChannel = {
    name: 'test',
    show: ({ id, title }) => void notices.push({ at: now(), id, title }),
    withdraw: () => undefined,
  };
  await using floor = await openFloor({
    date,
    at: '08:49:00',
    login: drawn.morning.kind === 'dead token' ? 'dead' : 'alive',
    lineFault: drawn.morning.kind === 'no network' ? 'name server down' : null,
    faults: drawn.morning.kind === 'no lists' ? [{ kind: 'lists', how: 'hang' }] : [],
    pcAheadMs: drawn.morning.pcAheadMs,
    channels: [channel],
    onActivity: ({ level, text }) => void (level === 'error' && errors.push(text)),
    ...(drawn.halt === null ? {} : { exchangeOverrides: haltedDay(date, drawn.halt) }),
  });
  now = () => floor.clock.now();
  await playMorning(floor, drawn);
  using watch = watchState(floor.desk, floor.clock);
  using nifty = niftyTimes(floor, date);
  for (const fault of drawn.faults) await playFault(floor, fault);
  await floor.to('15:46:00');

  const { gaps, steps } = floor.journal();
  const keys = floor.desk.state.instruments.map(({ key }) => key);
  expect(drawn.faults.length).toBeGreaterThan(5);
  const found = faultsFound({ date, drawn, seen: watch.seen, notices, gaps, niftyTimes: nifty.times, keys });
  expect(found.join('\n')).toBe('');
  expect([errors, unhandled]).toEqual([[], []]);
  expect(
    steps.filter(({ step }) => step === 'feed-stop' || step === 'certificate').map(({ outcome }) => outcome),
  ).toEqual(['done', 'done']);
  expect(istDateOf(floor.clock.now())).toBe(date);

  // Whatever the day was like, its candles are Kite's in the end.
  using page = openPage(floor);
  await page.chart(keys.slice(0, OWN));
  await floor.to('15:50:00');
  expect(await chartDifferences(floor, page, keys.slice(0, OWN))).toEqual([]);
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

/** From before the login's check to a feed that is live. */
async function playMorning(floor: Floor, { morning }: DrawnDay): Promise<void> {
  await floor.run(Math.max(0, morning.untilMs - floor.clock.now()));
  floor.line.fault = null;
  floor.exchange.control.clear();
  floor.pcClock.aheadMs = 0;
  if (morning.kind === 'dead token') await floor.signIn();
  await floor.run(morning.backMs - morning.untilMs);
  await floor.run(Math.max(0, instantOf(istDateOf(floor.clock.now()), '08:56:00') - floor.clock.now()));
  expect(floor.desk.state.feed.state).toBe('live');
}

/** The exchange times that NIFTY's ticks bear; until the closing auction. */
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
