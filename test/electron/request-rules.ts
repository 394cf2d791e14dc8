import type { WebContents as ElectronWebContents, OnBeforeRequestListenerDetails } from 'electron';
import { isCustomScheme } from './custom-schemes.ts';
import { asElectron } from './guard.ts';
import type { PausedRequest, RequestRules, RequestVerdict, ResponseHeaders } from './request-gate.ts';
import type { Session } from './session.ts';
import type { WebFrameMain } from './web-frame-main.ts';

/** Asks the listeners of a page's navigation events; true when one of them prevented it. */
export type NavigationCheck = (request: PausedRequest) => boolean;

type ResourceType = OnBeforeRequestListenerDetails['resourceType'];

const resourceTypes: Readonly<Record<string, ResourceType>> = {
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  XHR: 'xhr',
  Fetch: 'xhr',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
  Media: 'media',
  WebSocket: 'webSocket',
};

let nextRequestId = 1;

/**
 * What Electron would do with a request: navigation events first, then `webRequest`, then the session's own protocols,
 * then the network. Of the network there is loopback, for sessions that are not the app's own.
 */
export function requestRules(
  session: Session,
  contents: ElectronWebContents,
  prevented: NavigationCheck,
): RequestRules {
  return {
    decide: async (request) => {
      const navigation = request.resourceType === 'Document';
      if (navigation && prevented(request)) return { kind: 'fail', reason: 'Aborted' };
      const answer = await session.webRequest.beforeRequest(detailsOf(request, contents));
      if (answer.cancel === true) return { kind: 'fail', reason: 'BlockedByClient' };
      if (answer.redirectURL !== undefined) return { kind: 'redirect', url: answer.redirectURL };
      if (navigation) await session.enter(request.url, contents);
      return destination(session, request);
    },
    headersReceived: async (request, status, headers) => {
      const { cancel, responseHeaders } = await session.webRequest.headersReceived({
        ...detailsOf(request, contents),
        statusCode: status,
        statusLine: `HTTP/1.1 ${status}`,
        responseHeaders: mutable(headers),
      });
      if (cancel === true) return null;
      return responseHeaders === undefined ? headers : listed(responseHeaders);
    },
  };
}

async function destination(session: Session, request: PausedRequest): Promise<RequestVerdict> {
  const { protocol, hostname } = new URL(request.url);
  const scheme = protocol.slice(0, -1);
  if (isCustomScheme(scheme)) return answered(session, request);
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'ws' && scheme !== 'wss') {
    return { kind: 'pass', watchResponse: false };
  }
  const loopback = hostname === '127.0.0.1' || hostname === 'localhost';
  if (session.isDefault || !loopback) return { kind: 'fail', reason: 'InternetDisconnected' };
  return { kind: 'pass', watchResponse: session.webRequest.watchesResponse(request.url) };
}

async function answered(session: Session, request: PausedRequest): Promise<RequestVerdict> {
  const { url, method, headers, body } = request;
  try {
    const response = await session.customProtocols.answer(new Request(url, { method, headers, body }));
    return response === null ? { kind: 'fail', reason: 'Failed' } : { kind: 'answer', response };
  } catch (error) {
    console.error(`The handler of ${url} failed:`, error);
    return { kind: 'fail', reason: 'Failed' };
  }
}

function detailsOf(request: PausedRequest, webContents: ElectronWebContents): OnBeforeRequestListenerDetails {
  return {
    id: nextRequestId++,
    url: request.url,
    method: request.method,
    webContentsId: webContents.id,
    webContents,
    frame: request.frame === null ? null : asElectron(request.frame),
    resourceType: resourceTypeOf(request.resourceType, request.frame),
    referrer: request.headers.Referer ?? '',
    timestamp: Date.now(),
    uploadData: request.body === null ? [] : [{ bytes: Buffer.from(request.body) }],
  };
}

function resourceTypeOf(chromiumType: string, frame: WebFrameMain | null): ResourceType {
  if (chromiumType === 'Document') return frame === null || frame.parent === null ? 'mainFrame' : 'subFrame';
  return resourceTypes[chromiumType] ?? 'other';
}

function mutable(headers: ResponseHeaders): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [...values]]));
}

function listed(headers: Record<string, string | string[]>): ResponseHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()]));
}
