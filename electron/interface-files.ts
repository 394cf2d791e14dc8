import { type InterfaceFiles, securityHeaders } from '../src/serve/static-files.ts';
import { UI_HOST } from './identity.ts';

/** Answers a request for the interface with one of its files and the page's policy as headers; anything else is 404. */
export function answerInterfaceRequest(
  files: InterfaceFiles,
  request: { readonly method: string; readonly url: string },
): Response {
  const { hostname, pathname } = new URL(request.url);
  const file = request.method === 'GET' && hostname === UI_HOST ? files.at(pathname) : null;
  if (file === null) {
    return new Response('Not found\n', { status: 404, headers: { ...securityHeaders, 'content-type': 'text/plain' } });
  }
  return new Response(file.body, { status: 200, headers: { ...securityHeaders, 'content-type': file.type } });
}
