/**
 * A process that opens the real secret store and does what it is told, one JSON line of its parent's after another: so
 * that a test sees what another process, a restarted app for one, finds in the keychain.
 */
import { createInterface } from 'node:readline';
import { openSecretStore } from '../../src/auth/keytar-secret-store.ts';
import { type SecretName, SecretStoreError } from '../../src/auth/secret-store.ts';
import { systemClock } from '../../src/clock.ts';

export type KeychainRequest =
  | { readonly do: 'get' | 'delete'; readonly name: SecretName }
  | { readonly do: 'set'; readonly name: SecretName; readonly value: string };

/** `value` is null where there is none; `failure` is the message of a `SecretStoreError`. */
export type KeychainAnswer = { readonly value: string | null } | { readonly failure: string };

export interface KeychainOpened {
  readonly kind: 'keychain' | 'memory';
  readonly notice: string | null;
}

const simulated = process.argv[2] === 'simulated';
const { store, notice } = await openSecretStore({ want: 'keychain', simulated, clock: systemClock() });
say({ kind: store.kind, notice });
for await (const line of createInterface({ input: process.stdin })) {
  say(await answer(JSON.parse(line) as KeychainRequest));
}
process.exit(0);

async function answer(request: KeychainRequest): Promise<KeychainAnswer> {
  try {
    if (request.do === 'get') return { value: await store.get(request.name) };
    if (request.do === 'set') await store.set(request.name, request.value);
    else await store.delete(request.name);
    return { value: null };
  } catch (error) {
    if (error instanceof SecretStoreError) return { failure: error.message };
    throw error;
  }
}

function say(value: KeychainOpened | KeychainAnswer): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
