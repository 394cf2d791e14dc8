import { AuthOwner } from '../../../src/auth/auth-owner.ts';
import type { StoredSession } from '../../../src/auth/credential-vault.ts';
import { memorySecretStore, type SecretStore } from '../../../src/auth/secret-store.ts';
import type { AuthState } from '../../../src/contract/state.ts';
import { zerodhaEndpoints } from '../../../src/kite/endpoints.ts';
import type { SessionCredentials } from '../../../src/kite/session.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { FakeKite } from './fake-kite.ts';

export const API_KEY = 'abcd1234efghwxyz';
export const OLD = 'oldtoken12345678';
export const NEW = 'newtoken12345678';
export const REDIRECT = 'http://127.0.0.1:7414/kite/callback';

/** An owner of the login at an IST time of Monday 2026-11-23, with everything it says and tells recorded. */
export class AuthFixture {
  readonly clock: VirtualClock;
  readonly kite = new FakeKite();
  readonly secrets: SecretStore;
  readonly auth: AuthOwner;
  readonly states: AuthState[] = [];
  readonly sessions: { readonly atMs: number; readonly session: SessionCredentials | null }[] = [];
  readonly log: string[] = [];

  constructor(startIst: string, secrets: SecretStore = memorySecretStore(), redirectUrl = (): string => REDIRECT) {
    this.clock = new VirtualClock(`2026-11-23T${startIst}+05:30`);
    this.secrets = secrets;
    this.auth = new AuthOwner({
      clock: this.clock,
      rest: this.kite,
      secrets,
      endpoints: zerodhaEndpoints,
      redirectUrl,
      random: () => 0.5,
      log: (_level, _area, text) => this.log.push(text),
    });
    this.auth.onChange((state) => this.states.push(state));
    this.auth.onSession((session) => this.sessions.push({ atMs: this.clock.now(), session }));
  }

  async configure(): Promise<void> {
    await this.auth.saveCredentials({ apiKey: API_KEY, apiSecret: 'secret1234' });
  }

  /** Signed in with a token that Kite confirms now. */
  async signIn(token = OLD): Promise<void> {
    await this.configure();
    await this.auth.setToken(token, 'paste');
  }

  /** Everything that has left the owner except as session credentials. */
  said(): string {
    return JSON.stringify([this.states, this.log]);
  }
}

/** A secret store as an earlier run left it. */
export async function storedLogin(
  session: Partial<StoredSession> & { readonly adoptedAtMs: number },
): Promise<SecretStore> {
  const secrets = memorySecretStore();
  await secrets.set('api-key', API_KEY);
  await secrets.set('api-secret', 'secret1234');
  const stored: StoredSession = {
    accessToken: OLD,
    userId: 'AB1234',
    userName: 'Asha Trader',
    loginAtMs: null,
    ...session,
  };
  await secrets.set('session', JSON.stringify(stored));
  return secrets;
}

/** A promise that a test opens. */
export function gate(): { readonly promise: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}
