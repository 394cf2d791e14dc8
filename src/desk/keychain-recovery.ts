import type { AuthOwner } from '../auth/auth-owner.ts';
import type { SecretStore } from '../auth/secret-store.ts';
import type { Log } from '../log.ts';
import type { StateStore } from './state-store.ts';

/** A keychain that was away at the start is there: its login is restored and its notice taken back. */
export function followKeychain(secrets: SecretStore, auth: AuthOwner, state: StateStore, log: Log): Disposable {
  let isClosed = false;
  const { recovery } = secrets;
  void recovery?.done.then(async () => {
    if (isClosed) return;
    log('info', 'auth', 'The system keychain is there now: the login is kept in it.');
    await auth.restore();
    const { app } = state.state;
    const notices = app.notices.filter((notice) => notice !== recovery.notice);
    state.patch({ app: { ...app, secretStore: secrets.kind, notices } });
  });
  return {
    [Symbol.dispose]: () => {
      isClosed = true;
    },
  };
}
