import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'vite';
import { InterfaceFiles, serveStatic } from '../../src/serve/static-files.ts';

/** The interface on made-up desks, as pages. */
export interface Fixture extends AsyncDisposable {
  addressOf(scenario: string, theme: 'dark' | 'light'): string;
}

/** Bundles the fixture: once a run, before anything serves it. */
export async function buildFixture(): Promise<void> {
  await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
}

/** Serves the fixture that was built as browser mode serves the interface, with the same content security policy. */
export async function startFixture(): Promise<Fixture> {
  const root = join(import.meta.dirname, '..', '..', 'out', 'renderer-fixture');
  const files = await InterfaceFiles.read(root);
  const server = createServer((request, response) => {
    serveStatic(files, new URL(request.url ?? '/', 'http://localhost').pathname, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    addressOf: (scenario, theme) => `http://127.0.0.1:${port}/?scenario=${scenario}&theme=${theme}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
