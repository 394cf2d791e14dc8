import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { PreloadProcess } from './page/page-messages.ts';

const packageFile = createRequire(import.meta.url).resolve('electron/package.json');

/** The version of Electron the project is built for. */
export const electronVersion = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version;

/** `process` as a sandboxed preload sees it. */
export function preloadProcess(additionalArguments: readonly string[]): PreloadProcess {
  return {
    platform: process.platform,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    argv: [process.execPath, ...additionalArguments],
    versions: { electron: electronVersion, node: process.versions.node, chrome: process.versions.chrome },
  };
}
