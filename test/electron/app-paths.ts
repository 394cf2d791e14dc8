import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { electronVersion } from './preload-process.ts';

/** What Electron knows of the app it was started with. */
export interface AppIdentity {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

const packageSchema = z.object({
  name: z.string().optional(),
  productName: z.string().optional(),
  version: z.string().optional(),
});

/** Started with a folder, Electron reads its package.json; started with a file, it goes by its own name and version. */
export function appIdentity(argument: string): AppIdentity {
  const target = resolve(argument);
  const isFolder = existsSync(target) && statSync(target).isDirectory();
  if (!isFolder) return { path: dirname(target), name: 'Electron', version: electronVersion };
  const { name, productName, version } = packageSchema.parse(
    JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')),
  );
  return { path: target, name: productName ?? name ?? 'Electron', version: version ?? electronVersion };
}

/** The standard places as Electron has them, for an app of this name. Undefined for a name it does not know. */
export function standardPath(name: string, appName: string): string | undefined {
  const home = homedir();
  const appData = process.env.XDG_CONFIG_HOME ?? join(home, '.config');
  const places: Readonly<Record<string, string>> = {
    home,
    appData,
    userData: join(appData, appName),
    sessionData: join(appData, appName),
    logs: join(appData, appName, 'logs'),
    crashDumps: join(appData, appName, 'Crashpad'),
    temp: tmpdir(),
    exe: process.execPath,
    module: process.execPath,
    desktop: join(home, 'Desktop'),
    documents: join(home, 'Documents'),
    downloads: join(home, 'Downloads'),
  };
  return places[name];
}
