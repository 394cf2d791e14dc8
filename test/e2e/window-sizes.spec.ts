import { expect, type Page, test } from '@playwright/test';
import { type Fixture, startFixture } from '../renderer-fixture/fixture-server.ts';
import { openScenario } from './fixture-page.ts';

let fixture: Fixture;

test.beforeAll(async () => {
  fixture = await startFixture();
});

test.afterAll(() => fixture[Symbol.asyncDispose]());

const parts = (page: Page) => ({
  cards: page.getByRole('region', { name: 'Indices' }),
  watchlist: page.getByRole('region', { name: 'Watchlist' }),
  chart: page.getByRole('region', { name: 'Chart' }),
  depth: page.getByRole('region', { name: 'Depth and figures' }),
  day: page.getByRole('region', { name: 'The day’s plan' }),
});

test('half a screen has cards, watchlist, chart, depth and day in view together', async ({ page }) => {
  await page.setViewportSize({ width: 960, height: 1040 });
  await openScenario(page, fixture, 'live');
  for (const part of Object.values(parts(page))) await expect(part).toBeInViewport({ ratio: 0.98 });
  await expect(page.getByRole('tab', { name: 'Chart' })).toHaveCount(0);
});

test('the least window shows chart or details, by keys, and the next start remembers which', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  await openScenario(page, fixture, 'live');
  const { cards, watchlist, chart, depth, day } = parts(page);
  for (const part of [cards, watchlist, chart]) await expect(part).toBeInViewport({ ratio: 0.98 });
  await expect(depth).toHaveCount(0);

  await page.keyboard.press('d');
  for (const part of [cards, watchlist, depth]) await expect(part).toBeInViewport({ ratio: 0.98 });
  await expect(day).toBeInViewport();
  await expect(chart).toHaveCount(0);
  await page.reload();
  await expect(depth).toBeVisible();

  await page.getByRole('tab', { name: 'Depth and day' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(chart).toBeVisible();

  await page.setViewportSize({ width: 1280, height: 800 });
  for (const part of [cards, watchlist, chart, depth, day]) await expect(part).toBeInViewport({ ratio: 0.98 });
});

test('what the chart was set to outlasts a look at the details', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  await openScenario(page, fixture, 'live');
  await page.getByRole('button', { name: 'Day', exact: true }).click();
  await page.keyboard.press('d');
  await page.keyboard.press('d');
  await expect(page.getByRole('button', { name: 'Day', exact: true })).toHaveAttribute('aria-pressed', 'true');
});

test('a banner is one line high; what else there is to say shows where it fits, and is always read out', async ({
  page,
}) => {
  await page.setViewportSize({ width: 800, height: 600 });
  await openScenario(page, fixture, 'widest-bar');
  const banner = page.locator('.banner');
  const further = page.getByText('The app goes on trying by itself.');
  const height = () => banner.evaluate((element) => element.getBoundingClientRect().height);
  expect(await height()).toBeLessThan(40);
  await expect(page.getByRole('alert')).toContainText('The app goes on trying by itself.');
  await expect(further).not.toBeInViewport();
  await page.setViewportSize({ width: 2560, height: 1440 });
  await expect(further).toBeInViewport({ ratio: 0.98 });
  expect(await height()).toBeLessThan(40);
});

// What a frame of the system leaves of the least window, with everything that can take room from above and below.
for (const scenario of ['blocked', 'widest-bar', 'holiday']) {
  test(`${scenario}: cards are whole and the watchlist has room in the least window, whatever else is open`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 784, height: 561 });
    await openScenario(page, fixture, scenario);
    const { cards, watchlist } = parts(page);
    expect(await cards.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
    for (const card of await page.getByRole('article').all()) await expect(card).toBeInViewport({ ratio: 0.98 });
    await expect(watchlist).toBeInViewport({ ratio: 0.98 });
    const rows = page.getByRole('option');
    if ((await rows.count()) > 0) await expect(rows.first()).toBeInViewport({ ratio: 0.98 });
  });
}
