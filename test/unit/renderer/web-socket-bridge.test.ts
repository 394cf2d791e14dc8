import { expect, test } from 'vitest';
import { type SocketLike, WebSocketBridge } from '../../../renderer/bridge/web-socket-bridge.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

class FakeSocket implements SocketLike {
  binaryType: BinaryType = 'blob';
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  readonly sent: unknown[] = [];
  closed = false;

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.closed = true;
    this.onclose?.();
  }

  say(message: unknown): void {
    this.onmessage?.({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }
}

function bridged() {
  const time = new VirtualClock('2026-11-23T09:00:00+05:30');
  const sockets: FakeSocket[] = [];
  const bridge = new WebSocketBridge({
    time,
    openExternal: () => {},
    connect: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
  });
  const links: string[] = [];
  bridge.onLink((link) => links.push(link));
  const latest = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  return { time, sockets, bridge, links, latest };
}

test('answers find their questions by id, in any order', async () => {
  const { bridge, latest } = bridged();
  latest().onopen?.();
  const first = bridge.invoke('feed.pause', {});
  const second = bridge.invoke('token.set', { accessToken: 'abcdefgh' });
  expect(latest().sent).toEqual([
    { type: 'invoke', id: 1, name: 'feed.pause', args: {} },
    { type: 'invoke', id: 2, name: 'token.set', args: { accessToken: 'abcdefgh' } },
  ]);
  latest().say({ type: 'result', id: 2, result: { ok: false, error: { code: 'token-rejected', message: 'No.' } } });
  latest().say({ type: 'result', id: 1, result: { ok: true, value: null } });
  expect([await first, await second]).toEqual([
    { ok: true, value: null },
    { ok: false, error: { code: 'token-rejected', message: 'No.' } },
  ]);
});

test('a command on a lost link, or lost on the way, fails with its reason and never hangs', async () => {
  const { bridge, latest } = bridged();
  expect(await bridge.invoke('signOut', {})).toMatchObject({ ok: false, error: { code: 'link-lost' } });
  latest().onopen?.();
  const underway = bridge.invoke('signOut', {});
  latest().onclose?.();
  expect(await underway).toMatchObject({ ok: false, error: { code: 'link-lost' } });
});

test('a lost link is tried again at growing intervals, and a connection starts them anew', async () => {
  const { time, sockets, links, latest } = bridged();
  const opened = async (ms: number): Promise<number> => {
    const before = sockets.length;
    await time.advance(ms);
    return sockets.length - before;
  };
  latest().onclose?.();
  expect([await opened(249), await opened(1)]).toEqual([0, 1]);
  latest().onclose?.();
  expect([await opened(499), await opened(1)]).toEqual([0, 1]);
  for (let failure = 0; failure < 8; failure++) {
    latest().onclose?.();
    await time.advance(5000);
  }
  expect(sockets).toHaveLength(11);
  latest().onopen?.();
  latest().onclose?.();
  expect([await opened(250), links]).toEqual([1, ['connecting', 'lost', 'connected', 'lost']]);
});

test('what the window shows is told again after every reconnection', async () => {
  const { time, bridge, latest } = bridged();
  const wanted = { slots: [0, 1], depth: [1], candles: [0], hidden: false };
  bridge.setInterest(wanted);
  latest().onopen?.();
  expect(latest().sent).toEqual([{ type: 'interest', ...wanted }]);
  latest().onclose?.();
  await time.advance(250);
  latest().onopen?.();
  expect(latest().sent).toEqual([{ type: 'interest', ...wanted }]);
});

test('state and ticks reach every listener; what cannot be read is dropped', () => {
  const { bridge, latest } = bridged();
  const states: unknown[] = [];
  const batches: ArrayBuffer[] = [];
  bridge.onState((message) => states.push(message));
  bridge.onTicks((batch) => batches.push(batch));
  latest().onopen?.();
  const batch = new ArrayBuffer(24);
  latest().say(batch);
  latest().onmessage?.({ data: '<html>' });
  latest().onmessage?.({ data: 'null' });
  latest().say({ type: 'weather' });
  latest().say({ type: 'patch', seq: 2, now: 1, patch: {} });
  expect(latest().binaryType).toBe('arraybuffer');
  expect([batches, states]).toEqual([[batch], [{ type: 'patch', seq: 2, now: 1, patch: {} }]]);
  bridge.acknowledgeTicks(7);
  expect(latest().sent).toContainEqual({ type: 'ack', seq: 7 });
});

test('a snapshot is asked for by a new listener, and of a desk that opens and says nothing', async () => {
  const { time, bridge, latest } = bridged();
  latest().onopen?.();
  bridge.onState(() => {});
  expect(latest().sent).toEqual([{ type: 'snapshot' }]);
  await time.advance(1000);
  expect(latest().sent).toEqual([{ type: 'snapshot' }, { type: 'snapshot' }]);
});

test('a desk that has spoken is not asked again', async () => {
  const { time, latest } = bridged();
  latest().onopen?.();
  latest().say({ type: 'snapshot', seq: 1, now: 0, state: {} });
  await time.advance(5000);
  expect(latest().sent).toEqual([]);
});

test('a disposed bridge closes its socket, leaves no timer and stays away', async () => {
  const { time, sockets, bridge, latest } = bridged();
  latest().onopen?.();
  bridge[Symbol.dispose]();
  await time.advance(60_000);
  expect([latest().closed, sockets.length, time.pending]).toEqual([true, 1, 0]);
});
