import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a request may not do: no or a wrong key is 401, a foreign Host or Origin is 403. */
export type Refusal = { readonly status: 401 | 403; readonly reason: string };

/**
 * Who may talk to a loopback server. The key keeps other users and programs of the PC out; Host and Origin keep out web
 * pages that a browser on the same PC has open (DNS rebinding, cross-site requests).
 */
export class Access {
  private readonly key: Buffer;
  private readonly hosts: ReadonlySet<string>;

  constructor(key: string, port: number) {
    this.key = digest(key);
    this.hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  }

  /** Null when the request comes from this PC's own browser or tools; needed for everything, even static files. */
  checkOrigin(request: IncomingMessage): Refusal | null {
    if (!this.hosts.has(request.headers.host ?? '')) return { status: 403, reason: 'wrong Host' };
    const origin = request.headers.origin;
    if (origin !== undefined && !this.isOwnOrigin(origin)) return { status: 403, reason: 'foreign Origin' };
    // A GET without Origin, as for an image, tells a foreign page at least that the app runs.
    if (request.headers['sec-fetch-site'] === 'cross-site') return { status: 403, reason: 'foreign page' };
    return null;
  }

  /** Null when the request may use the API: own origin and the right key. */
  check(request: IncomingMessage, url: URL): Refusal | null {
    const refusal = this.checkOrigin(request);
    if (refusal !== null) return refusal;
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const given = bearer ?? url.searchParams.get('key');
    return this.isKey(given) ? null : { status: 401, reason: 'missing or wrong key' };
  }

  isKey(given: string | null): boolean {
    return given !== null && timingSafeEqual(digest(given), this.key);
  }

  private isOwnOrigin(origin: string): boolean {
    const match = /^http:\/\/(.+)$/.exec(origin);
    return match?.[1] !== undefined && this.hosts.has(match[1]);
  }
}

/** Equal lengths for the constant-time comparison. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
