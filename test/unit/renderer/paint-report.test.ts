import { expect, test } from 'vitest';
import { PaintReport } from '../../../renderer/state/paint-report.ts';
import type { DeskBridge } from '../../../src/contract/bridge.ts';
import { type CommandArgs, MOST_PAINTED_TICKS } from '../../../src/contract/commands.ts';
import { failed, ok, type Result } from '../../../src/contract/result.ts';
import type { ScreenLag } from '../../../src/contract/state.ts';
import type { QuoteRow, TickBatch } from '../../../src/contract/tick-lane.ts';
import { quoteOf } from './quote-of.ts';

const figures: ScreenLag = {
  fromReceipt: { samples: 1, p50Ms: 8, p95Ms: 8, p99Ms: 8 },
  fromExchange: { samples: 1, p50Ms: 430, p95Ms: 430, p99Ms: 430 },
};

/** A page whose desk answers when it is told to. */
function page() {
  const told: CommandArgs<'ticks.painted'>[] = [];
  const answers: ((answer: Result<ScreenLag>) => void)[] = [];
  const bridge = {
    invoke: (_name: 'ticks.painted', args: CommandArgs<'ticks.painted'>) => {
      told.push(args);
      return new Promise<Result<ScreenLag>>((resolve) => answers.push(resolve));
    },
  };
  const report = new PaintReport(bridge as Pick<DeskBridge, 'invoke'>);
  let seq = 1;
  const arrive = (sentAt: number, quotes: readonly Partial<QuoteRow>[], isHidden = false): void => {
    const batch: TickBatch = { seq: seq++, sentAt, quotes: quotes.map(quoteOf), candles: [] };
    report.arrived(batch, isHidden);
  };
  const answer = async (result: Result<ScreenLag>): Promise<void> => {
    answers.shift()?.(result);
    await Promise.resolve();
    await Promise.resolve();
  };
  // The first batch only says from when on a tick is new, and which instruments stream.
  arrive(1_000, [{ slot: 0, exchangeTime: 500, receivedAt: 900 }]);
  return { report, told, arrive, answer };
}

test('of what is painted together the desk is told the tick that has waited longest', () => {
  const { report, told, arrive } = page();
  arrive(1_016, [{ receivedAt: 1_004 }, { slot: 1, receivedAt: 1_010 }]);
  arrive(1_020, [{ slot: 2, receivedAt: 1_018 }]);
  expect(told).toEqual([]);
  report.painted();
  expect(told).toMatchObject([{ receivedAt: 1_004 }]);
});

test('a tick is told with the exchange’s time once in each of its seconds', () => {
  const { report, told, arrive } = page();
  arrive(1_400, [{ exchangeTime: 1_000, receivedAt: 1_390 }]);
  arrive(1_650, [{ exchangeTime: 1_000, receivedAt: 1_640 }]);
  report.painted();
  expect(told).toEqual([{ receivedAt: 1_390, ticks: [[1_000, 1_390]] }]);
});

test.each<[string, Partial<QuoteRow>]>([
  ['of the pre-open', { kind: 'indicative' }],
  ['of a closed market', { kind: 'frozen' }],
  ['of REST', { fromRest: true }],
  ['without a time', { exchangeTime: 0 }],
  ['of an instrument that is new on screen', { slot: 7 }],
  ['after a silence', { receivedAt: 5_901 }],
])('the lag of a tick %s is not told', (_case, change) => {
  const { report, told, arrive } = page();
  arrive(6_000, [{ exchangeTime: 1_000, receivedAt: 5_900, ...change }]);
  report.painted();
  expect(told).toMatchObject([{ ticks: [] }]);
});

test('a tick that is sent again because it has come on screen is not told', () => {
  const { report, told, arrive } = page();
  arrive(9_000, [{ receivedAt: 400 }, { receivedAt: 1_000 }]);
  report.painted();
  expect(told).toEqual([]);
});

test('a hidden page tells nothing, and what waited when it was hidden is forgotten', () => {
  const { report, told, arrive } = page();
  arrive(1_016, [{ receivedAt: 1_010 }]);
  arrive(2_016, [{ receivedAt: 2_010 }], true);
  report.painted();
  expect(told).toEqual([]);
});

test('one report waits for its answer at a time', async () => {
  const { report, told, arrive, answer } = page();
  for (const sentAt of [1_100, 1_200]) {
    arrive(sentAt, [{ receivedAt: sentAt }]);
    report.painted();
  }
  expect(told).toHaveLength(1);
  await answer(ok(figures));
  arrive(1_300, [{ receivedAt: 1_300 }]);
  report.painted();
  expect(told).toMatchObject([{ receivedAt: 1_100 }, { receivedAt: 1_300 }]);
});

test('the desk’s figures stand until it tells others', async () => {
  const { report, arrive, answer } = page();
  expect(report.lag).toBeNull();
  arrive(1_100, [{ receivedAt: 1_100 }]);
  report.painted();
  await answer(ok(figures));
  expect(report.lag).toBe(figures);
  arrive(1_200, [{ receivedAt: 1_200 }]);
  report.painted();
  await answer(failed('internal', 'no'));
  expect(report.lag).toBe(figures);
});

test('a report never names more ticks than the desk takes', () => {
  const { report, told, arrive } = page();
  const slots = Array.from({ length: MOST_PAINTED_TICKS + 6 }, (_, slot) => slot);
  for (const exchangeTime of [600, 1_600]) {
    const receivedAt = exchangeTime + 450;
    arrive(
      receivedAt,
      slots.map((slot) => ({ slot, exchangeTime, receivedAt })),
    );
  }
  report.painted();
  expect(told[0]?.ticks).toHaveLength(MOST_PAINTED_TICKS);
});
