import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultSettings } from '../../src/contract/settings.ts';
import type { Desk } from '../../src/desk/desk-api.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { type DeskEnvironment, readEnvironment } from '../../src/environment.ts';
import { HomeInUseError } from '../../src/storage/home-hold.ts';

const closedToday = '{"days":[{"date":"2026-11-23","session":"closed","reason":"Declared today"}]}';
/** Nothing listens there: the desk is opened for its files, not for Kite. */
const NOWHERE = 'http://127.0.0.1:9';
const STAMP = /\.corrupt-\d{8}T\d{6}$/;

describe('a home folder with trouble in it', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'mdts-home-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  const environment = (changes: Partial<DeskEnvironment> = {}): DeskEnvironment => ({
    ...readEnvironment({ MDTS_SECRETS: 'memory' }, false),
    endpoints: { apiRoot: NOWHERE, loginRoot: NOWHERE, tickerRoot: NOWHERE.replace('http', 'ws') },
    home,
    ...changes,
  });
  const open = (changes: Partial<DeskEnvironment> = {}): Promise<Desk> =>
    openDesk(environment(changes), {
      version: 'test',
      home: null,
      channels: [],
      canSimulate: false,
      hasLoginWindow: false,
    });

  it('opens without a word when nothing is wrong', async () => {
    await using desk = await open();
    expect([desk.state.app.notices, desk.state.auth.state]).toEqual([[], 'unconfigured']);
  });

  it.each([
    ['settings.json', '{"theme": "dark", '],
    ['settings.json', '{"theme": "purple"}'],
    ['calendar.json', 'not json'],
    ['calendar.json', '{"rows": []}'],
    ['desk.db', 'this is no database, and it is longer than a header of one hundred bytes would be'.repeat(4)],
  ])('sets %s aside when it cannot be used, goes on with defaults and says so', async (name, content) => {
    writeFileSync(join(home, name), content);
    await using desk = await open();
    const aside = readdirSync(home).filter((file) => file.startsWith(name) && STAMP.test(file));
    expect(aside).toHaveLength(1);
    expect(readFileSync(join(home, aside[0] ?? ''), 'utf8')).toBe(content);
    expect(desk.state.app.notices).toEqual([expect.stringContaining(join(home, aside[0] ?? 'none'))]);
    expect(desk.state.activity).toContainEqual(
      expect.objectContaining({ level: 'warning', text: desk.state.app.notices[0] }),
    );
    expect(desk.state.settings).toEqual(defaultSettings);
    expect(desk.health().status).not.toBe('down');
  });

  it.each(['calendar-utf8-bom', 'calendar-utf16le'])('takes the calendar rows of %s', async (name) => {
    const bytes = name.endsWith('bom')
      ? Buffer.from(`\uFEFF${closedToday}`, 'utf8')
      : Buffer.from(`\uFEFF${closedToday}`, 'utf16le');
    writeFileSync(join(home, 'calendar.json'), bytes);
    await using desk = await open({
      clock: { marketMs: Date.parse('2026-11-23T10:00:00+05:30'), speed: 1, realMs: null },
    });
    expect(desk.state.app.notices).toEqual([]);
    expect(desk.state.market).toMatchObject({ day: 'holiday', reason: 'Declared today' });
    expect(readFileSync(join(home, 'calendar.json'))).toEqual(bytes);
  });

  it('names a calendar row that cannot be used, keeps the others and leaves the file as it is', async () => {
    const text =
      '{"days": [{"date": "soon"}, {"date": "2026-11-23", "session": "closed", "reason": "Declared today"}]}';
    writeFileSync(join(home, 'calendar.json'), text);
    await using desk = await open({
      clock: { marketMs: Date.parse('2026-11-23T10:00:00+05:30'), speed: 1, realMs: null },
    });
    expect(desk.state.app.notices).toEqual([expect.stringContaining('row 1 (soon) is left out')]);
    expect(desk.state.market.day).toBe('holiday');
    expect(readFileSync(join(home, 'calendar.json'), 'utf8')).toBe(text);
  });

  it('keeps each of several damaged files', async () => {
    for (const name of ['settings.json', 'calendar.json', 'desk.db']) writeFileSync(join(home, name), 'x'.repeat(600));
    await using desk = await open();
    expect(desk.state.app.notices).toHaveLength(3);
    expect(readdirSync(home).filter((file) => STAMP.test(file))).toHaveLength(3);
  });

  it('does not lose settings that a second run finds in order', async () => {
    {
      await using desk = await open();
      expect(await desk.invoke('settings.update', { theme: 'light' })).toMatchObject({ ok: true });
    }
    await using desk = await open();
    expect([desk.state.settings.theme, desk.state.app.notices]).toEqual(['light', []]);
  });

  it('belongs to one copy at a time; the second is told which process has it and what to do', async () => {
    {
      await using first = await open();
      expect(first.state.app.notices).toEqual([]);
      const second = open();
      await expect(second).rejects.toBeInstanceOf(HomeInUseError);
      await expect(second).rejects.toThrow(
        `MyDailyTradingSignals is already running with ${home} (process ${process.pid}): use that one, or give this one another folder with --home.`,
      );
    }
    await using third = await open();
    expect(third.state.app.notices).toEqual([]);
  });

  it('gets a folder of its own below it for anything simulated', async () => {
    await using own = await open();
    await using simulated = await open({ simulated: true });
    expect([own.state.app.simulated, simulated.state.app.simulated]).toEqual([false, true]);
    expect(readdirSync(join(home, 'simulated'))).toContain('desk.db');
  });

  describe.skipIf(process.platform !== 'linux')('without a keychain (a Linux session without its message bus)', () => {
    it('keeps secrets in memory, says so, and writes none of them to a file', async () => {
      vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent/bus');
      vi.stubEnv('DISPLAY', undefined);
      const [apiKey, apiSecret] = ['keyfortest123456', 'secretfortest7890abcdefghijklmnop'];
      {
        await using desk = await open({ secrets: 'keychain' });
        expect(desk.state.app.secretStore).toBe('memory');
        expect(desk.state.app.notices).toEqual([
          expect.stringMatching(
            /^The system keychain cannot be used .* until it can, the login is kept in memory only\.$/,
          ),
        ]);
        expect(await desk.invoke('credentials.save', { apiKey, apiSecret })).toMatchObject({ ok: true });
        expect(desk.state.auth.state).toBe('signed-out');
      }
      const texts = readdirSync(home).map((file) => readFileSync(join(home, file), 'latin1'));
      expect(texts.length).toBeGreaterThan(1);
      expect(texts.filter((text) => text.includes(apiSecret) || text.includes(apiKey))).toEqual([]);
      await using next = await open({ secrets: 'keychain' });
      expect(next.state.auth.state).toBe('unconfigured');
    });
  });
});
