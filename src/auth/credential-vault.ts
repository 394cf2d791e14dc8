import { z } from 'zod';
import type { ApiCredentials } from '../kite/session.ts';
import type { Log } from '../log.ts';
import { type SecretName, type SecretStore, SecretStoreError } from './secret-store.ts';
import { MOST_REFUSED } from './token-checks.ts';

const storedSessionSchema = z.object({
  accessToken: z.string().min(1),
  /** Null where the token came from elsewhere and Kite has not been asked whose it is. */
  userId: z.string().nullable(),
  userName: z.string().nullable(),
  /** When Kite says the login happened, ms since the epoch; null for a token that came from elsewhere. */
  loginAtMs: z.number().nullable(),
  /** When this app took the token, ms since the epoch. */
  adoptedAtMs: z.number(),
  /** When Kite last said yes to it, as far as that was kept, ms since the epoch; absent in homes of earlier versions. */
  provenAtMs: z.number().nullish(),
});

/** Fingerprints of tokens, see `token-checks.ts`. */
const refusedSchema = z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(MOST_REFUSED);

/** A login as it is kept in the secret store. */
export type StoredSession = Readonly<z.infer<typeof storedSessionSchema>>;

/** The app's identity at Kite; without a secret, tokens from elsewhere can be used but no login finished. */
export type KnownCredentials = Omit<ApiCredentials, 'apiSecret'> & { readonly apiSecret: string | null };

const labels: Readonly<Record<SecretName, string>> = {
  'api-key': 'API key',
  'api-secret': 'API secret',
  session: 'login',
  refused: 'list of refused logins',
};

export interface StoredSecrets {
  readonly credentials: KnownCredentials | null;
  readonly session: StoredSession | null;
  /** Fingerprints of tokens that Kite has refused, the newest first. */
  readonly refused: readonly string[];
}

/**
 * Reads and writes the login in the secret store. A store that fails costs the login its next start, never this run:
 * failures are logged and swallowed. Writes are made one after another, in the order they were asked for.
 */
export class CredentialVault {
  private readonly store: SecretStore;
  private readonly log: Log;
  private last: Promise<void> = Promise.resolve();

  constructor(store: SecretStore, log: Log) {
    this.store = store;
    this.log = log;
  }

  async load(): Promise<StoredSecrets> {
    try {
      const apiKey = await this.store.get('api-key');
      const apiSecret = await this.store.get('api-secret');
      const session = await this.store.get('session');
      const refused = await this.store.get('refused');
      return {
        credentials: apiKey === null ? null : { apiKey, apiSecret },
        session: session === null ? null : this.readSession(session),
        refused: refused === null ? [] : readRefused(refused),
      };
    } catch (error) {
      this.log('error', 'auth', `The stored login could not be read. ${sentenceOf(error)}`);
      return { credentials: null, session: null, refused: [] };
    }
  }

  saveCredentials({ apiKey, apiSecret }: KnownCredentials): Promise<void> {
    return this.write({ 'api-key': apiKey, 'api-secret': apiSecret });
  }

  /** `null` deletes it. */
  saveSession(session: StoredSession | null): Promise<void> {
    return this.write({ session: session === null ? null : JSON.stringify(session) });
  }

  saveRefused(refused: readonly string[]): Promise<void> {
    return this.write({ refused: refused.length === 0 ? null : JSON.stringify(refused) });
  }

  forgetAll(): Promise<void> {
    return this.write({ session: null, refused: null, 'api-secret': null, 'api-key': null });
  }

  private write(values: Readonly<Partial<Record<SecretName, string | null>>>): Promise<void> {
    this.last = this.last.then(async () => {
      for (const [name, value] of Object.entries(values) as [SecretName, string | null][]) {
        try {
          if (value === null) await this.store.delete(name);
          else await this.store.set(name, value);
        } catch (error) {
          const what = value === null ? 'deleted' : 'stored and lasts for this run only';
          this.log('warning', 'auth', `The ${labels[name]} could not be ${what}. ${sentenceOf(error)}`);
        }
      }
    });
    return this.last;
  }

  private readSession(text: string): StoredSession | null {
    try {
      return storedSessionSchema.parse(JSON.parse(text));
    } catch {
      this.log('warning', 'auth', 'The stored login could not be understood and was deleted.');
      void this.saveSession(null);
      return null;
    }
  }
}

/** A list that cannot be understood refuses nothing: Kite is asked about each token anyway. */
function readRefused(text: string): readonly string[] {
  try {
    return refusedSchema.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof SecretStoreError ? error.message : '';
}
