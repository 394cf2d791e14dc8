import { defineConfig } from 'vitest/config';

/**
 * Folders of unit tests that share a process and its modules, one file after the other: they start no program, keep no
 * port and put back what they change. Starting a process for each of their files would take longer than the tests.
 */
const inOneProcess = [
  'contract',
  'desk',
  'electron',
  'feed',
  'history',
  'kite',
  'market',
  'notify',
  'renderer',
  'schedule',
].map((folder) => `test/unit/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    // Left to itself it keeps a processor free, which is half of two.
    maxWorkers: '100%',
    projects: [
      // The longest first: what runs last runs alone.
      { extends: true, test: { name: 'integration', include: ['test/integration/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'unit-apart', include: ['test/unit/**/*.test.ts'], exclude: inOneProcess },
      },
      { extends: true, test: { name: 'unit', include: inOneProcess, isolate: false } },
    ],
  },
});
