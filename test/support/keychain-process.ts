import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SecretName } from '../../src/auth/secret-store.ts';
import type { KeychainAnswer, KeychainOpened, KeychainRequest } from './keychain-program.ts';

/** The real secret store as a process of its own has it. Disposing ends the process, and nothing else. */
export interface KeychainProcess extends AsyncDisposable, KeychainOpened {
  get(name: SecretName): Promise<KeychainAnswer>;
  set(name: SecretName, value: string): Promise<KeychainAnswer>;
  delete(name: SecretName): Promise<KeychainAnswer>;
}

/** `service`: whose secrets; those of a simulated exchange are kept apart. */
export async function openKeychainProcess(
  env: Readonly<Record<string, string>>,
  service: 'real' | 'simulated',
): Promise<KeychainProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'keychain-program.ts'), service], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async <Value>(): Promise<Value> => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error('the keychain process ended before it answered');
    return JSON.parse(value) as Value;
  };
  const ask = (request: KeychainRequest): Promise<KeychainAnswer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return read<KeychainAnswer>();
  };
  return {
    ...(await read<KeychainOpened>()),
    get: (name) => ask({ do: 'get', name }),
    set: (name, value) => ask({ do: 'set', name, value }),
    delete: (name) => ask({ do: 'delete', name }),
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
