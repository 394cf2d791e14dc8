import { expect, type Page, test } from '@playwright/test';
import { type Fixture, startFixture } from '../renderer-fixture/fixture-server.ts';
import { openScenario } from './fixture-page.ts';

let fixture: Fixture;

test.beforeAll(async () => {
  fixture = await startFixture();
});

test.afterAll(() => fixture[Symbol.asyncDispose]());

/** Everything in view that a pointer can act on, by name, beside what Tab has reached; and what showed no focus. */
async function walk(page: Page): Promise<{ readonly missed: string[]; readonly unmarked: string[] }> {
  await page.evaluate(() => {
    const actions = document.querySelectorAll(
      'button:not(:disabled), a[href], input, [role="listbox"], [tabindex="0"]',
    );
    for (const element of actions) {
      // A list of tabs is one stop, whose arrows go through the others; a picker of dates opens by a button of its own.
      const isPart = element.matches('[role="tab"][aria-selected="false"], [type="date"]');
      if (element.checkVisibility() && !isPart) element.setAttribute('data-to-reach', '');
    }
    document.body.setAttribute('tabindex', '-1');
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const unmarked: string[] = [];
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const step = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === null || at === document.body) return { done: true, fault: null };
      const done = at.hasAttribute('data-to-reach') === false;
      at.removeAttribute('data-to-reach');
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      const marked = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      return { done, fault: marked ? null : at.outerHTML.slice(0, 80) };
    });
    if (step.fault !== null) unmarked.push(step.fault);
    if (step.done) break;
  }
  const missed = await page.evaluate(() =>
    [...document.querySelectorAll('[data-to-reach]')].map((element) => element.outerHTML.slice(0, 120)),
  );
  return { missed, unmarked };
}

for (const [scenario, width, height] of [
  ['live', 1280, 800],
  ['blocked', 800, 600],
  ['doctor', 1280, 800],
  ['first-run', 800, 600],
] as const) {
  test(`${scenario}, ${width} wide: Tab reaches every control, and each shows that it has the focus`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await openScenario(page, fixture, scenario);
    expect(await walk(page)).toEqual({ missed: [], unmarked: [] });
  });
}

test('? shows the keys, Escape closes, and the focus is back where it was', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  const future = page.getByRole('button', { name: /^NOV FUT/ }).first();
  await future.focus();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  for (const key of ['1 to 6', 'W', 'D', 'B', 'Esc', '?']) {
    await expect(help.getByText(key, { exact: true })).toBeVisible();
  }
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(future).toBeFocused();
});

test('single keys can be switched off, and those with Ctrl stay', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await page.keyboard.press('Control+,');
  await settings.getByRole('switch', { name: 'Single-key shortcuts' }).press('Space');
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  const title = page.getByRole('heading', { level: 1 });
  const before = await title.textContent();
  for (const key of ['4', 'a', '?']) await page.keyboard.press(key);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(title).toHaveText(before ?? '');

  await page.keyboard.press('Control+,');
  await settings.getByRole('switch', { name: 'Single-key shortcuts' }).press('Space');
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  await page.keyboard.press('4');
  await expect(title).toHaveText('BANKNIFTY NOV FUT');
});

test('digits, brackets and arrows go through instruments and days', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  const title = page.getByRole('heading', { level: 1 });
  await page.keyboard.press('4');
  await expect(title).toHaveText('BANKNIFTY NOV FUT');
  await page.keyboard.press('[');
  await expect(page.getByRole('button', { name: 'Fri 20 Nov' })).toBeVisible();
  await page.keyboard.press(']');
  await expect(page.getByRole('button', { name: 'Today', exact: true })).toBeVisible();
  await page.getByRole('button', { name: /^NIFTY BANK/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(title).toHaveText('SENSEX');
  await page.keyboard.press('ArrowUp');
  await expect(title).toHaveText('BANKNIFTY NOV FUT');
});

test('the feed’s details open and close by key, and lead to its health', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  const feed = page.getByRole('button', { name: /^Feed\s*Connected/ });
  await feed.press('Enter');
  const details = page.getByRole('dialog', { name: 'Connected' });
  await expect(details.getByText('Reconnects')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();
  await expect(feed).toBeFocused();
  await feed.press('Enter');
  await details.getByRole('button', { name: 'Health' }).press('Enter');
  await expect(page.getByRole('tab', { name: 'Health' })).toBeFocused();
});

test('the bottom panel opens and closes by key, and takes the focus along only when it had it', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  const future = page.getByRole('button', { name: /^NOV FUT/ }).first();
  const activity = page.getByRole('tab', { name: 'Activity' });
  await future.focus();
  await page.keyboard.press('b');
  await expect(activity).toBeVisible();
  await expect(future).toBeFocused();

  await activity.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  const line = page.getByRole('button', { name: /^Activity/ });
  await expect(line).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { selected: true })).toBeFocused();
  await page.getByRole('button', { name: 'Close the panel' }).focus();
  await page.keyboard.press('Space');
  await expect(line).toBeFocused();
});

