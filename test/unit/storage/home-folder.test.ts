import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HomeTasks } from '../../../src/storage/disk-tasks.ts';
import { temporaryHome } from '../../support/temporary-home.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

test.skipIf(process.platform === 'win32').each([0o755, 0o775, 0o1777])(
  'a folder that was there keeps the rights others have in it (%o); one that the app makes is its own',
  (mode) => {
    const shared = join(temporaryHome(), 'shared');
    mkdirSync(shared);
    chmodSync(shared, mode);
    for (const home of [shared, join(shared, 'own')]) {
      const tasks = new HomeTasks(home, () => undefined, new VirtualClock('2026-11-23T10:00:00+05:30'));
      onTestFinished(() => tasks[Symbol.dispose]());
      expect(tasks.open()).toBeNull();
    }
    expect([modeOf(shared), modeOf(join(shared, 'own'))]).toEqual([mode, 0o700]);
  },
);
