import { readdir, readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

/** What the built interface consists of, by the file's ending. */
export const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
};

/** The policy of the interface's page: its own script and style, and a socket to where it came from. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

export interface InterfaceFile {
  /** Its content type. */
  readonly type: string;
  readonly body: Buffer<ArrayBuffer>;
}

/**
 * The built interface, in memory: about 1.5 MB. Read once, at the start, so that a page opened later is of the same build
 * as the app, and costs no look at the disk.
 */
export class InterfaceFiles {
  private readonly root: string;
  private readonly files: ReadonlyMap<string, InterfaceFile>;

  private constructor(root: string, files: ReadonlyMap<string, InterfaceFile>) {
    this.root = root;
    this.files = files;
  }

  /** All files below `root` of a type the interface consists of. Rejects when the folder cannot be read. */
  static async read(root: string): Promise<InterfaceFiles> {
    const files = new Map<string, InterfaceFile>();
    const read = async (folder: string): Promise<void> => {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        const type = contentTypes[extname(path)];
        if (entry.isDirectory()) await read(path);
        else if (entry.isFile() && type !== undefined) files.set(path, { type, body: await readFile(path) });
      }
    };
    await read(root);
    return new InterfaceFiles(root, files);
  }

  /** The file a URL path means; null for anything else. */
  at(pathname: string): InterfaceFile | null {
    const path = staticPath(this.root, pathname);
    return path === null ? null : (this.files.get(path) ?? null);
  }
}

/** Answers with a file of the built interface, or 404. */
export function serveStatic(files: InterfaceFiles, pathname: string, response: ServerResponse): void {
  const file = files.at(pathname);
  if (file === null) response.writeHead(404, { ...securityHeaders, 'content-type': 'text/plain' }).end('Not found\n');
  else response.writeHead(200, { ...securityHeaders, 'content-type': file.type }).end(file.body);
}

/** The file a URL path means, null when it would leave `root`. */
export function staticPath(root: string, pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const path = normalize(join(root, decoded === '/' ? 'index.html' : decoded));
  return path.startsWith(root + sep) ? path : null;
}
