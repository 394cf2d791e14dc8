import { isInterfaceUrl } from './interface-url.ts';

/** Whether a page may use a web permission: the interface may put text on the clipboard when asked to, and that is all. */
export function mayUse(permission: string, requestingUrl: string | undefined): boolean {
  return permission === 'clipboard-sanitized-write' && requestingUrl !== undefined && isInterfaceUrl(requestingUrl);
}
