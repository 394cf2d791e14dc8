import { readFileSync } from 'node:fs';
import { createWire } from '../structured-clone-wire.ts';
import { createContextBridge } from './context-bridge.ts';
import { installInPage } from './install.ts';
import { createIpcEndpoint } from './ipc-renderer.ts';
import type { PageNames, PreloadProcess } from './page-messages.ts';

/** What a window asks to be run before each document's own scripts. */
export interface PageScriptOptions {
  readonly names: PageNames;
  /** The preload's file; null for a window without one. */
  readonly preload: string | null;
  readonly process: PreloadProcess;
}

/** The source of the script that Chromium runs in every new document of a window. */
export function pageScript(options: PageScriptOptions): string {
  const preload =
    options.preload === null
      ? 'null'
      : `function (require, module, exports, process, global) {\n${readFileSync(options.preload, 'utf8')}\n}`;
  return `(${installInPage})({
  names: ${JSON.stringify(options.names)},
  process: ${JSON.stringify(options.process)},
  preload: ${preload},
  createWire: ${createWire},
  createContextBridge: ${createContextBridge},
  createIpcEndpoint: ${createIpcEndpoint},
});`;
}
