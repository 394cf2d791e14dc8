import { expect, type Page, test } from '@playwright/test';
import { type Fixture, startFixture } from '../renderer-fixture/fixture-server.ts';
import { openScenario } from './fixture-page.ts';

let fixture: Fixture;

test.beforeAll(async () => {
  fixture = await startFixture();
});

test.afterAll(() => fixture[Symbol.asyncDispose]());

test('the settings name an index as its card does, beside the name of its future', async ({ page }) => {
  await openScenario(page, fixture, 'settings');
  await expect(page.getByRole('checkbox', { name: 'BANKNIFTY (NIFTY BANK)' })).toBeChecked();
});

test('the spread is the best ask minus the best bid', async ({ page }) => {
  await openScenario(page, fixture, 'done');
  const best = page.locator('.ladder tbody tr').first().locator('.ladder__figure');
  const [bid = 0, ask = 0] = (await best.allTextContents()).map((text) => Number(text.replaceAll(',', '')));
  expect(ask).toBeGreaterThan(bid);
  await expect(page.locator('.spread b')).toHaveText((ask - bid).toFixed(2));
});

test('a search that finds more than it lists says so', async ({ page }) => {
  await openScenario(page, fixture, 'long-watchlist');
  await page.keyboard.press('a');
  await page.getByRole('combobox', { name: 'Instrument' }).fill('share');
  await expect(page.getByText('The first 50 of more')).toBeVisible();
  await expect(page.getByText(/^50 found/)).toHaveCount(0);
});

test('a price that moves is tinted and not boxed', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  await page.waitForSelector('.quote-row--spot .price__figure[data-moved]');
  const backgrounds = await page.evaluate(() =>
    [...document.querySelectorAll('.price__figure')].map((figure) => getComputedStyle(figure).backgroundColor),
  );
  expect(new Set(backgrounds)).toEqual(new Set(['rgba(0, 0, 0, 0)']));
});

test('the mark of the simulation covers no line of text', async ({ page }) => {
  await openScenario(page, fixture, 'first-run');
  const { chip, line } = await page.evaluate(() => {
    const mark = document.querySelector('.first-run__explore .simulated');
    const text = mark?.parentElement;
    if (mark == null || text == null) throw new Error('no mark');
    return { chip: mark.getBoundingClientRect().height, line: Number.parseFloat(getComputedStyle(text).lineHeight) };
  });
  expect(chip).toBeLessThanOrEqual(line);
});

const banner = (page: Page) => page.locator('.banner');

test('with a dead login the banner is calm before the open and red from it on, with what is missed since when', async ({
  page,
}) => {
  await openScenario(page, fixture, 'token-dead');
  await expect(banner(page)).toHaveAttribute('data-severity', 'action');
  await expect(banner(page)).not.toContainText('No prices since');
  await openScenario(page, fixture, 'missed-open');
  await expect(banner(page)).toHaveAttribute('data-severity', 'missing');
  await expect(banner(page).locator('strong')).toHaveText('No prices since 09:00:00. Your Kite login has expired.');
  await expect(banner(page).getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page.locator('.chart-state')).toContainText(
    'The market is open; nothing has been received since 09:00.',
  );
});

test('the banner turns red at the open by itself, in the same place', async ({ page }) => {
  await openScenario(page, fixture, 'missed-soon');
  const place = () => banner(page).boundingBox();
  const before = await place();
  await expect(banner(page)).toHaveAttribute('data-severity', 'action');
  await expect(banner(page)).toHaveAttribute('data-severity', 'missing', { timeout: 15_000 });
  expect(await place()).toEqual(before);
});

for (const [name, since, remedy] of [
  ['signed-out', '10:59:38', 'Sign in'],
  ['paused', '10:59:38', 'Resume feed'],
  ['reconnecting', '10:59:58', 'Reconnect now'],
] as const) {
  test(`${name} in market hours: the banner says since when, and has the remedy`, async ({ page }) => {
    await openScenario(page, fixture, name);
    await expect(banner(page)).toHaveAttribute('data-severity', 'missing');
    await expect(banner(page)).toContainText(`No prices since ${since}.`);
    await expect(banner(page).getByRole('button', { name: remedy })).toBeVisible();
  });
}

test('an outage is counted in the header from its beginning', async ({ page }) => {
  await openScenario(page, fixture, 'reconnecting');
  await expect(page.locator('.feed-word')).toContainText(/Reconnecting, \d+ s/);
  await expect(page.getByRole('status').filter({ hasText: /^Feed/ })).toHaveText('Feed Reconnecting');
});

test('before the session nothing of the last one stands on a card or in the depth as if it were of today', async ({
  page,
}) => {
  await openScenario(page, fixture, 'earlier-figures');
  await expect(page.locator('.range__end').first()).toHaveText('L –');
  await expect(page.locator('.card-facts').first()).toContainText('Vol–');
  await expect(page.locator('.ladder')).toHaveAttribute('data-live', 'false');
  await expect(page.locator('.quote-row--spot .price__figure').first()).toHaveText(/\d/);
});
