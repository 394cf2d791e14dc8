import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { DeskBridge } from '../../src/contract/bridge.ts';
import { demoApp, demoUser } from '../exchange/exchange.ts';
import { decide, enterCode, enterPassword, leadTo } from './login-pages.ts';
import { MarketDay } from './market-day.ts';
import { command, stateOf } from './page-bridge.ts';
import { filesWith } from './written-secrets.ts';

declare const desk: DeskBridge;

/** State messages kept by the page, as it got them. */
interface Listening {
  heard: string[];
}

const user = { ...demoUser, password: 'PlantedPassword-7f3a' };
const wrongPassword = 'PlantedWrongPassword-91c2';
const otherSecret = 'plantedothersecret00000000000001';
const forgedToken = 'PlantedForgedRequestToken0000001';

test('no secret of a morning with logins and faults is in a file, a message, the page or the output', async () => {
  await using day = await MarketDay.start({ date: '2026-11-23', at: '08:54:45', user });
  // Chromium's profile is looked through as well.
  const temporary = join(day.home, 'tmp');
  mkdirSync(temporary);
  const app = await day.startApp({ tokenFrom: '05:00', env: { TMPDIR: temporary } });
  const page = await app.page();
  await listen(page);
  const texts: string[] = [];
  const keep = (value: unknown): void => void texts.push(JSON.stringify(value));
  const look = async (): Promise<void> => {
    texts.push(await page.content());
    keep([await app.windows(), await app.notifications(), await app.dialogs()]);
  };

  // A forged answer, a wrong password, a login that cannot be finished, and one that can.
  await app.chooseFromTray('Sign in to Kite…');
  const forged = new URLSearchParams({ status: 'success', request_token: forgedToken, state: 'x' });
  await leadTo(await app.loginPage(), `${day.exchange.redirectUrl}?${forged}`);
  await expect.poll(async () => (await app.dialogs()).length).toBe(1);
  await look();
  await app.answerDialog('Sign in again');
  let login = await app.loginPage();
  await enterPassword(login, wrongPassword, user.userId);
  await expect(login.getByRole('alert')).toBeVisible();
  await enterPassword(login, user.password, user.userId);
  const codes = [await enterCode(login)];
  const fault = day.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 500, html: true });
  await decide(login, 'Authorise');
  await expect.poll(async () => (await app.dialogs()).length).toBe(1);
  await look();
  day.exchange.control.clear(fault);
  await app.answerDialog('Sign in again');
  login = await app.loginPage();
  await enterPassword(login, user.password, user.userId);
  codes.push(await enterCode(login));
  await look();
  await decide(login, 'Authorise');
  await expectFeed(page, 'Feed Connected');

  // What quotes addresses and answers when it fails: refusals, a drop, resets, a token that dies in use.
  const down = day.exchange.control.apply({ kind: 'refuse', where: 'both', status: 503, html: true });
  day.exchange.control.apply({ kind: 'drop' });
  await expect(page.getByRole('status').filter({ hasText: /^Feed / })).not.toHaveText('Feed Connected');
  await look();
  day.exchange.control.clear(down);
  await command(page, 'feed.retry', {});
  await expectFeed(page, 'Feed Connected');
  day.exchange.control.apply({ kind: 'killToken' });
  await expect(page.getByRole('alert').first()).toContainText('Your Kite login has expired');
  await look();
  // Tokens and secrets by the other doors.
  const byHand = day.exchange.issueToken({ userId: user.userId, mintedAtMs: day.now() });
  await command(page, 'token.set', { accessToken: byHand });
  await expectFeed(page, 'Feed Connected');
  await expect(command(page, 'token.set', { accessToken: forgedToken })).rejects.toThrow('does not accept');
  await command(page, 'credentials.save', { apiKey: demoApp.apiKey, apiSecret: otherSecret });
  keep(await command(page, 'doctor.run', {}));
  keep(await command(page, 'doctor.report', {}));
  keep(await command(page, 'journal.get', { date: null }));
  keep(await stateOf(page));
  await look();

  const secrets = [demoApp.apiSecret, otherSecret, user.password, wrongPassword, forgedToken, user.totpSecret];
  const tokens = day.exchange.issuedTokens();
  // The dead one, two request tokens, the login's and the one by hand.
  expect(tokens).toHaveLength(5);
  const planted = [...secrets, ...tokens];
  const heard = await page.evaluate(() => (globalThis as unknown as Listening).heard);
  expect(heard.length).toBeGreaterThan(20);
  const holds = (text: string): boolean =>
    planted.some((secret) => text.includes(secret)) || codes.some((code) => new RegExp(`\\b${code}\\b`).test(text));
  expect([...texts, ...heard, app.output].filter(holds)).toEqual([]);
  expect(filesWith(day.home, planted)).toEqual([]);
  // Everything was where it was looked for, and would have been found.
  expect(filesWith(day.home, ['Signed in as DEMO01']).join()).toContain('desk.db');
  const leak = join('desk', 'simulated', 'leak');
  writeFileSync(join(day.home, leak), `token=${byHand}`);
  expect(filesWith(day.home, planted)).toEqual([leak]);
  expect(holds(JSON.stringify({ url: `wss://?access_token=${tokens[3]}` }))).toBe(true);
  rmSync(join(day.home, leak));

  await app[Symbol.asyncDispose]();
  expect(holds(app.output)).toBe(false);
  expect(filesWith(day.home, planted)).toEqual([]);
});

/** Has the page keep every state message from now on, the first snapshot included. */
function listen(page: Page): Promise<void> {
  return page.evaluate(() => {
    const listening = globalThis as unknown as Listening;
    listening.heard = [];
    desk.onState((message) => void listening.heard.push(JSON.stringify(message)));
  });
}

async function expectFeed(page: Page, words: string): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: /^Feed / })).toHaveText(words, { timeout: 20_000 });
}
