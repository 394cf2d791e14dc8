import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { unreadableTexts } from '../renderer-fixture/fits.ts';
import { type Fixture, startFixture } from '../renderer-fixture/fixture-server.ts';
import { scenarioNames } from '../renderer-fixture/scenarios.ts';
import { type WindowSize, windowSizes } from '../renderer-fixture/window-sizes.ts';
import { openScenario } from './fixture-page.ts';

/** Looked at in both themes by the accessibility check; the others share their parts and are looked at in the dark. */
const inBothThemes: readonly string[] = [
  'live',
  'buffer',
  'details',
  'first-run',
  'token-dead',
  'rest',
  'blocked',
  'closing-auction',
  'health',
];

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Where the accessibility check looks: at the design size, and for the situations above at each further layout. Larger
 * windows are the design size with more room.
 */
const isChecked = (name: string, { width }: WindowSize): boolean =>
  width === 1280 || (width < 1280 && inBothThemes.includes(name));

let fixture: Fixture;

test.beforeAll(async () => {
  fixture = await startFixture();
});

test.afterAll(() => fixture[Symbol.asyncDispose]());

const open = (page: Page, name: string, theme: 'dark' | 'light'): Promise<readonly string[]> =>
  openScenario(page, fixture, name, theme);

/** What the accessibility check finds, one line an element. */
async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

for (const name of scenarioNames) {
  test(`${name}: every number is whole in every size, nothing scrolls, nothing is out of reach`, async ({ page }) => {
    const faults = await open(page, name, 'dark');
    for (const size of windowSizes) {
      await page.setViewportSize(size);
      await expect.poll(() => page.evaluate(unreadableTexts)).toEqual([]);
      const needed = await page.evaluate(() => {
        const { scrollWidth: width, scrollHeight: height } = document.documentElement;
        return { width, height };
      });
      expect(needed).toEqual(size);
      if (isChecked(name, size)) expect(await accessibilityFaults(page)).toEqual([]);
    }
    if (inBothThemes.includes(name)) {
      const inLight = await open(page, name, 'light');
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(inLight).toEqual([]);
    }
    expect(faults).toEqual([]);
  });
}

test('of a watchlist of 9,000 only the rows in view exist, and the last one is a key away', async ({ page }) => {
  await open(page, 'long-watchlist', 'dark');
  await expect(page.getByText('the last 6 get no prices')).toBeVisible();
  await expect(page.getByText('not in today’s list of instruments')).toBeVisible();
  await page.getByRole('listbox', { name: 'Watched instruments' }).focus();
  await page.keyboard.press('End');
  const last = page.getByRole('option', { selected: true });
  await expect(last).toHaveAttribute('aria-posinset', '9001');
  await expect(last).toBeInViewport();
  await expect(last).toContainText(/\d\.\d\d/);
  expect(await page.getByRole('option').count()).toBeLessThan(40);
});

test('the font of the interface is its own, and has the rupee', async ({ page }) => {
  await open(page, 'live', 'dark');
  const loaded = await page.evaluate(async () => {
    await document.fonts.load('12px "Inter Variable"', '₹');
    return [...document.fonts].map(({ family, status }) => `${family.replaceAll('"', '')} ${status}`);
  });
  expect(loaded).toEqual(['Inter Variable loaded', 'Inter Variable loaded']);
});

test('nothing moves while prices do, and whoever wants less motion is spared the glow', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, 'live', 'dark');
  const places = (): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('dt, h1, h2, th, .cell__label, .quote-row .change > *, .watch-row__name')].map(
        (element) => {
          const { left, right, top } = element.getBoundingClientRect();
          return `${element.textContent?.replaceAll(/[\d.,%+−]/g, '')} ${left} ${right} ${top}`;
        },
      ),
    );
  const prices = (): Promise<string[]> => page.locator('.quote-row .price__figure').allTextContents();
  const [before, placesBefore] = [await prices(), await places()];
  expect(placesBefore.length).toBeGreaterThan(40);
  await expect.poll(async () => (await prices()).every((price, index) => price !== before[index])).toBe(true);
  expect(await places()).toEqual(placesBefore);
  expect(await page.locator('[data-moved]').count()).toBe(0);
});

test('a number keeps its room when it changes', async ({ page }) => {
  await open(page, 'live', 'dark');
  // Figures of one width: as many of the narrowest take what as many of the widest do.
  const widths = await page.evaluate(() => {
    const price = document.querySelector('.quote-row--spot .price__figure');
    if (!(price instanceof HTMLElement)) throw new Error('no price');
    const copy = price.cloneNode() as HTMLElement;
    price.after(copy);
    return ['11,111.11', '88,888.88', '44,444.44'].map((text) => {
      copy.textContent = text;
      return copy.getBoundingClientRect().width;
    });
  });
  expect(new Set(widths).size).toBe(1);
});
