import { expect, type Page, test } from '@playwright/test';
import { type Fixture, startFixture } from '../renderer-fixture/fixture-server.ts';
import { openScenario } from './fixture-page.ts';

const SHOTS = 'test-results/screens';
let fixture: Fixture;

test.beforeAll(async () => {
  fixture = await startFixture();
});

test.afterAll(() => fixture[Symbol.asyncDispose]());

/** Where the parts of the window and the cells of its first row stand, by their names. */
function places(page: Page): Promise<Readonly<Record<string, readonly number[]>>> {
  return page.evaluate(() => {
    const parts = document.querySelectorAll('main.workspace section, .top-bar > .cell, .top-bar__end');
    const named = [...parts].map((part, index) => {
      const { left, top } = part.getBoundingClientRect();
      const isEnd = part.classList.contains('top-bar__end');
      return [part.getAttribute('aria-label') ?? `${part.className} ${index}`, isEnd ? [top] : [left, top]] as const;
    });
    return Object.fromEntries(named);
  });
}

test('nothing moves when a banner, a cause or a phase comes or goes', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openScenario(page, fixture, 'live');
  const calm = await places(page);
  expect(Object.keys(calm).length).toBeGreaterThan(6);
  for (const name of ['rest', 'blocked', 'token-dead', 'closing-auction', 'pre-open', 'link-lost', 'unknown']) {
    await openScenario(page, fixture, name);
    const now = await places(page);
    const shared = Object.keys(calm).filter((part) => part in now);
    expect([name, shared.map((part) => [part, now[part]])]).toEqual([name, shared.map((part) => [part, calm[part]])]);
  }
});

test('a banner that comes and goes in a running window leaves everything where it is', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openScenario(page, fixture, 'rest');
  const before = await places(page);
  const banner = page.getByRole('alert');
  await expect(banner).not.toBeEmpty();
  await banner.evaluate((region) => region.replaceChildren());
  expect(await places(page)).toEqual(before);
});

for (const name of ['live', 'activity', 'health', 'token-dead']) {
  test(`at 200 % zoom of 1280x800 everything can be reached and nothing covers another: ${name}`, async ({ page }) => {
    await page.setViewportSize({ width: 640, height: 400 });
    await openScenario(page, fixture, name);
    await page.screenshot({ path: `${SHOTS}/zoom200-${name}.png`, fullPage: true });
    const size = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(size[0]).toBe(size[1]);
    await expect(page.getByRole('button', { name: 'Settings' })).toBeInViewport({ ratio: 1 });
    for (const card of await page.locator('.index-card').all()) {
      await card.scrollIntoViewIfNeeded();
      await expect(card).toBeInViewport({ ratio: 1 });
    }
    const chart = page.getByRole('region', { name: 'Chart' });
    expect((await chart.boundingBox())?.height ?? 0).toBeGreaterThan(300);
    // Whatever can be pressed is what is met at its own middle.
    for (const button of await page.getByRole('button').or(page.getByRole('tab')).all()) {
      if (!(await button.isVisible())) continue;
      await button.scrollIntoViewIfNeeded();
      const isMet = await button.evaluate((own) => {
        const { left, top, width, height } = own.getBoundingClientRect();
        const met = document.elementFromPoint(left + width / 2, top + height / 2);
        return met !== null && (own.contains(met) || met.contains(own));
      });
      expect(isMet, `covered: ${await button.textContent()}`).toBe(true);
    }
  });
}
