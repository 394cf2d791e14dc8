import { WebSocket } from 'ws';
import type { CommandArgs, CommandName, CommandValue } from '../../src/contract/commands.ts';
import type { Journal } from '../../src/contract/journal.ts';
import type { Result } from '../../src/contract/result.ts';

/** A running app as a script sees it: the local API, and commands over the interface's own socket. */
export class DeskClient {
  private readonly base: URL;

  /** `readyUrl`: the address the app printed, with its key. */
  constructor(readyUrl: string) {
    this.base = new URL(readyUrl);
  }

  async journal(): Promise<Journal> {
    return (await this.get('/api/journal')) as Journal;
  }

  async get(path: string): Promise<unknown> {
    const response = await fetch(new URL(path, this.base), {
      headers: { authorization: `Bearer ${this.base.searchParams.get('key')}` },
    });
    return await response.json();
  }

  /** Runs one command and returns its outcome. */
  invoke<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<CommandValue<N>>> {
    const url = new URL(`/ws/desk${this.base.search}`, this.base);
    url.protocol = 'ws:';
    const socket = new WebSocket(url);
    return new Promise((resolve, reject) => {
      socket.on('open', () => socket.send(JSON.stringify({ type: 'invoke', id: 1, name, args })));
      socket.on('error', reject);
      socket.on('message', (data, isBinary) => {
        const message: unknown = isBinary ? null : JSON.parse(data.toString());
        if (!isResult<CommandValue<N>>(message)) return;
        socket.close();
        resolve(message.result);
      });
    });
  }
}

function isResult<T>(message: unknown): message is { readonly type: 'result'; readonly result: Result<T> } {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'result';
}
