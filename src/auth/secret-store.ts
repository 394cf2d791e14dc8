/** What is kept secret: the app's identity at Kite, the login, and which logins Kite has refused (JSON, see `credential-vault.ts`). */
export const secretNames = ['api-key', 'api-secret', 'session', 'refused'] as const;
export type SecretName = (typeof secretNames)[number];

/** The one place for secrets. Every failure is a `SecretStoreError`; nothing is ever written to a plain file. */
export interface SecretStore {
  readonly kind: 'keychain' | 'memory';
  /** Where the keychain is away and still hoped for; otherwise null. */
  readonly recovery: StoreRecovery | null;
  get(name: SecretName): Promise<string | null>;
  set(name: SecretName, value: string): Promise<void>;
  /** Deleting what is not there is no failure. */
  delete(name: SecretName): Promise<void>;
}

/** A store that is memory for now. */
export interface StoreRecovery {
  /** What the trader is told until then. */
  readonly notice: string;
  /** Resolves when the store has become the keychain: there may be more in it than before. Never rejects. */
  readonly done: Promise<void>;
}

/** The keychain refused, is away or does not answer. The message never holds a secret. */
export class SecretStoreError extends Error {
  readonly code = 'secret-store';
}

/** Secrets for this run only. */
export function memorySecretStore(): SecretStore {
  const values = new Map<SecretName, string>();
  return {
    kind: 'memory',
    recovery: null,
    get: async (name) => values.get(name) ?? null,
    set: async (name, value) => void values.set(name, value),
    delete: async (name) => void values.delete(name),
  };
}
