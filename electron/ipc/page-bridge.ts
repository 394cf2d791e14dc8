import type { DeskBridge, LinkState } from '../../src/contract/bridge.ts';
import type { CommandArgs, CommandName, CommandValue } from '../../src/contract/commands.ts';
import type { Result } from '../../src/contract/result.ts';
import type { StateMessage } from '../../src/contract/state.ts';
import type { PageIpc } from './preload-ipc.ts';

const linkLost: Result<never> = {
  ok: false,
  error: { code: 'link-lost', message: 'The link to the desk was lost before it answered.' },
};

/**
 * The desk over IPC: the same interface that browser mode has over a WebSocket. Attaches with the first `onState`; every
 * later one asks for a snapshot, which is how the interface finds its place again.
 */
export function createPageBridge(ipc: PageIpc): DeskBridge {
  const stateListeners = new Set<(message: StateMessage) => void>();
  const tickListeners = new Set<(batch: ArrayBuffer) => void>();
  const linkListeners = new Set<(state: LinkState) => void>();
  let link: LinkState = 'connecting';
  let isAttached = false;

  const setLink = (next: LinkState): void => {
    if (next === link) return;
    link = next;
    for (const listener of [...linkListeners]) listener(link);
  };
  const invoke: PageIpc['invoke'] = (channel, ...args) => ipc.invoke(channel, ...args).catch(() => linkLost);
  const attach = async (): Promise<void> => {
    isAttached = true;
    const attached = await invoke('desk:attach');
    setLink(attached.ok ? 'connected' : 'lost');
  };

  ipc.onPush('desk:state', (message) => {
    for (const listener of [...stateListeners]) listener(message);
  });
  ipc.onPush('desk:ticks', (batch) => {
    for (const listener of [...tickListeners]) listener(batch);
  });

  return Object.freeze<DeskBridge>({
    invoke: <N extends CommandName>(name: N, args: CommandArgs<N>) =>
      // The desk answers a command with that command's value; this is where the channel's `unknown` gets its type back.
      invoke('desk:invoke', name, args) as Promise<Result<CommandValue<N>>>,
    onState: (listener) => {
      stateListeners.add(listener);
      if (isAttached) void invoke('desk:snapshot');
      else void attach();
      return () => void stateListeners.delete(listener);
    },
    onTicks: (listener) => {
      tickListeners.add(listener);
      return () => void tickListeners.delete(listener);
    },
    onLink: (listener) => {
      linkListeners.add(listener);
      listener(link);
      return () => void linkListeners.delete(listener);
    },
    acknowledgeTicks: (seq) => void invoke('desk:acknowledge-ticks', seq),
    setInterest: (interest) => void invoke('desk:interest', { ...interest }),
    openExternal: (url) => void invoke('shell:open-external', url),
  });
}
