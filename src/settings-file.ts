import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { decodeText, isPlainText } from './files/text.ts';

const NAME = 'settings';

/** Writes the settings, atomically, where there is a file or nothing; those of a later version that this one does not know stay in the file. */
export function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): void {
  const path = join(home, `${NAME}.json`);
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    if (!isPlainText(bytes)) writeFileSync(path, decodeText(bytes), { mode: 0o600 });
  }
  const file = new Conf<Record<string, unknown>>({
    cwd: home,
    configName: NAME,
    fileExtension: 'json',
    configFileMode: 0o600,
  });
  file.set(settings);
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

/** Keeps others of this PC out of the folder, and clears up what a run that was killed in the middle of writing has left. */
export function tidyHome(home: string): void {
  chmodSync(home, 0o700);
  for (const [folder, left] of leftovers) {
    for (const name of namesIn(join(home, folder))) {
      if (left.test(name)) rmSync(join(home, folder, name), { force: true });
    }
  }
}
