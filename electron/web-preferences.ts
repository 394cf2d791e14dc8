import type { WebPreferences } from 'electron/main';

/**
 * What every page of the app runs with. Most of it is Electron's default by now; said here, it stays so. What is not
 * named stays at its safe default: web security on, no insecure content, no experimental or Blink features.
 */
export function fencedPreferences(
  own: Required<Pick<WebPreferences, 'devTools'>> & Pick<WebPreferences, 'preload' | 'session'>,
): WebPreferences {
  return {
    ...own,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    spellcheck: false,
  };
}
