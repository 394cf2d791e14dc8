import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { setAside } from './files/set-aside.ts';
import { decodeText, isPlainText } from './files/text.ts';
import { parseJson } from './kite/json.ts';

const NAME = 'settings';

/**
 * Writes the settings, atomically, where there is a file or nothing; those of a later version that this one does not know
 * stay in the file. One that another program has left broken is set aside: returns where, otherwise null.
 */
export function writeSettings(home: string, settings: Readonly<Record<string, unknown>>, nowMs: number): string | null {
  const path = join(home, `${NAME}.json`);
  const aside = existsSync(path) ? madeUsable(path, nowMs) : null;
  const file = new Conf<Record<string, unknown>>({
    cwd: home,
    configName: NAME,
    fileExtension: 'json',
    configFileMode: 0o600,
  });
  file.set(settings);
  return aside;
}

/** Brings a settings file into the form that the writer can read, or sets it aside and returns its new path. */
function madeUsable(path: string, nowMs: number): string | null {
  const bytes = readFileSync(path);
  const text = decodeText(bytes);
  if (!isObject(parseJson(text))) return setAside(path, nowMs);
  if (!isPlainText(bytes)) writeFileSync(path, text, { mode: 0o600 });
  return null;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is written beside a file before it takes its place, and the doctor's probes. */
const leftovers: readonly (readonly [folder: string, name: RegExp])[] = [
  ['.', /^(settings|calendar)\.json\.tmp-|^\.doctor-[0-9a-f]{12}$/],
  ['instruments', /^[A-Z]+\.csv\.tmp$/],
];

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Clears up what a run that was killed in the middle of writing has left. */
export function tidyHome(home: string): void {
  for (const [folder, left] of leftovers) {
    for (const name of namesIn(join(home, folder))) {
      if (left.test(name)) rmSync(join(home, folder, name), { force: true });
    }
  }
}
