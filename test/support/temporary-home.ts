import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new, empty folder that is removed when the test is over. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'mdts-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}
