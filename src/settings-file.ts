import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { isSomethingElse, UnreadableFileError } from './files/read-text.ts';
import { decodeText, isPlainText } from './files/text.ts';

const NAME = 'settings';

/** Writes the settings, atomically; those of a later version that this one does not know stay in the file. */
export function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): void {
  const path = join(home, `${NAME}.json`);
  // Reading from a pipe would not end.
  if (isSomethingElse(path)) throw new UnreadableFileError('not-a-file');
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

/** Keeps others of this PC out of the folder, and clears up what a run that was killed in the middle of writing has left. */
export function tidyHome(home: string): void {
  chmodSync(home, 0o700);
  for (const name of readdirSync(home)) {
    if (/^(settings|calendar)\.json\.tmp-/.test(name)) rmSync(join(home, name), { force: true });
  }
}
