import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page, test } from '@playwright/test';
import { demoUser } from '../exchange/exchange.ts';
import { logInAs } from '../exchange/login/login-robot.ts';
import { ranOn } from './desktop-app.ts';
import { leadTo, logIn } from './login-pages.ts';
import { LoginScene } from './login-scene.ts';
import { command } from './page-bridge.ts';

/** Kite's server sends the trader back. */
const byKite = (login: Page): Promise<void> => logIn(login);
/** A script of the page does. */
const byScript = async (login: Page): Promise<void> => leadTo(login, await logInAs(demoUser, login.url()));

// Three fences stand behind one another before Kite's answer (ADR 4). Each is tried with the others down.
test.describe('Kite’s answer to a login', () => {
  test.skip(ranOn === 'electron', 'there every event is told');

  for (const [where, way, untold] of [
    ['where the server redirects to it', byKite, ['will-navigate', 'will-frame-navigate', 'onBeforeRequest']],
    ['where the page goes there itself', byScript, ['will-redirect', 'will-frame-navigate', 'onBeforeRequest']],
    [
      'where a request for it is made after a redirect',
      byKite,
      ['will-redirect', 'will-navigate', 'will-frame-navigate'],
    ],
    ['where a request for it is made by the page', byScript, ['will-redirect', 'will-navigate', 'will-frame-navigate']],
  ] as const) {
    test(`is taken ${where}, and its address never asked`, async () => {
      await using resources = new AsyncDisposableStack();
      const requests: string[] = [];
      const door = createServer((request, response) => {
        requests.push(request.url ?? '');
        response.end();
      });
      await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
      resources.defer(() => void door.close());
      const { port } = door.address() as AddressInfo;
      const redirectUrl = `http://127.0.0.1:${port}/kite/callback`;
      const scene = resources.use(await LoginScene.start({ redirectUrl, env: { STAND_IN_UNTOLD: untold.join() } }));
      await command(scene.page, 'settings.update', { redirectUrl });

      await way(await scene.signInFromTray());
      await expect.poll(async () => (await scene.auth()).userId).toBe(demoUser.userId);
      await scene.expectNoLogin('valid');
      expect(requests).toEqual([]);
    });
  }
});
