import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { contentTypes, securityHeaders, staticPath } from '../src/serve/static-files.ts';
import { UI_HOST } from './identity.ts';

/** Answers a request for the interface with a file below `root` and the page's policy as headers; anything else is 404. */
export async function answerInterfaceRequest(root: string, request: { readonly method: string; readonly url: string }) {
  const { hostname, pathname } = new URL(request.url);
  const path = request.method === 'GET' && hostname === UI_HOST ? staticPath(root, pathname) : null;
  const type = path === null ? undefined : contentTypes[extname(path)];
  const body = path === null || type === undefined ? null : await readFile(path).catch(() => null);
  if (body === null || type === undefined) {
    return new Response('Not found\n', { status: 404, headers: { ...securityHeaders, 'content-type': 'text/plain' } });
  }
  return new Response(body, { status: 200, headers: { ...securityHeaders, 'content-type': type } });
}
