import type { BrowserWindow } from './browser-window.ts';
import { changed } from './changes.ts';

const windows: BrowserWindow[] = [];
const opened: ((window: BrowserWindow) => void)[] = [];
const allClosed: (() => void)[] = [];

export function addWindow(window: BrowserWindow): void {
  windows.push(window);
  for (const listener of opened) listener(window);
  changed('windows');
}

export function removeWindow(window: BrowserWindow): void {
  windows.splice(windows.indexOf(window), 1);
  changed('windows');
  if (windows.length === 0) for (const listener of allClosed) listener();
}

/** Calls back for every window opened from now on: `app` tells it as `browser-window-created`. */
export function onWindowOpened(listener: (window: BrowserWindow) => void): void {
  opened.push(listener);
}

/** Calls back whenever the last window is gone: `app` tells it as `window-all-closed`. */
export function onAllWindowsClosed(listener: () => void): void {
  allClosed.push(listener);
}

export function allWindows(): readonly BrowserWindow[] {
  return [...windows];
}

export function focusedWindow(): BrowserWindow | null {
  return windows.find((window) => window.isFocused()) ?? null;
}
