import type { CDPSession } from 'playwright-core';
import { toElectronUrl, toPageUrl } from './custom-schemes.ts';
import type { WebFrameMain } from './web-frame-main.ts';

/** A request that Chromium holds until it is decided about. */
export interface PausedRequest {
  /** As Electron has it: `app://…` where the page has its stand-in. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | null;
  /** Chromium's resource type: `Document`, `Script`, … */
  readonly resourceType: string;
  readonly frame: WebFrameMain | null;
  /** The server sent the browser here. */
  readonly redirected: boolean;
  /** The main process asked for this navigation, not the page. */
  readonly own: boolean;
}

export type RequestVerdict =
  | { readonly kind: 'fail'; readonly reason: 'Aborted' | 'BlockedByClient' | 'InternetDisconnected' | 'Failed' }
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'answer'; readonly response: Response }
  | { readonly kind: 'pass'; readonly watchResponse: boolean };

export type ResponseHeaders = Readonly<Record<string, readonly string[]>>;

export interface RequestRules {
  decide(request: PausedRequest): Promise<RequestVerdict>;
  /** What the page gets of a response's headers; null when the response is refused. */
  headersReceived(request: PausedRequest, status: number, headers: ResponseHeaders): Promise<ResponseHeaders | null>;
}

interface HeaderEntry {
  readonly name: string;
  readonly value: string;
}

/** Holds every request of a page, each hop of a redirect too, until the rules have decided. */
export class RequestGate {
  private readonly cdp: CDPSession;
  private readonly rules: RequestRules;
  private readonly describe: (request: { url: string; frameId: string }) => Pick<PausedRequest, 'frame' | 'own'>;

  constructor(cdp: CDPSession, rules: RequestRules, describe: RequestGate['describe']) {
    this.cdp = cdp;
    this.rules = rules;
    this.describe = describe;
  }

  async open(): Promise<void> {
    this.cdp.on('Fetch.requestPaused', (event) => {
      const { requestId, request, frameId, resourceType, redirectedRequestId } = event;
      const paused: PausedRequest = {
        url: toElectronUrl(request.url),
        method: request.method,
        headers: request.headers,
        body: bodyOf(request.postDataEntries),
        resourceType,
        redirected: redirectedRequestId !== undefined,
        ...this.describe({ url: request.url, frameId }),
      };
      const { responseStatusCode: status, responseHeaders = [] } = event;
      const handled =
        status === undefined && event.responseErrorReason === undefined
          ? this.request(requestId, paused)
          : this.response(requestId, paused, status, responseHeaders);
      // The page was closed or crashed while the request waited: there is nobody left to answer.
      handled.catch(() => {});
    });
    await this.cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  }

  private async request(requestId: string, paused: PausedRequest): Promise<void> {
    const verdict = await this.rules.decide(paused);
    if (verdict.kind === 'fail') {
      await this.cdp.send('Fetch.failRequest', { requestId, errorReason: verdict.reason });
    } else if (verdict.kind === 'pass') {
      await this.cdp.send('Fetch.continueRequest', { requestId, interceptResponse: verdict.watchResponse });
    } else if (verdict.kind === 'redirect') {
      const responseHeaders = [{ name: 'Location', value: toPageUrl(verdict.url) }];
      await this.cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 307, responseHeaders });
    } else {
      await this.answer(requestId, paused, verdict.response);
    }
  }

  private async answer(requestId: string, paused: PausedRequest, response: Response): Promise<void> {
    const headers = await this.rules.headersReceived(paused, response.status, groupHeaders(response.headers));
    if (headers === null) {
      await this.cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
      return;
    }
    const body = Buffer.from(await response.arrayBuffer()).toString('base64');
    await this.cdp.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: listHeaders(headers),
      body,
    });
  }

  private async response(
    requestId: string,
    paused: PausedRequest,
    status: number | undefined,
    received: readonly HeaderEntry[],
  ): Promise<void> {
    if (status === undefined) {
      await this.cdp.send('Fetch.continueResponse', { requestId });
      return;
    }
    const headers = await this.rules.headersReceived(
      paused,
      status,
      groupHeaders(received.map((h) => [h.name, h.value])),
    );
    if (headers === null) {
      await this.cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
      return;
    }
    const responseHeaders = listHeaders(headers);
    await this.cdp.send('Fetch.continueResponse', { requestId, responseCode: status, responseHeaders });
  }
}

function bodyOf(entries: readonly { readonly bytes?: string }[] | undefined): Uint8Array<ArrayBuffer> | null {
  if (entries === undefined) return null;
  return new Uint8Array(Buffer.concat(entries.map((entry) => Buffer.from(entry.bytes ?? '', 'base64'))));
}

function groupHeaders(headers: Iterable<readonly [string, string] | readonly string[]>): ResponseHeaders {
  const grouped: Record<string, string[]> = {};
  for (const [name = '', value = ''] of headers) grouped[name] = [...(grouped[name] ?? []), value];
  return grouped;
}

function listHeaders(headers: ResponseHeaders): HeaderEntry[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    values.map((value) => ({ name, value: name.toLowerCase() === 'location' ? toPageUrl(value) : value })),
  );
}
