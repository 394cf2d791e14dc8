import type { IstDate } from '../../src/market/ist.ts';
import { openFloor } from './trading-floor.ts';

const MINUTE_MS = 60_000;

/**
 * How long after its end each minute of the six became Kite's own row, on a calm day of the simulated exchange; ms of
 * market time, a figure for each minute and instrument. A minute that never did counts as without end.
 */
export async function settleDelays(date: IstDate, from: string, minutes: number): Promise<readonly number[]> {
  await using floor = await openFloor({ date, at: from });
  await floor.run(MINUTE_MS);
  const firstMs = Math.ceil(floor.clock.now() / MINUTE_MS) * MINUTE_MS;
  const settledAt = new Map<string, number>();
  using _watch = floor.desk.watchMarket((message) => {
    if (message.type !== 'candle' || message.state !== 'settled') return;
    const id = `${message.key} ${Date.parse(message.start)}`;
    if (!settledAt.has(id)) settledAt.set(id, floor.clock.now());
  });
  await floor.run(firstMs + (minutes + 1) * MINUTE_MS - floor.clock.now());
  return floor.desk.state.instruments.flatMap(({ key }) =>
    Array.from({ length: minutes }, (_, minute) => {
      const startMs = firstMs + minute * MINUTE_MS;
      return (settledAt.get(`${key} ${startMs}`) ?? Number.POSITIVE_INFINITY) - startMs - MINUTE_MS;
    }),
  );
}
