import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { childEnvironment } from '../../src/child-environment.ts';

/** A program that ended before it said what was waited for. */
export class ProgramEndedError extends Error {
  readonly code = 'program-ended';
}

/** One of the demo's programs, under the project's Node. */
export interface Program {
  /** Its exit code. */
  readonly exit: Promise<number>;
  /** The first group of the first line on its standard output that matches. */
  line(pattern: RegExp): Promise<string>;
  /** Calls with the first group of every line on its standard output that matches. */
  onLine(pattern: RegExp, look: (found: string) => void): void;
  /** Asks it to end, and waits for it. */
  stop(): Promise<void>;
}

/**
 * Starts a TypeScript program. Its standard error is ours; its standard output is read for `line`. Of the app's variables
 * it gets those in `env` alone. It can tell by its standard input, and by its channel, that we have ended.
 */
export function startProgram(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    env: childEnvironment(process.env, env),
  });
  const exit = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', () => resolve(1));
  });
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      for (const wake of [...waiting]) wake(line);
    });
  }
  return {
    exit,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (line: string): void => {
          const found = pattern.exec(line)?.[1];
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        for (const line of lines) look(line);
        void exit.then((code) => reject(new ProgramEndedError(`${script} ended with ${code} before it was ready`)));
      }),
    onLine: (pattern, look) => {
      waiting.add((line) => {
        const found = pattern.exec(line)?.[1];
        if (found !== undefined) look(found);
      });
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}
