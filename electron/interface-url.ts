import { UI_ORIGIN } from './identity.ts';

/** Whether an address is the interface's own origin or a page of it. */
export function isInterfaceUrl(url: string): boolean {
  return url === UI_ORIGIN || url.startsWith(`${UI_ORIGIN}/`);
}
