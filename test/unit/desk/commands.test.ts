import { describe, expect, it } from 'vitest';
import { commandSchemas } from '../../../src/contract/commands.ts';
import { ok } from '../../../src/contract/result.ts';
import { type CommandHandlers, runCommand } from '../../../src/desk/commands.ts';

/** Handlers that answer with their arguments, but for those given. */
function handlersWith(own: Partial<CommandHandlers>): CommandHandlers {
  const echo = (args: unknown) => ok(args);
  const echoes = Object.fromEntries(Object.keys(commandSchemas).map((name) => [name, echo]));
  return { ...echoes, ...own } as unknown as CommandHandlers;
}

const silent = (): void => {};

describe('commands from outside', () => {
  it.each([
    'nothing',
    'toString',
    '__proto__',
    'constructor',
    '',
    5,
    null,
    undefined,
    {},
    ['signOut'],
  ])('refuse the name %j', async (name) => {
    expect(await runCommand(handlersWith({}), name, {}, silent)).toMatchObject({
      ok: false,
      error: { code: 'unknown-command' },
    });
  });

  it.each([
    ['signOut', { now: true }],
    ['signOut', null],
    ['signOut', 'please'],
    ['candles.get', { key: 'NSE:NIFTY 50' }],
    ['candles.get', { key: 'NSE:NIFTY 50', date: '23-11-2026' }],
    ...['2026-02-31', '2026-02-29', '2026-13-01', '2026-00-10', '2026-11-00', '0000-00-00', '2026-11-31'].flatMap(
      (date): [string, unknown][] => [
        ['candles.get', { key: 'NSE:NIFTY 50', date }],
        ['journal.get', { date }],
      ],
    ),
    ['instruments.search', { text: 'NIFTY', limit: 0 }],
    ['instruments.search', { text: 'N'.repeat(61), limit: 10 }],
    ['settings.update', { theme: 'purple' }],
    ['settings.update', { redirectUrl: 'https://evil.example/' }],
    ['settings.update', { redirectUrl: 'http://127.0.0.1.evil.example/' }],
    ['settings.update', { unknown: 1 }],
    ['settings.update', { watchlist: ['no key'] }],
    ['alert.dismiss', { id: '' }],
    ['ticks.painted', { receivedAt: Number.NaN, ticks: [] }],
    ['ticks.painted', { receivedAt: 1, ticks: Array(65).fill([1, 2]) }],
  ])('refuse %s with %j', async (name, args) => {
    expect(await runCommand(handlersWith({}), name, args, silent)).toMatchObject({
      ok: false,
      error: { code: 'bad-arguments' },
    });
  });

  it('name the fields that are wrong, and never a value', async () => {
    const secret = 'a secret with spaces';
    const args = { apiKey: 'good1234', apiSecret: secret };
    expect(await runCommand(handlersWith({}), 'credentials.save', args, silent)).toEqual({
      ok: false,
      error: { code: 'bad-arguments', message: expect.stringMatching(/^This does not look like an API secret: /) },
    });
    const extra = await runCommand(handlersWith({}), 'token.set', { accessToken: secret, [secret]: 1 }, silent);
    expect(JSON.stringify(extra)).not.toContain(secret);
  });

  it.each([
    ['credentials.save', { apiKey: 'a key', apiSecret: 'good1234' }, /API key/],
    ['token.set', { accessToken: 'short' }, /access token/],
    ['settings.update', { redirectUrl: 'https://elsewhere.example/' }, /redirect URL has to be on this PC/],
    ['settings.update', { tokenFile: '' }, /path of a file/],
    ['settings.update', { watchlist: ['GLOBAL:NIFTY', 'RELIANCE'] }, /such as NSE:RELIANCE/],
  ])('refuse what a person enters in words without the name of a field: %s %j', async (name, args, words) => {
    const result = await runCommand(handlersWith({}), name, args, silent);
    const message = result.ok ? '' : result.error.message;
    expect(message).toMatch(words);
    expect(message).not.toMatch(/right form|apiKey|apiSecret|accessToken|redirectUrl|tokenFile|watchlist/);
  });

  it('hand over what the schema made of the arguments', async () => {
    const args = { apiKey: ' key12345 ', apiSecret: 'secret12345\n' };
    expect(await runCommand(handlersWith({}), 'credentials.save', args, silent)).toEqual(
      ok({ apiKey: 'key12345', apiSecret: 'secret12345' }),
    );
  });

  it('turn whatever a handler throws into a sentence, and say why in the log alone', async () => {
    const reported: string[] = [];
    const report = (text: string): void => void reported.push(text);
    const failing = handlersWith({
      signOut: () => {
        throw new Error('disk on fire');
      },
      'token.verify': () => Promise.reject('a bare string'),
    });
    for (const name of ['signOut', 'token.verify']) {
      const result = await runCommand(failing, name, {}, report);
      expect(result).toMatchObject({ ok: false, error: { code: 'internal' } });
      expect(JSON.stringify(result)).not.toMatch(/fire|bare/);
    }
    expect(reported).toEqual([
      'The command signOut failed: disk on fire',
      'The command token.verify failed: unknown error',
    ]);
  });
});
