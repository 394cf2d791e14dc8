/**
 * Counts what the thread it is loaded in asks of files, through Node's `fs`, `fs/promises` and `sqlite`: calls by name, with
 * the place in this project that made them. Code that has imported a function by name gets the counted one too.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import sqlite from 'node:sqlite';

export interface FileCalls extends Disposable {
  /** `openSync at src/…`, in order. */
  readonly calls: readonly string[];
}

type Functions = Record<string, unknown>;

/** Neither of them goes to a disk. */
const harmless = new Set(['Stats', 'Dirent', 'Dir', 'ReadStream', 'WriteStream', 'FileReadStream', 'FileWriteStream']);

/** Counts from now on; calls of what is no code of this project's own (`isOurs`, by the stack) are left out. */
export function countFileCalls(isOurs: (stack: string) => boolean = isProductCode): FileCalls {
  const calls: string[] = [];
  const undo: (() => void)[] = [];
  const note = (name: string): void => {
    const { stack = '' } = new Error(name);
    if (isOurs(stack)) calls.push(`${name} at ${placeOf(stack)}`);
  };
  const wrap = (owner: Functions, name: string, shown: string): void => {
    const real = owner[name];
    if (typeof real !== 'function') return;
    owner[name] = function counted(this: unknown, ...args: unknown[]) {
      note(shown);
      return new.target === undefined ? real.apply(this, args) : Reflect.construct(real, args, new.target);
    };
    Object.assign(owner[name] as object, real);
    undo.push(() => {
      owner[name] = real;
    });
  };
  const all = fs as unknown as Functions;
  for (const name of Object.keys(all)) if (!harmless.has(name) && /^[a-z]/.test(name)) wrap(all, name, name);
  const promises = fs.promises as unknown as Functions;
  for (const name of Object.keys(promises)) wrap(promises, name, `promises.${name}`);
  for (const name of ['exec', 'prepare', 'open', 'close']) {
    wrap(sqlite.DatabaseSync.prototype as unknown as Functions, name, `sqlite.${name}`);
  }
  for (const name of ['run', 'get', 'all']) {
    wrap(sqlite.StatementSync.prototype as unknown as Functions, name, `sqlite.${name}`);
  }
  syncBuiltinESMExports();
  return {
    calls,
    [Symbol.dispose]: () => {
      for (const restore of undo) restore();
      syncBuiltinESMExports();
    },
  };
}

/** Whether some of the product's own code is on the stack. */
export function isProductCode(stack: string): boolean {
  return /\/(src|electron)\/[\w/-]+\.ts/.test(stack);
}

function placeOf(stack: string): string {
  const line = stack.split('\n').find((each) => isProductCode(each));
  return /\/((?:src|electron)\/[\w/.-]+:\d+)/.exec(line ?? '')?.[1] ?? 'a package';
}
