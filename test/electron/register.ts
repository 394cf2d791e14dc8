/**
 * Makes Node run an Electron main process: `node --import test/electron/register.ts out/electron/main.mjs`. The main
 * process is the built one, unchanged; `electron` is the stand-in, its windows are Chromium pages.
 *
 * What it does not show: the process boundary of sandbox and context isolation, fuses, the real tray and menus, the
 * updater, storage that outlives a run. For those there is the real binary.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { moduleNames } from './module-names.ts';
import './pc-clock.ts';
import { electronVersion } from './preload-process.ts';

const names = new Set(['electron', 'electron/main', 'electron/common']);
const STAND_IN = 'electron-stand-in:api';

Object.assign(process.versions, { electron: electronVersion });
Object.assign(process, {
  type: 'browser',
  defaultApp: true,
  resourcesPath: fileURLToPath(new URL('.', import.meta.url)),
});

if (process.platform !== 'win32') {
  process.env.STAND_IN_NODE = process.execPath;
  process.execPath = fileURLToPath(new URL('./electron-executable.sh', import.meta.url));
}

/** One object to `import electron` and `require('electron')` alike, and names to `import { app }`. */
const source = [
  `import { electronModules } from ${JSON.stringify(new URL('./electron-modules.ts', import.meta.url).href)};`,
  `export const { ${moduleNames.join(', ')} } = electronModules;`,
  'export default electronModules;',
  "export { electronModules as 'module.exports' };",
].join('\n');

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    names.has(specifier) ? { url: STAND_IN, format: 'module', shortCircuit: true } : nextResolve(specifier, context),
  load: (url, context, nextLoad) =>
    url === STAND_IN ? { format: 'module', source, shortCircuit: true } : nextLoad(url, context),
});

const { app } = await import('./app.ts');
const { offerControl } = await import('./control.ts');

const controlled = offerControl();
// Electron's own loop keeps the process alive until the app ends it.
setInterval(() => {}, 2 ** 30);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // As in Electron, the app's own listeners take the place of the built-in one.
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) app.quit();
  });
}
// The main module runs first, as in Electron: it may still ask for the lock, or quit.
setImmediate(() => void app.start(controlled));
