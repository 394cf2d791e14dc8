import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Recorded inputs beside the project; tests that need one skip with `NOT_HERE` where it is missing. */
export const NOT_HERE = 'the recorded data is not beside the project (../shared)';

/** The path of a recorded file, null where it is missing. */
export function sharedPath(name: string): string | null {
  const path = fileURLToPath(new URL(`../../../../shared/${name}`, import.meta.url));
  return existsSync(path) ? path : null;
}
