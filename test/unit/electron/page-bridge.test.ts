import { expect, test } from 'vitest';
import { createPageBridge } from '../../../electron/ipc/page-bridge.ts';
import type { PageIpc } from '../../../electron/ipc/preload-ipc.ts';
import type { LinkState } from '../../../src/contract/bridge.ts';
import { ok } from '../../../src/contract/result.ts';
import type { StateMessage } from '../../../src/contract/state.ts';
import { settleMicrotasks } from '../../support/virtual-clock.ts';

/** The main process's end, recording what it is asked and sending what a test wants. */
function mainProcess(answer: () => Promise<unknown> = async () => ok(null)) {
  const asked: unknown[][] = [];
  const listeners = new Map<string, (value: unknown) => void>();
  const ipc = {
    invoke: (...call: unknown[]) => {
      asked.push(call);
      return answer();
    },
    onPush: (channel: string, listener: (value: unknown) => void) => void listeners.set(channel, listener),
  } as unknown as PageIpc;
  const push = (channel: string, value: unknown): void => listeners.get(channel)?.(value);
  return { ipc, asked, push };
}

const patch: StateMessage = { type: 'patch', seq: 2, now: 0, patch: {} };

test('the first state listener attaches, and every later one asks for a snapshot', async () => {
  const { ipc, asked } = mainProcess();
  const bridge = createPageBridge(ipc);
  bridge.onState(() => {})();
  bridge.onState(() => {});
  await settleMicrotasks();
  expect(asked).toEqual([['desk:attach'], ['desk:snapshot']]);
});

test('messages reach every listener until it unsubscribes, as values and never as events', () => {
  const { ipc, push } = mainProcess();
  const bridge = createPageBridge(ipc);
  const got: unknown[][] = [];
  const stop = bridge.onState((...args) => got.push(args));
  const stopTicks = bridge.onTicks((...args) => got.push(args));
  const batch = new ArrayBuffer(8);
  push('desk:state', patch);
  push('desk:ticks', batch);
  stop();
  stopTicks();
  push('desk:state', patch);
  push('desk:ticks', batch);
  expect(got).toEqual([[patch], [batch]]);
});

test('the link is connecting, then connected once the desk has taken the page', async () => {
  const { ipc } = mainProcess();
  const bridge = createPageBridge(ipc);
  const links: LinkState[] = [];
  bridge.onLink((state) => links.push(state));
  bridge.onState(() => {});
  await settleMicrotasks();
  expect(links).toEqual(['connecting', 'connected']);
});

test('a main process that does not answer is a lost link and a failed command, not an exception', async () => {
  const { ipc } = mainProcess(() => Promise.reject(new Error('gone')));
  const bridge = createPageBridge(ipc);
  const links: LinkState[] = [];
  bridge.onLink((state) => links.push(state));
  bridge.onState(() => {});
  const result = await bridge.invoke('feed.pause', {});
  expect(result).toMatchObject({ ok: false, error: { code: 'link-lost' } });
  expect(links).toEqual(['connecting', 'lost']);
});

test('commands, acknowledgements, interest and links go out on their channels as plain data', () => {
  const { ipc, asked } = mainProcess();
  const bridge = createPageBridge(ipc);
  const interest = { slots: [1], depth: [], candles: [1], hidden: false };
  void bridge.invoke('alert.dismiss', { id: 'token' });
  bridge.acknowledgeTicks(7);
  bridge.setInterest(interest);
  bridge.openExternal('https://kite.trade/');
  expect(asked).toEqual([
    ['desk:invoke', 'alert.dismiss', { id: 'token' }],
    ['desk:acknowledge-ticks', 7],
    ['desk:interest', interest],
    ['shell:open-external', 'https://kite.trade/'],
  ]);
});

test("the bridge is frozen and has the contract's methods and nothing else", () => {
  const bridge = createPageBridge(mainProcess().ipc);
  expect(Object.isFrozen(bridge)).toBe(true);
  expect(Object.keys(bridge).sort()).toEqual([
    'acknowledgeTicks',
    'invoke',
    'onLink',
    'onState',
    'onTicks',
    'openExternal',
    'setInterest',
  ]);
});
