import { expect, test } from 'vitest';
import type { TickInterest } from '../../src/contract/bridge.ts';
import type { CandleRow } from '../../src/contract/commands.ts';
import type { DeskState, StateMessage } from '../../src/contract/state.ts';
import { patchedState } from '../../src/contract/state-patch.ts';
import { decodeTickBatch, type TickBatch } from '../../src/contract/tick-lane.ts';
import { instantOf } from '../../src/market/ist.ts';
import { type LocalServer, serveLocally } from '../support/local-server.ts';
import { openSocket, type SocketClient } from '../support/socket-client.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const ELEVEN = instantOf(date, '11:00');
const MINUTE_MS = 60_000;

interface Interface extends AsyncDisposable {
  readonly floor: Floor;
  readonly local: LocalServer;
  readonly client: SocketClient;
}

/** A floor in session with a page attached over the socket. */
async function openInterface(at = '10:59:30', play = '11:00'): Promise<Interface> {
  const resources = new AsyncDisposableStack();
  const floor = resources.use(await openFloor({ date, at }));
  await floor.to(play);
  const local = resources.use(await serveLocally(floor.desk));
  const client = resources.use(await openSocket(local.socketUrl('/ws/desk')));
  await client.until(() => client.messages.length > 0, 'the snapshot');
  return { floor, local, client, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

const stateMessages = ({ messages }: SocketClient): readonly StateMessage[] =>
  messages.filter(({ type }) => type === 'snapshot' || type === 'patch') as unknown as readonly StateMessage[];
const batchesOf = ({ batches }: SocketClient): readonly TickBatch[] => batches.map(decodeTickBatch);

function interestIn(slots: readonly number[], more: Partial<TickInterest> = {}): object {
  return { type: 'interest', slots, depth: [], candles: [], hidden: false, ...more };
}

/** A message sent now is in the desk's hands when the answer to a command sent after it is back. */
async function roundTrip({ client }: Interface): Promise<void> {
  const id = 1_000_000 + client.messages.length;
  client.send({ type: 'invoke', id, name: 'instruments.search', args: { text: '', limit: 1 } });
  await client.until(() => client.messages.some((message) => message.id === id), 'the answer');
}

test('state comes as a snapshot and numbered patches, from which the desk’s own state can be put together', async () => {
  await using page = await openInterface('08:54', '08:54:30');
  const { floor, client } = page;
  await floor.to('08:56');
  await roundTrip(page);
  const messages = stateMessages(client);
  const [first, ...patches] = messages;
  expect(first?.type).toBe('snapshot');
  expect(patches.length).toBeGreaterThan(20);
  expect(patches.map(({ seq }) => seq - (first?.seq ?? 0))).toEqual(patches.map((_patch, index) => index + 1));
  let state: DeskState | null = null;
  for (const message of messages) {
    state = message.type === 'snapshot' ? message.state : state && patchedState(state, message);
  }
  expect(state).toEqual(JSON.parse(JSON.stringify(floor.desk.state)));
  client.send({ type: 'snapshot' });
  await client.until(() => stateMessages(client).filter(({ type }) => type === 'snapshot').length === 2, 'a snapshot');
  expect(stateMessages(client).at(-1)?.seq).toBe(messages.at(-1)?.seq);
});

test('commands are answered by their number: values, refusals, and nothing for what is no message', async () => {
  await using page = await openInterface();
  const { client } = page;
  const invoke = async (id: number, name: string, args: unknown): Promise<unknown> => {
    client.send({ type: 'invoke', id, name, args });
    await client.until(() => client.messages.some((message) => message.id === id), `the answer to ${name}`);
    return client.messages.find((message) => message.id === id)?.result;
  };
  expect(await invoke(7, 'journal.get', { date: null })).toMatchObject({ ok: true, value: { date } });
  expect(await invoke(8, 'journal.get', { date: 'x' })).toEqual({
    ok: false,
    error: { code: 'bad-arguments', message: 'Not of the right form: date.' },
  });
  expect(await invoke(9, 'toString', {})).toMatchObject({ ok: false, error: { code: 'unknown-command' } });
  expect(await invoke(10, 'candles.get', { key: 'NSE:NOBODY', date: null })).toMatchObject({
    ok: false,
    error: { code: 'unknown-instrument' },
  });
  expect(await invoke(11, 'simulation.start', {})).toMatchObject({ ok: false, error: { code: 'no-simulation' } });
  const count = client.messages.length;
  for (const noise of [
    '{',
    '[]',
    '{"type":"invoke"}',
    '{"type":"ack","seq":-1}',
    '{"type":"interest","slots":"all"}',
  ]) {
    client.send(noise);
  }
  await roundTrip(page);
  expect(client.messages.slice(count).filter(({ type }) => type === 'result')).toHaveLength(1);
});

test('only what is asked for comes, whole at first, with depth where it is wanted', async () => {
  await using page = await openInterface();
  const { floor, client } = page;
  await floor.run(2_000);
  await roundTrip(page);
  expect(client.batches).toHaveLength(0);

  client.send(interestIn([0, 2], { depth: [2] }));
  await client.until(() => client.batches.length === 1, 'the first batch');
  const [first] = batchesOf(client);
  expect(first?.quotes.map(({ slot, depth }) => [slot, depth?.length ?? null])).toEqual([
    [0, null],
    [2, 10],
  ]);
  const health = floor.desk.health().instruments[0];
  expect(first?.quotes[0]).toMatchObject({ lastPrice: health?.lastPrice, kind: 'live', stale: false, fromRest: false });

  client.send({ type: 'ack', seq: first?.seq ?? 0 });
  client.send(interestIn([4]));
  await client.until(() => client.batches.length === 2, 'the second batch');
  expect(batchesOf(client)[1]?.quotes.map(({ slot }) => slot)).toEqual([4]);

  // Two at once, then one a display frame.
  client.send({ type: 'ack', seq: batchesOf(client)[1]?.seq ?? 0 });
  client.send(interestIn([4, 5]));
  await roundTrip(page);
  expect(client.batches).toHaveLength(2);
  await floor.run(16);
  await client.until(() => client.batches.length === 3, 'the third batch');
});

test('at most one batch is on its way: the next waits for the answer and holds everything since', async () => {
  await using page = await openInterface();
  const { floor, client } = page;
  client.send(interestIn([0, 1, 2, 3, 4, 5], { candles: [0] }));
  await client.until(() => client.batches.length === 1, 'the first batch');
  // Two minutes pass while the page does nothing.
  await floor.run(2 * MINUTE_MS + 5_000);
  await roundTrip(page);
  expect(client.batches).toHaveLength(1);

  // An answer to something else is no answer.
  client.send({ type: 'ack', seq: 0 });
  await roundTrip(page);
  expect(client.batches).toHaveLength(1);
  client.send({ type: 'ack', seq: batchesOf(client)[0]?.seq ?? -1 });
  await client.until(() => client.batches.length === 2, 'the merged batch');
  const merged = batchesOf(client)[1];
  expect(merged?.quotes.map(({ slot }) => slot).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(merged?.quotes[0]?.receivedAt).toBeGreaterThan(ELEVEN + 2 * MINUTE_MS);
  // Minutes that closed meanwhile are not lost: each candle comes, oldest first, the last one still forming.
  const { candles } = await floor.command('candles.get', { key: 'NSE:NIFTY 50', date: null });
  const shown = merged?.candles.map(
    ({ start, open, high, low, close, volume, openInterest, state, corrected }): CandleRow => [
      start,
      open,
      high,
      low,
      close,
      volume,
      openInterest,
      state,
      corrected,
    ],
  );
  expect(shown?.map(([start]) => start)).toEqual(
    candles.map(([start]) => start).filter((start) => start >= (shown?.[0]?.[0] ?? Number.POSITIVE_INFINITY)),
  );
  expect(shown?.length).toBeGreaterThanOrEqual(3);
  expect(shown).toEqual(candles.slice(-(shown?.length ?? 0)));
  // And one batch at a time again.
  await floor.run(3_000);
  await roundTrip(page);
  expect(client.batches).toHaveLength(2);
});

test('a page in view gets every frame as it comes; a hidden one gets one batch a second', async () => {
  await using page = await openInterface();
  const { floor, client } = page;
  const play = async (ms: number): Promise<number> => {
    const before = client.batches.length;
    for (let at = 0; at < ms; at += 50) {
      await floor.run(50);
      const seq = batchesOf(client).at(-1)?.seq;
      if (seq !== undefined) client.send({ type: 'ack', seq });
      await roundTrip(page);
    }
    return client.batches.length - before;
  };
  client.send(interestIn([0, 1, 2, 3, 4, 5]));
  await roundTrip(page);
  const inView = await play(5_000);
  expect(inView).toBeGreaterThanOrEqual(15);
  expect(inView).toBeLessThanOrEqual(22);
  client.send(interestIn([0, 1, 2, 3, 4, 5], { hidden: true }));
  await roundTrip(page);
  const hidden = await play(5_000);
  expect(hidden).toBeGreaterThanOrEqual(4);
  expect(hidden).toBeLessThanOrEqual(6);
});

test('two pages have accounts of their own, and one that goes leaves nothing behind', async () => {
  await using page = await openInterface();
  const { floor, local, client } = page;
  client.send(interestIn([0]));
  await client.until(() => client.batches.length === 1, 'the first page’s batch');
  {
    await using other = await openSocket(local.socketUrl('/ws/desk'));
    await other.until(() => other.messages.length > 0, 'the other page’s snapshot');
    other.send(interestIn([0, 1]));
    await other.until(() => other.batches.length === 1, 'the other page’s batch');
    expect(decodeTickBatch(other.batches[0] ?? new ArrayBuffer(0)).quotes.map(({ slot }) => slot)).toEqual([0, 1]);
  }
  const timers = floor.clock.pending;
  for (let visit = 0; visit < 20; visit++) {
    await using other = await openSocket(local.socketUrl('/ws/desk'));
    await other.until(() => other.messages.length > 0, 'a snapshot');
    other.send(interestIn([0, 1], { hidden: true }));
    await other.until(() => other.batches.length === 1, 'a batch');
  }
  await floor.run(2_000);
  expect(floor.clock.pending).toBeLessThanOrEqual(timers);
});
