import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BrowserWindow, type OnBeforeRequestListenerDetails, type Session, session } from 'electron/main';
import { failed, type Result } from '../../src/contract/result.ts';
import { APP_NAME } from '../identity.ts';
import type { NavigationGuard, NavigationVerdict } from '../navigation-guard.ts';
import { fencedPreferences } from '../web-preferences.ts';
import type { LoginEnd } from './login-end.ts';
import { comesBackHere, mayShowDuringLogin, misdirectedAnswer } from './login-hosts.ts';

export interface LoginWindowOptions {
  /** The page the desk has asked to be shown. */
  readonly loginUrl: string;
  /** Where Kite sends the trader afterwards; never loaded. */
  readonly redirectUrl: string;
  readonly guard: NavigationGuard;
  /** Finishes the login from the callback's address. */
  readonly complete: (callbackUrl: string) => Promise<Result<null>>;
}

export interface LoginWindow {
  /** Told once the window is gone. */
  readonly ended: Promise<LoginEnd>;
  focus(): void;
  /** The login is no longer waited for: closes the window, unless Kite's answer is being acted on. */
  withdraw(): void;
}

/** Chromium's code for a navigation that was given up for another, or by us. */
const ERR_ABORTED = -3;

/**
 * Kite's login page in a window that shares nothing with the app: its own session in memory, no preload, one host, no
 * pop-ups, downloads or permissions. Kite's answer is caught before it is requested. Afterwards the session's storage is
 * cleared and the window destroyed, however the login ended.
 */
export function openLoginWindow(options: LoginWindowOptions): LoginWindow {
  const { loginUrl, redirectUrl, guard, complete } = options;
  const partition = session.fromPartition(`login-${randomUUID()}`, { cache: false });
  const window = new BrowserWindow({
    title: titleFor(loginUrl),
    width: 520,
    height: 720,
    minimizable: false,
    fullscreenable: false,
    autoHideMenuBar: true,
    webPreferences: fencedPreferences({ session: partition, devTools: false }),
  });
  const { promise: ended, resolve } = Promise.withResolvers<LoginEnd>();
  let isOver = false;
  let hasLoaded = false;

  const end = async (how: LoginEnd): Promise<void> => {
    isOver = true;
    // Not out of an event of the page's own: Electron goes on using the page when the listener returns.
    await nextTurn();
    if (!window.isDestroyed()) window.destroy();
    resolve(how);
    await clear(partition);
  };
  /** The first callback counts: the same answer is seen by several of the events below. */
  const take = (callbackUrl: string): void => {
    if (isOver) return;
    isOver = true;
    window.setTitle(`${APP_NAME}: finishing the sign-in`);
    const unfinished = failed('internal', 'The login could not be finished. Sign in again.');
    void complete(callbackUrl)
      .catch(() => unfinished)
      .then((result) => end(result.ok ? { end: 'signed-in' } : { end: 'refused', error: result.error }));
  };
  const judge = (url: string, isMainFrame: boolean): NavigationVerdict => {
    if (isMainFrame && comesBackHere(url, redirectUrl)) {
      take(url);
      return 'taken';
    }
    if (mayShowDuringLogin(url, loginUrl)) return 'go';
    const address = isMainFrame ? misdirectedAnswer(url) : null;
    if (address !== null && !isOver) void end({ end: 'sent-elsewhere', address, expected: redirectUrl });
    return 'stay';
  };

  guard.setRule(window.webContents, judge);
  fenceSession(partition, judge);
  window.webContents.on('did-navigate', (_event, url) => {
    hasLoaded = true;
    window.setTitle(titleFor(url));
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('closed', () => {
    if (!isOver) void end({ end: 'closed' });
  });
  window.webContents.on('did-fail-load', (_event, code, reason, url, isMainFrame) => {
    if (isMainFrame && code !== ERR_ABORTED && !isOver) {
      void end({ end: 'unreachable', host: hostOf(url, loginUrl), reason });
    }
  });
  window.webContents.on('render-process-gone', () => {
    if (!isOver) void end({ end: 'page-crashed' });
  });
  // What is left for this: a page that sends the browser to another host before it has shown anything.
  window.loadURL(loginUrl).catch(() => {
    if (!isOver && !hasLoaded)
      void end({ end: 'unreachable', host: hostOf(loginUrl, loginUrl), reason: 'sent elsewhere' });
  });

  return {
    ended,
    focus: () => window.focus(),
    withdraw: () => {
      if (!isOver) void end({ end: 'withdrawn' });
    },
  };
}

/**
 * The last fence, at the request itself: documents of other hosts are not even asked for. What a document of Kite's
 * loads for itself is left to its own policy: a font from a new host must not cost anyone the morning's login.
 */
function fenceSession(partition: Session, judge: (url: string, isMainFrame: boolean) => NavigationVerdict): void {
  partition.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: isDocument(details) && judge(details.url, details.resourceType === 'mainFrame') !== 'go' });
  });
  partition.on('will-download', (event) => event.preventDefault());
}

function isDocument({ resourceType }: OnBeforeRequestListenerDetails): boolean {
  return resourceType === 'mainFrame' || resourceType === 'subFrame';
}

/** A session that cannot be cleared lives in memory only, and goes with the process at the latest. */
async function clear(partition: Session): Promise<void> {
  await partition.clearStorageData().catch(() => {});
  await partition.clearAuthCache().catch(() => {});
}

/** The host, so that the trader sees whose page asks for the password. */
function titleFor(url: string): string {
  const { host, hostname } = new URL(url);
  // Kite is nowhere on this PC: what is here plays it.
  return hostname === '127.0.0.1' ? `Simulated login (${host})` : `${host}: sign in to Kite`;
}

function hostOf(url: string, fallback: string): string {
  return new URL(URL.canParse(url) ? url : fallback).host;
}
