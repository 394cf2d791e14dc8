import { defineConfig } from '@playwright/test';
import { findChromium } from '../../build/chromium.ts';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  reporter: [['list'], ['json']],
  globalSetup: './global-setup.ts',
  workers: 2,
  retries: 0,
  timeout: 60_000,
  // What is waited for comes at once on an idle machine; a busy one takes longer.
  expect: { timeout: 20_000 },
  forbidOnly: process.env.CI !== undefined,
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: findChromium() ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
      ],
    },
  },
});
