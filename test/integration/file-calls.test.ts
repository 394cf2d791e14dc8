import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { instantOf } from '../../src/market/ist.ts';
import { startLiveExchange } from '../bench/support/live-exchange.ts';
import { countFileCalls } from '../support/file-calls.ts';
import { startRealApp } from '../support/real-app.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const date = '2026-11-23';
const preload = pathToFileURL(join(import.meta.dirname, '..', 'support', 'count-file-calls.ts')).href;
/** Market time: an hour is over in a quarter of a minute. */
const SPEED = 240;

describe("the feed's thread touches no file after the start", () => {
  test('and would be seen to', () => {
    const home = temporaryHome();
    using counted = countFileCalls(() => true);
    writeFileSync(join(home, 'file'), 'x');
    existsSync(home);
    expect(counted.calls.map((call) => call.split(' ')[0])).toEqual(
      expect.arrayContaining(['writeFileSync', 'existsSync']),
    );
  });

  test('in an hour of trading with everything a trader asks for, in the app as it is', async () => {
    const home = temporaryHome();
    const target = join(temporaryHome(), 'calls.json');
    const tokenFile = join(temporaryHome(), 'token.txt');
    await using live = await startLiveExchange({ at: '10:58', speed: SPEED });
    await using app = await startRealApp({
      home,
      exchange: { exchange: live.exchange, spec: live.spec, accessToken: live.issueToken() },
      nodeArguments: ['--import', preload],
      env: { FILE_CALLS: target },
    });
    const { client } = app;
    const ask = async (...[name, args]: Parameters<typeof client.invoke>): Promise<void> => {
      expect([name, await client.invoke(name, args)]).toEqual([name, expect.objectContaining({ ok: true })]);
    };
    await ask('settings.update', { theme: 'light', tokenFile, watchlist: ['NSE:INFY'] });
    writeFileSync(join(home, 'simulated', 'calendar.json'), '{"days": []}');
    await ask('instruments.search', { text: 'NIFTY', limit: 10 });
    await ask('candles.get', { key: 'NSE:NIFTY 50', date });
    await ask('journal.get', { date: null });
    await ask('feed.pause', {});
    await ask('feed.resume', {});
    await ask('doctor.run', {});
    writeFileSync(tokenFile, live.issueToken());
    for (const path of ['/api/health', '/api/journal', '/api/candles?key=NSE:NIFTY 50', '/', '/missing.js']) {
      await client.get(path).catch(() => undefined);
    }
    await new Promise<void>((resolve) => {
      live.clock.setTimeout(resolve, instantOf(date, '12:00') - live.clock.now());
    });
    expect(await app.stop()).toBe(0);
    expect(JSON.parse(readFileSync(target, 'utf8'))).toEqual([]);
  });
});
