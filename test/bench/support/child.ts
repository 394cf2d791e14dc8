import { type ChildProcess, fork } from 'node:child_process';

/** A message of a benchmark's child: its type, and figures. */
export type ChildMessage = { readonly type: string } & Readonly<Record<string, number>>;

/** A figure of a message; NaN when it has none of that name. */
export function figureOf(message: ChildMessage, name: string): number {
  return message[name] ?? Number.NaN;
}

/** A benchmark's child did not do its part. */
export class ChildError extends Error {
  readonly code = 'bench-child';
}

/** A process of a benchmark's own. Disposing ends it. */
export interface BenchChild extends AsyncDisposable {
  /** The next message of this type, one that is waiting included. */
  next(type: string, limitMs?: number): Promise<ChildMessage>;
  /** Sends a question and waits for the answer of the same type. */
  ask(type: string): Promise<ChildMessage>;
  onMessage(listener: (message: ChildMessage) => void): void;
}

const LIMIT_MS = 30_000;

/** Starts a child under the same Node. Its standard error is dropped: clients report what the benchmark does to them. */
export function startChild(script: string, args: readonly string[]): BenchChild {
  const child: ChildProcess = fork(script, [...args], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const unread: ChildMessage[] = [];
  const listeners = new Set<(message: ChildMessage) => void>();
  child.on('message', (message) => {
    unread.push(message as ChildMessage);
    for (const listener of [...listeners]) listener(message as ChildMessage);
  });

  const take = (type: string): ChildMessage | null => {
    const index = unread.findIndex((message) => message.type === type);
    return index < 0 ? null : (unread.splice(index, 1)[0] ?? null);
  };
  const next = (type: string, limitMs = LIMIT_MS): Promise<ChildMessage> => {
    const { promise, resolve, reject } = Promise.withResolvers<ChildMessage>();
    const look = (): void => {
      const message = take(type);
      if (message !== null) resolve(message);
    };
    const timer = setTimeout(() => reject(new ChildError(`${script} did not send ${type} in time`)), limitMs);
    void exited.then(() => reject(new ChildError(`${script} ended before it sent ${type}`)));
    listeners.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      listeners.delete(look);
    });
  };

  return {
    next,
    ask: (type) => {
      child.send({ type });
      return next(type);
    },
    onMessage: (listener) => void listeners.add(listener),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** In the child: sends a message to the benchmark. */
export function tellBench(type: string, figures: Readonly<Record<string, number>> = {}): void {
  process.send?.({ type, ...figures });
}

/** In the child: answers questions of this type. */
export function onAsked(type: string, answer: () => Readonly<Record<string, number>>): void {
  process.on('message', (message) => {
    if ((message as ChildMessage).type === type) tellBench(type, answer());
  });
}
