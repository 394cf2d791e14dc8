/**
 * Pages the interface and the menus link to. Anything else a page asks to have opened is refused: what is handed to the
 * system's browser runs outside our fences.
 */
const linkedHosts: ReadonlySet<string> = new Set(['developers.kite.trade', 'kite.trade', 'www.tradingview.com']);

/** The address in its canonical form when it may be opened, otherwise null. */
export function externalLink(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const link = new URL(url);
  const isPlain = link.protocol === 'https:' && link.port === '' && link.username === '' && link.password === '';
  return isPlain && linkedHosts.has(link.hostname) ? link.href : null;
}
