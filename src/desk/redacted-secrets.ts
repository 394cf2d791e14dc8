import type { SecretStore } from '../auth/secret-store.ts';
import type { Redactor } from '../kite/redact.ts';

/** The same store, but every secret that passes is known to the redactor from then on. */
export function redactedSecrets(store: SecretStore, redactor: Redactor): SecretStore {
  return {
    get kind() {
      return store.kind;
    },
    recovery: store.recovery,
    get: async (name) => {
      const value = await store.get(name);
      if (value !== null && name === 'api-secret') redactor.register(value);
      return value;
    },
    set: (name, value) => {
      if (name === 'api-secret') redactor.register(value);
      return store.set(name, value);
    },
    delete: (name) => store.delete(name),
  };
}
