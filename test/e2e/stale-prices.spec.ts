import { expect, type Page, test } from '@playwright/test';
import { type Fixture, startFixture } from '../renderer-fixture/fixture-server.ts';
import { openScenario } from './fixture-page.ts';

let fixture: Fixture;

test.beforeAll(async () => {
  fixture = await startFixture();
});

test.afterAll(() => fixture[Symbol.asyncDispose]());

/** What is drawn in a colour of direction or of full strength, among all numbers that come from prices. */
function vividNumbers(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('span'));
    const vivid = ['--up', '--down', '--text'].map((token) => {
      probe.style.color = `var(${token})`;
      return getComputedStyle(probe).color;
    });
    probe.remove();
    const numbers =
      '.price__figure, .change, .range__end, .card-facts [data-stale] dd, .figures[data-stale] dd, .ladder td';
    return [...document.querySelectorAll(numbers)]
      .filter((element) => /\d/.test(element.textContent ?? '') && vivid.includes(getComputedStyle(element).color))
      .filter((element) => element.closest('.figure')?.querySelector('dt')?.textContent !== 'Lot')
      .map((element) => `${element.className}: ${element.textContent}`);
  });
}

for (const theme of ['dark', 'light'] as const) {
  test(`${theme}: a stale number is dimmed wherever it stands, and a word beside it says so`, async ({ page }) => {
    await page.setViewportSize({ width: 1366, height: 768 });
    await openScenario(page, fixture, 'widest-stale', theme);
    expect(await vividNumbers(page)).toEqual([]);
    const words = (part: string): Promise<readonly string[]> => page.locator(part).allTextContents();
    for (const row of await words('.quote-row__name')) expect(row).toContain('stale');
    for (const row of await words('.watch-row__about')) expect(row).toContain('stale');
    for (const block of await words('.detail .panel-header')) expect(block).toContain('stale');
    await expect(page.locator('.chart-title')).toContainText('stale');
    await expect(page.locator('.cell--age')).toContainText('6 of 6 stale');
    for (const basis of await words('.card-facts__basis')) expect(basis).toMatch(/stale/);
  });
}

test('while prices come, numbers are at full strength and nothing is called stale', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  expect((await vividNumbers(page)).length).toBeGreaterThan(20);
  await expect(page.getByText('stale')).toHaveCount(0);
});
