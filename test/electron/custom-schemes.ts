import type { CustomScheme } from 'electron';
import { StandInError } from './guard.ts';

/**
 * Chromium alone knows no custom schemes, so `app://main/x` is `http://main.app.localhost/x` inside the page: a secure
 * context with an origin of its own. Everything the main process sees is translated back.
 */
const schemes = new Map<string, CustomScheme>();
const HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;

/** `protocol.registerSchemesAsPrivileged`. The stand-in pages are standard and secure, so the schemes must ask for that. */
export function registerScheme(scheme: CustomScheme): void {
  const { standard, secure } = scheme.privileges ?? {};
  if (standard !== true || secure !== true) {
    throw new StandInError(`the scheme "${scheme.scheme}" must be registered as standard and secure`);
  }
  schemes.set(scheme.scheme, scheme);
}

export function isCustomScheme(scheme: string): boolean {
  return schemes.has(scheme);
}

/** The address as the page has it. */
export function toPageUrl(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url);
  const scheme = protocol.slice(0, -1);
  if (!schemes.has(scheme)) return url;
  if (!HOST.test(host))
    throw new StandInError(`"${host}" cannot be the host of a ${scheme}:// address on the stand-in`);
  return `http://${host}.${scheme}.localhost${pathname === '' ? '/' : pathname}${search}${hash}`;
}

/** The address as Electron has it. Text that is no address (an opaque origin) is returned as it is. */
export function toElectronUrl(url: string): string {
  const match = /^http:\/\/([a-z0-9.-]+)\.([a-z0-9+-]+)\.localhost(?=[/?#]|$)/.exec(url);
  const [whole, host, scheme] = match ?? [];
  if (whole === undefined || scheme === undefined || !schemes.has(scheme)) return url;
  return `${scheme}://${host}${url.slice(whole.length)}`;
}

/** An origin as Electron's `WebFrameMain.origin` has it: `app://main`, `https://kite.zerodha.com`, or `null`. */
export function toElectronOrigin(origin: string): string {
  return origin === '' || origin === '://' ? 'null' : toElectronUrl(origin);
}
