import { app, type Session, session } from 'electron/main';
import { mayUse } from './permission-rules.ts';

/**
 * Answers every permission question in every session, the login windows' included. Electron grants what nobody answers.
 */
export function setupPermissions(): void {
  // A site that asks who the trader is by certificate is answered with none; unanswered, Electron takes the first.
  app.on('select-client-certificate', (event, _contents, _url, _certificates, answer) => {
    event.preventDefault();
    answer();
  });
  app.on('session-created', guard);
  guard(session.defaultSession);
}

function guard(target: Session): void {
  target.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) =>
    decide(mayUse(permission, requestingUrl)),
  );
  target.setPermissionCheckHandler((_contents, permission, requestingOrigin) => mayUse(permission, requestingOrigin));
  target.setDevicePermissionHandler(() => false);
}
