import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  reporter: [['list']],
  // Most of a spec is waiting: two at a time take little more than half as long. Windows of the real binary share one focus.
  workers: process.env.MDTS_DESKTOP === 'electron' ? 1 : 2,
  retries: 0,
  timeout: 60_000,
  // What is waited for comes at once on an idle machine; a busy one takes longer.
  expect: { timeout: 20_000 },
  forbidOnly: process.env.CI !== undefined,
});
