import { join } from 'node:path';

/** The name on windows, notifications and the tray. */
export const APP_NAME = 'MyDailyTradingSignals';

/** The same id as in the installers: Windows shows notifications only for an app it knows under it. */
export const APP_ID = 'in.mydailytradingsignals.app';

/** The scheme the interface is served from, and the origin its page has by it. */
export const UI_SCHEME = 'app';
export const UI_HOST = 'main';
export const UI_ORIGIN = `${UI_SCHEME}://${UI_HOST}`;

/** The bundle lies in `out/electron/`, in development as in the packaged archive. */
const bundleFolder = import.meta.dirname;
const appFolder = join(bundleFolder, '..', '..');

export const mainFile = join(bundleFolder, 'main.mjs');
export const preloadFile = join(bundleFolder, 'preload.cjs');
export const interfaceFolder = join(appFolder, 'out', 'renderer');
export const iconFolder = join(appFolder, 'build', 'icons');
