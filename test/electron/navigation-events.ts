import type { WebFrameMain as ElectronWebFrameMain } from 'electron';
import { asElectron, electronEvent } from './guard.ts';
import type { PausedRequest } from './request-gate.ts';
import { isTold } from './untold.ts';

/** Who is told of a page's navigations. */
export interface NavigationTeller {
  emit(event: string, ...args: unknown[]): boolean;
  getProcessId(): number;
}

/**
 * Tells a navigation before it happens, by the events Electron has for it and in their order; true when a listener
 * prevented it. What the app itself asked for can be prevented only in what a server makes of it.
 */
export function navigationPrevented(teller: NavigationTeller, request: PausedRequest): boolean {
  const { url, frame, redirected, own } = request;
  const isMainFrame = frame !== null && frame.parent === null;
  const shown = frame === null ? null : asElectron<ElectronWebFrameMain>(frame);
  const event = electronEvent({ url, isSameDocument: false, isMainFrame, frame: shown, initiator: shown });
  const deprecated = [url, false, isMainFrame, teller.getProcessId(), frame?.routingId ?? 0];
  const tell = (name: string, ...more: readonly unknown[]): void => {
    if (isTold(name)) teller.emit(name, event, ...more);
  };
  if (redirected) {
    tell('will-redirect', ...deprecated);
    return event.defaultPrevented;
  }
  // Comes before the question whether the page may go there, and so for navigations too that come to nothing.
  tell('did-start-navigation', ...deprecated);
  if (own) return false;
  tell('will-frame-navigate');
  if (isMainFrame && !event.defaultPrevented) tell('will-navigate', ...deprecated);
  return event.defaultPrevented;
}
