import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files below a folder, at any depth, that hold one of these texts; by their paths below it. */
export function filesWith(folder: string, secrets: readonly string[]): readonly string[] {
  return filesBelow(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name));
    return secrets.some((secret) => bytes.includes(secret) || bytes.includes(Buffer.from(secret, 'utf16le')));
  });
}

/** Files come and go while an app runs: what is gone when it is looked at holds nothing. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isFile(),
  );
}
