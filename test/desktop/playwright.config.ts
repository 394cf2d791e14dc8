import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  reporter: [['list']],
  workers: 1,
  retries: 0,
  timeout: 60_000,
  // What is waited for comes at once on an idle machine; a busy one takes longer.
  expect: { timeout: 20_000 },
  forbidOnly: process.env.CI !== undefined,
});
