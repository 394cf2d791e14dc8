import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { logIn, withApp } from './app-page.ts';

const morning = { date: '2026-11-23', at: '10:58:00', speed: 4, login: 'dead' } as const;

/** Names in the watchlist from top to bottom. */
async function watched(page: Page): Promise<string[]> {
  return page.getByRole('listbox', { name: 'Watched instruments' }).locator('.watch-row__name').allTextContents();
}

test('a watchlist is made by keys alone: found, added, moved, removed and brought back', async ({ page }) => {
  await withApp(page, morning, async () => {
    await logIn(page, () => page.getByRole('alert').getByRole('button', { name: 'Sign in' }).click());
    await expect(page.locator('.feed-word')).toContainText('Connected');

    await page.keyboard.press('a');
    const field = page.getByRole('combobox', { name: 'Instrument' });
    for (const words of ['relianc', 'hdfcbnk']) {
      await field.fill(words);
      const first = page.getByRole('option').first();
      await expect(first).toContainText(words.startsWith('rel') ? 'RELIANCE' : 'HDFCBANK');
      await page.keyboard.press('Enter');
      await expect(first).toContainText('Added');
      // Once more adds nothing more.
      await page.keyboard.press('Enter');
    }
    await field.fill('no such share');
    await expect(page.getByText('No instrument found')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect.poll(() => watched(page)).toEqual(['RELIANCE', 'HDFCBANK']);

    const list = page.getByRole('listbox', { name: 'Watched instruments' });
    await expect(list.getByRole('option').first()).toContainText(/\d,\d{3}\.\d\d/);
    await list.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(page.locator('.chart-title h1')).toHaveText('HDFCBANK');
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => watched(page)).toEqual(['HDFCBANK', 'RELIANCE']);
    await page.keyboard.press('ArrowDown');
    await expect(page.locator('.chart-title h1')).toHaveText('RELIANCE');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Delete');
    await expect.poll(() => watched(page)).toEqual(['RELIANCE']);
    await page.keyboard.press('Control+z');
    await expect.poll(() => watched(page)).toEqual(['HDFCBANK', 'RELIANCE']);
    await page.reload();
    await expect.poll(() => watched(page)).toEqual(['HDFCBANK', 'RELIANCE']);
  });
});

test('health measures the way to the screen, the doctor’s report is saved, and desktop settings name their place', async ({
  page,
}) => {
  await withApp(page, morning, async () => {
    await logIn(page, () => page.getByRole('alert').getByRole('button', { name: 'Sign in' }).click());
    await expect(page.locator('.feed-word')).toContainText('Connected');

    await page.keyboard.press('b');
    await page.getByRole('tab', { name: 'Health' }).click();
    await expect(page.getByRole('row', { name: 'This PC to the screen' })).toContainText(/\d ms.*\d ms.*\d ms/);
    for (const stretch of ['Exchange to this PC', 'Exchange to the screen'])
      await expect(page.getByRole('row', { name: stretch })).toContainText(/(\d s.*){3}/);
    await expect(page.getByRole('row', { name: /^NIFTY 50/ })).toContainText(/live.* s.*%/);

    await page.getByRole('tab', { name: 'Doctor' }).click();
    await page.getByRole('button', { name: 'Examine' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save report' }).click({ timeout: 30_000 });
    const report = await readFile(await (await download).path(), 'utf8');
    expect(report).toContain('Kite');
    expect(report).not.toContain('simulatedsecret');

    await page.keyboard.press('Control+,');
    await expect(page.getByRole('tab', { name: 'General' })).toBeFocused();
    await expect(page.getByText('This is browser mode.')).toBeVisible();
    await expect(page.getByText('Start with the PC')).toBeHidden();
  });
});
