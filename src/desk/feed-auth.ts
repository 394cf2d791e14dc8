import type { AuthOwner } from '../auth/auth-owner.ts';
import type { FeedAuth } from '../feed/login-block.ts';

/** The login's owner as the feed sees it. */
export function feedAuth(auth: AuthOwner): FeedAuth {
  return {
    session: () => auth.session,
    onSession: (listener) => auth.onSession(listener),
    reportRejected: async (source) => {
      const meaning = await auth.reportRejected(source === 'ticker' ? 'socket' : 'rest');
      return meaning === 'token-dead' ? 'token-rejected' : meaning;
    },
  };
}
