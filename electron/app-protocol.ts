import { protocol } from 'electron/main';
import { InterfaceFiles } from '../src/serve/static-files.ts';
import { interfaceFolder, UI_SCHEME } from './identity.ts';
import { answerInterfaceRequest } from './interface-files.ts';

/** Makes the scheme a secure origin of its own, which must be said before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: UI_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built interface to windows of the default session; a login window's session knows no such scheme. */
export function setupAppProtocol(): void {
  const files = InterfaceFiles.read(interfaceFolder);
  // Whoever asks is told.
  files.catch(() => undefined);
  protocol.handle(UI_SCHEME, async (request) => answerInterfaceRequest(await files, request));
}
