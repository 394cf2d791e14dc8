import { expect, test } from 'vitest';
import { DayJournal } from '../../../src/desk/day-journal.ts';
import { ScreenLagMeter } from '../../../src/desk/screen-lag.ts';
import { formatJournal } from '../../../src/history/journal-text.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { MemoryJournals } from '../../support/memory-journals.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { deskState } from '../electron/desk-state.ts';

const date = '2026-11-23';
const at = (time: string): number => instantOf(date, time);

test('a tick takes from its stamp to the moment the desk hears that it is painted, on one clock', () => {
  const clock = new VirtualClock(`${date}T10:00:00+05:30`);
  const meter = new ScreenLagMeter(clock);
  const receivedAt = clock.now() - 21;
  expect(meter.painted({ receivedAt, ticks: [[receivedAt - 430, receivedAt]] })).toEqual({
    fromReceipt: { samples: 1, p50Ms: 21, p95Ms: 21, p99Ms: 21 },
    fromExchange: { samples: 1, p50Ms: 450, p95Ms: 450, p99Ms: 450 },
  });
});

test('percentiles are of each tick’s own sum: the slow to come need not be the slow to be painted', () => {
  const clock = new VirtualClock(`${date}T10:00:00+05:30`);
  const meter = new ScreenLagMeter(clock);
  const paint = (lagMs: number, paintMs: number) => {
    const receivedAt = clock.now() - paintMs;
    return meter.painted({ receivedAt, ticks: [[receivedAt - lagMs, receivedAt]] });
  };
  // Added up, the percentiles of the two stretches would be 2,200 ms.
  for (let count = 0; count < 9; count++) paint(1_000, 10);
  const { fromReceipt, fromExchange } = paint(100, 1_200);
  expect([fromReceipt.p95Ms, fromExchange.p95Ms]).toEqual([1_200, 1_300]);
  expect(fromExchange.p50Ms).toBe(1_010);
});

test('at twenty times the speed the way from the desk to the screen is real time', () => {
  const nowMs = at('10:00');
  const meter = new ScreenLagMeter({ now: () => nowMs, speed: 20 });
  const { fromReceipt, fromExchange } = meter.painted({ receivedAt: nowMs - 200, ticks: [[nowMs - 630, nowMs - 200]] });
  expect([fromReceipt.p50Ms, fromExchange.p50Ms]).toEqual([10, 440]);
});

test('another day begins at nothing', () => {
  const clock = new VirtualClock(`${date}T23:59:59+05:30`);
  const meter = new ScreenLagMeter(clock);
  meter.painted({ receivedAt: clock.now(), ticks: [] });
  clock.jump(2_000);
  expect(meter.painted({ receivedAt: clock.now(), ticks: [] }).fromReceipt.samples).toBe(1);
});

/** The day's record of a feed with ticks, of which some have been painted. */
function journalOf(clock: VirtualClock) {
  const store = new MemoryJournals();
  const state = deskState({});
  const journal = new DayJournal(
    { clock, realClock: clock, version: '1', simulated: false, log: () => {}, store },
    state.market,
  );
  const lag = { samples: 60, p50Ms: 430, p95Ms: 1_060, p99Ms: 1_480, skewMs: 0, heldUpMs: 0 };
  journal.feedChanged({ ...state.feed, lag });
  return { journal, market: state.market, feed: { ...state.feed, lag } };
}

test('the day’s record has the way to the screen beside the way to this PC, and the certificate names it', () => {
  const clock = new VirtualClock(`${date}T15:45:00+05:30`);
  const { journal } = journalOf(clock);
  const receivedAt = clock.now() - 21;
  journal.ticksPainted(new ScreenLagMeter(clock).painted({ receivedAt, ticks: [[receivedAt - 430, receivedAt]] }));
  expect(journal.certify()).toMatch(/lag 430 ms, 1060 ms for the slowest twentieth; on screen 450 ms and 450 ms$/);
  const record = journal.current;
  expect(record.lag[0]?.screen?.fromReceipt).toEqual({ samples: 1, p50Ms: 21, p95Ms: 21, p99Ms: 21 });
  expect(formatJournal(record)).toContain(
    [
      'Lag: p50 430 ms, p95 1060 ms, p99 1480 ms of 60 ticks',
      'Receipt to screen: p50 21 ms, p95 21 ms, p99 21 ms of 1 ticks',
      'Exchange to screen: p50 450 ms, p95 450 ms, p99 450 ms of 1 ticks',
    ].join('\n'),
  );
});

test('what was painted yesterday is not in today’s record', () => {
  const clock = new VirtualClock(`${date}T15:45:00+05:30`);
  const { journal, market, feed } = journalOf(clock);
  journal.ticksPainted(new ScreenLagMeter(clock).painted({ receivedAt: clock.now(), ticks: [] }));
  clock.jump(at('15:45') + 86_400_000 - clock.now());
  journal.marketChanged({ ...market, date: '2026-11-24' });
  journal.feedChanged(feed);
  expect(journal.current.lag).toMatchObject([{ screen: null }]);
});
