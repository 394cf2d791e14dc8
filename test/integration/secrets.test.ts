import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AlertState } from '../../src/contract/state.ts';
import { demoApp, demoUser } from '../exchange/exchange.ts';
import { serveLocally } from '../support/local-server.ts';
import { openSocket } from '../support/socket-client.ts';
import { watchState } from '../support/state-watch.ts';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';

/** Everything written below a folder, byte for byte. */
function filesBelow(folder: string): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((name) => ({ name, text: readFileSync(name, 'latin1') }));
}

test('no secret leaves the desk: not in state, journal, health, log, notification, socket or file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mdts-secrets-'));
  const tokenFile = join(folder, 'token-of-another-tool');
  const told: string[] = [];
  const channel = {
    name: 'test',
    show: (alert: AlertState) => void told.push(JSON.stringify(alert)),
    withdraw: () => {},
  };
  const onActivity = ({ text }: { readonly text: string }): void => void told.push(text);
  try {
    await using floor = await openFloor({
      date,
      at: '08:49',
      login: 'dead',
      channels: [channel],
      home: folder,
      onActivity,
    });
    await using local = await serveLocally(floor.desk);
    using watch = watchState(floor.desk, floor.clock);
    using _market = floor.desk.watchMarket((message) => void told.push(JSON.stringify(message)));
    await using page = await openSocket(local.socketUrl('/ws/desk'));
    const mint = (): string => floor.exchange.issueToken({ userId: demoUser.userId, mintedAtMs: floor.clock.now() });
    const post = async (accessToken: string): Promise<void> => {
      const body = JSON.stringify({ access_token: accessToken });
      const answer = await local.fetch('/api/token', { method: 'POST', body });
      told.push(await answer.text());
    };
    const made = { secret: 'anothersecret00000000000000001', madeUp: 'neverissuedtoken0123456789abcdef' };
    const issued: string[] = [];

    // Every door and every failure the login has.
    await floor.to('08:51');
    await post(made.madeUp);
    await floor.command('login.start', {});
    told.push(
      JSON.stringify(await floor.desk.completeLogin(`${floor.exchange.redirectUrl}?request_token=forged&state=x`)),
    );
    await floor.command('login.cancel', {});
    await floor.signIn();
    issued.push(mint());
    await post(issued[0] ?? '');
    await floor.command('settings.update', { tokenFile });
    issued.push(mint());
    writeFileSync(tokenFile, issued[1] ?? '');
    await floor.run(1_000);
    issued.push(mint());
    await floor.command('token.set', { accessToken: issued[2] ?? '' });
    await floor.to('08:56');
    expect(floor.desk.state.feed.state).toBe('live');
    // Errors quote: refusals, HTML, resets, a drop, and a token that dies in use.
    floor.exchange.control.apply({ kind: 'refuse', where: 'both', status: 500, html: true, forMs: 40_000 });
    floor.exchange.control.apply({ kind: 'drop' });
    await floor.run(45_000);
    floor.exchange.control.apply({ kind: 'refuseConnections', how: 'reset', forMs: 40_000 });
    await floor.run(60_000);
    floor.exchange.control.apply({ kind: 'killToken' });
    await floor.run(5_000);
    issued.push(mint());
    await post(issued[3] ?? '');
    await floor.run(1_000);
    // Whatever a shell has to say may quote an address or an error of somebody else's.
    const quoted = `wss://ws.kite.trade/?access_token=${issued[3]} failed; ${issued[2]}, ${demoApp.apiSecret}`;
    floor.desk.log('error', 'app', quoted);
    await floor.command('signOut', {});
    await floor.command('credentials.save', { apiKey: demoApp.apiKey, apiSecret: made.secret });
    for (const bad of ['credentials.save', 'token.set']) {
      told.push(JSON.stringify(await floor.desk.invoke(bad, { apiSecret: '!', accessToken: `${issued[3]} ` })));
    }
    await floor.run(5_000);
    for (const path of ['/api/health', '/api/token-status', '/api/journal', `/api/journal?date=${date}`]) {
      told.push(await (await local.fetch(path)).text());
    }
    await page.until(() => page.messages.length > watch.messages.length / 2, 'the page');

    const secrets = [demoApp.apiSecret, made.secret, made.madeUp, ...issued];
    expect(new Set(secrets).size).toBe(7);
    const texts = [
      ...watch.messages.map((message) => JSON.stringify(message)),
      ...page.messages.map((message) => JSON.stringify(message)),
      JSON.stringify(floor.journal()),
      ...told,
      ...local.log,
    ];
    expect(texts.length).toBeGreaterThan(500);
    for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    // The key of the local API is its own secret.
    expect(texts.filter((text) => text.includes(local.server.key))).toEqual([]);
    const files = filesBelow(folder).filter(({ name }) => name !== tokenFile);
    expect(files.map(({ name }) => name.slice(folder.length + 1))).toContain('desk.db');
    expect(files.filter(({ text }) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
