import type { Page } from '@playwright/test';
import type { Fixture } from '../renderer-fixture/fixture-server.ts';
import { findScenario } from '../renderer-fixture/scenarios.ts';

/** Opens a situation and waits until it stands, its keys pressed; what the page complains of is collected. */
export async function openScenario(
  page: Page,
  fixture: Fixture,
  name: string,
  theme: 'dark' | 'light' = 'dark',
): Promise<readonly string[]> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  await page.goto(fixture.addressOf(name, theme));
  await page.waitForSelector('[data-settled]');
  for (const key of findScenario(name).press) await page.keyboard.press(key);
  return faults;
}