test('what a banner leads to has the focus, and what remains has it when an alert is gone', async ({ page }) => {
  await openScenario(page, fixture, 'blocked');
  await page.getByRole('button', { name: 'and 1 more' }).press('Enter');
  await expect(page.getByRole('tab', { name: 'Alerts (2)' })).toBeFocused();
  for (const left of [1, 0]) {
    await page.getByRole('button', { name: 'Dismiss' }).first().press('Enter');
    await expect(page.getByRole('button', { name: 'Dismiss' })).toHaveCount(left);
    expect(await page.evaluate(() => document.activeElement?.closest('.bottom-panel') != null)).toBe(true);
  }

  await openScenario(page, fixture, 'unknown');
  await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).press('Enter');
  await expect(page.getByRole('alert')).toBeEmpty();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON');
});

test('the watchlist keeps the focus while its rows go and come back', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  await page.keyboard.press('w');
  const list = page.getByRole('listbox', { name: 'Watched instruments' });
  await expect(list).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect(page.getByRole('option', { selected: true })).toContainText('BANKNIFTY 1 DEC 60500 CE');

  await page.getByRole('button', { name: /^Move BANKNIFTY.* down$/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option')).toHaveCount(3);
  await page.getByRole('button', { name: /^Remove BANKNIFTY/ }).press('Enter');
  await expect(page.getByRole('option')).toHaveCount(2);
  await expect(page.getByRole('option', { selected: true })).toContainText('HDFCBANK');
  await expect(list).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(page.getByRole('option')).toHaveCount(3);
  await expect(list).toBeFocused();

  for (const left of [2, 1]) {
    await page.keyboard.press('Delete');
    await expect(page.getByRole('option')).toHaveCount(left);
  }
  await page.keyboard.press('Delete');
  await expect(page.getByText('Shares, options or further futures')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add an instrument' }).first()).toBeFocused();

  await page.getByText('Add an instrument', { exact: true }).press('Enter');
  // Quicker than the answer: what `h` alone finds is still in the list.
  await page.keyboard.type('h');
  await expect(page.getByRole('listbox', { name: 'Found instruments' }).getByRole('option')).not.toHaveCount(0);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('rel');
  await page.keyboard.press('Enter');
  await expect(page.locator('.watch-rows__all [role=option]')).toContainText(['RELIANCE']);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(list).toBeFocused();
});

test('a button with nothing left to do keeps the focus', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  await page.getByRole('button', { name: 'Previous day' }).press('Enter');
  const next = page.getByRole('button', { name: 'Next day' });
  await next.press('Enter');
  await expect(page.getByRole('button', { name: 'Today', exact: true })).toBeVisible();
  await expect(next).toBeFocused();
  await expect(next).toHaveAttribute('aria-disabled', 'true');
});

/** What the page's live regions say from now on. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest('[role="status"], [role="alert"], [aria-live]');
        if (region != null) said.push(region.textContent ?? '');
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    Object.assign(window, { said });
  });
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said);
}

// Prices tick in the one, and ages count in the other.
for (const scenario of ['live', 'blocked']) {
  test(`${scenario}: what only moves on is not read out`, async ({ page }) => {
    await openScenario(page, fixture, scenario);
    const said = await listen(page);
    const moving = scenario === 'live' ? '.quote-row .price__figure' : '.cell--age .cell__value';
    for (const selector of ['.cell--clock time', moving]) {
      const text = page.locator(selector).first();
      const before = await text.textContent();
      await expect(text).not.toHaveText(before ?? '');
    }
    expect(await said()).toEqual([]);
  });
}

test('changes of state are read out', async ({ page }) => {
  await openScenario(page, fixture, 'live');
  const said = await listen(page);
  for (const key of ['w', 'Home', 'Delete']) await page.keyboard.press(key);
  await expect.poll(async () => (await said()).join()).toContain('RELIANCE removed');

  await openScenario(page, fixture, 'widest-bar');
  const spoken = () => page.getByRole('status').allTextContents();
  expect(await spoken()).toEqual(
    expect.arrayContaining(['Market Order matching', 'Feed Once a second', 'Login Waiting for login']),
  );
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect.poll(spoken).toContain('Login Past 06:00');
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
});
