import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

describe('kiteRestClient in any zone', () => {
  const probe = fileURLToPath(new URL('zone-probe.ts', import.meta.url));

  // 02:30 on that date does not exist in New York: a local Date could not even be read back.
  it.each(['America/New_York', 'Asia/Kolkata', 'UTC'])('reads and writes times as IST in %s', async (zone) => {
    const { stdout } = await run(process.execPath, [probe], { env: { ...process.env, TZ: zone } });
    const seen = JSON.parse(stdout);
    const at = Date.parse('2026-11-23T09:15:00+05:30');
    expect(seen).toMatchObject({
      loginAtMs: Date.parse('2026-03-08T02:30:00+05:30'),
      quoteMs: at + 1000,
      candleMs: at,
      from: '2026-11-23 09:15:00',
      to: '2026-11-23 09:16:00',
    });
    const offByMs = { 'America/New_York': 10.5 * 3_600_000, 'Asia/Kolkata': 0, UTC: 5.5 * 3_600_000 }[zone];
    expect(seen.officialQuoteMs - seen.quoteMs).toBe(offByMs);
  });
});

describe('the kiteconnect package', () => {
  it('brings no test tools, listeners or handles into the process when it is loaded', async () => {
    const script = `
      const before = process.eventNames().length;
      require('kiteconnect');
      const strays = Object.keys(require.cache).filter((path) => /node_modules\\/(mocha|chai|nock|rimraf)\\//.test(path));
      console.log(JSON.stringify([strays, process.eventNames().length - before, process.getActiveResourcesInfo()]));`;
    const { stdout } = await run(process.execPath, ['-e', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    });
    const [strays, listeners, resources] = JSON.parse(stdout);
    expect([strays, listeners]).toEqual([[], 0]);
    expect(resources.filter((name: string) => /Timeout|TCP/.test(name))).toEqual([]);
  });
});
