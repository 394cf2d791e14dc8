import { expect, type Page, test } from '@playwright/test';
import { type Fixture, startFixture } from '../renderer-fixture/fixture-server.ts';
import { openScenario } from './fixture-page.ts';

let fixture: Fixture;

test.beforeAll(async () => {
  fixture = await startFixture();
});

test.afterAll(() => fixture[Symbol.asyncDispose]());

/** Pixels of the chart in the theme's colour for rising prices. */
function risingPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('span'));
    probe.style.color = 'var(--up)';
    const up = (getComputedStyle(probe).color.match(/\d+/g) ?? []).slice(0, 3).join();
    probe.remove();
    let count = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.chart-host canvas')) {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      for (let at = 0; at < pixels.length; at += 4) {
        if (`${pixels[at]},${pixels[at + 1]},${pixels[at + 2]}` === up) count++;
      }
    }
    return count;
  });
}

test('a candle that has risen is hollow, so that its colour is not all that tells it, and filled when set so', async ({
  page,
}) => {
  await openScenario(page, fixture, 'done');
  const hollow = await risingPixels(page);
  expect(hollow).toBeGreaterThan(0);
  await page.keyboard.press('Control+,');
  await page.getByRole('radio', { name: 'Filled' }).press('Space');
  await page.keyboard.press('Escape');
  await expect.poll(() => risingPixels(page)).toBeGreaterThan(hollow * 1.2);
});
