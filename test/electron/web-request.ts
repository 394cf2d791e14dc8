import type {
  CallbackResponse,
  WebRequest as ElectronWebRequest,
  HeadersReceivedResponse,
  OnBeforeRequestListenerDetails,
  OnHeadersReceivedListenerDetails,
  WebRequestFilter,
} from 'electron';
import { guardClass, StandInError } from './guard.ts';
import { isTold } from './untold.ts';

type BeforeRequest = (details: OnBeforeRequestListenerDetails, callback: (response: CallbackResponse) => void) => void;
type HeadersReceived = (
  details: OnHeadersReceivedListenerDetails,
  callback: (response: HeadersReceivedResponse) => void,
) => void;

interface Registered<Listener> {
  readonly urls: readonly RegExp[] | null;
  readonly listener: Listener;
}

/** `session.webRequest`: the two moments of a request the app looks at. One listener each, the last one set. */
export class WebRequest implements Pick<ElectronWebRequest, 'onBeforeRequest' | 'onHeadersReceived'> {
  static {
    guardClass('WebRequest', WebRequest);
  }

  private before: Registered<BeforeRequest> | null = null;
  private received: Registered<HeadersReceived> | null = null;

  onBeforeRequest(...args: [WebRequestFilter, BeforeRequest | null] | [BeforeRequest | null]): void {
    this.before = registered(args);
  }

  onHeadersReceived(...args: [WebRequestFilter, HeadersReceived | null] | [HeadersReceived | null]): void {
    this.received = registered(args);
  }

  /** Whether responses from `url` are to be held. */
  watchesResponse(url: string): boolean {
    return matches(this.received, url);
  }

  async beforeRequest(details: OnBeforeRequestListenerDetails): Promise<CallbackResponse> {
    const { before } = this;
    if (before === null || !matches(before, details.url) || !isTold('onBeforeRequest')) return {};
    return new Promise((resolve) => before.listener(details, resolve));
  }

  async headersReceived(details: OnHeadersReceivedListenerDetails): Promise<HeadersReceivedResponse> {
    const { received } = this;
    if (received === null || !matches(received, details.url)) return {};
    return new Promise((resolve) => received.listener(details, resolve));
  }
}

function registered<Listener>(
  args: [WebRequestFilter, Listener | null] | [Listener | null],
): Registered<Listener> | null {
  const [filter, listener] = args.length === 2 ? args : [null, args[0]];
  if (listener === null) return null;
  if (filter?.types !== undefined || filter?.excludeUrls !== undefined) {
    throw new StandInError('webRequest filters by type or excluded address are not part of the stand-in');
  }
  return { urls: filter === null ? null : filter.urls.map(urlPattern), listener };
}

function matches(entry: Registered<unknown> | null, url: string): boolean {
  return entry !== null && (entry.urls === null || entry.urls.some((pattern) => pattern.test(url)));
}

/** A match pattern of Chromium extensions (`<all_urls>`, `*://host/path*`) as a regular expression. */
function urlPattern(pattern: string): RegExp {
  if (pattern === '<all_urls>') return /^/;
  const [, scheme, host, path] = /^(\*|[a-z][a-z0-9+.-]*):\/\/([^/]*)(\/.*)$/.exec(pattern) ?? [];
  if (scheme === undefined || host === undefined || path === undefined) {
    throw new TypeError(`Invalid url pattern ${pattern}`);
  }
  const schemePart = scheme === '*' ? 'https?' : literal(scheme);
  const hostPart = host.startsWith('*.') ? `([^/]+\\.)?${literal(host.slice(2))}` : glob(host, '[^/]*');
  return new RegExp(`^${schemePart}://${hostPart}${host.includes(':') ? '' : '(:\\d+)?'}${glob(path, '.*')}$`);
}

function glob(text: string, star: string): string {
  return text.split('*').map(literal).join(star);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
