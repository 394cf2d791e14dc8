import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
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

  it('waits for what a busy machine delivers many turns late', async () => {
    const [client, server] = await socketPair();
    const settle = settleIo(() => 0);
    let heard = '';
    server.on('data', (bytes) => {
      heard += bytes.toString('utf8');
    });
    client.write('tick');
    const settled = settle();
    for (let turn = 0; turn < 60; turn++) await nextTurn();
    expect(heard).toBe('');
    server.resume();
    await settled;
    expect(heard).toBe('tick');
  });

  it('waits until both ends know that a connection has ended', async () => {
    const [client, server] = await socketPair();
    client.resume();
    server.resume();
    server.end();
    await settleIo(() => 0)();
    expect([client.readableEnded, server.readableEnded]).toEqual([true, true]);
  });

  it('does not wait for a reader that has stopped reading', async () => {
    const [client, server] = await socketPair();
    client.write('tick');
    await settleIo(() => 0)();
    await settleIo(() => 0)();
    expect(client.bytesWritten - server.bytesRead).toBe(4);
  });

  it('is an error when a request stays in hand', async () => {
    await expect(settleIo(() => 1, 100)()).rejects.toThrow(SettleError);
  });
});

/** Both ends of a connection over loopback; neither reads yet. */
async function socketPair(): Promise<readonly [client: Socket, server: Socket]> {
  const listener = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const accepted = once(listener, 'connection');
  const client = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [server] = (await accepted) as [Socket];
  onTestFinished(() => {
    client.destroy();
    server.destroy();
    listener.close();
  });
  await settleIo(() => 0)();
  return [client, server];
}
