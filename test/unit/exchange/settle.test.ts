import { describe, expect, it } from 'vitest';
import { SettleError, settleIo } from '../../support/settle.ts';
import { ExchangeBench } from './exchange-bench.ts';

describe('settling the loopback', () => {
  it('has a request answered and read, on a new connection and on a kept one', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T12:00:00+05:30');
    const token = bench.token();
    for (let round = 0; round < 50; round++) {
      let status = 0;
      bench.call('/user/profile', token).then((answer) => {
        status = answer.status;
      });
      await bench.advance(1_000);
      expect(status).toBe(200);
    }
  });

  it('has everything delivered that the exchange sent before a timer of the test', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T12:00:00+05:30');
    const client = await bench.connect();
    client.subscribe([256265], 'full');
    for (let step = 1; step <= 200; step++) {
      await bench.advance(250);
      expect(client.frames.length).toBe(bench.exchange.stats.dataFrames);
    }
  });

  it('is an error when a request stays in hand', async () => {
    await expect(settleIo(() => 1)()).rejects.toThrow(SettleError);
  });
});
