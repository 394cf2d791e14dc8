import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClockSpecError } from '../../src/clock.ts';
import { EnvironmentError, homeFolder, readEnvironment, takeEnvironment } from '../../src/environment.ts';
import { zerodhaEndpoints } from '../../src/kite/endpoints.ts';

const everything = {
  MDTS_API_ROOT: 'http://127.0.0.1:8000/',
  MDTS_LOGIN_ROOT: 'http://127.0.0.1:8000',
  MDTS_TICKER_ROOT: 'ws://127.0.0.1:8000/ws',
  MDTS_CLOCK: '2026-11-23T08:49:50+05:30@20',
  MDTS_HOME: '/tmp/home',
  MDTS_SECRETS: 'memory',
  MDTS_API_KEY: 'key',
  MDTS_API_SECRET: 'secret',
  MDTS_ACCESS_TOKEN: 'token',
  MDTS_EXCHANGE_ENTRY: '/app/exchange.ts',
};

describe('the environment', () => {
  it('is Kite, the PC’s clock and the keychain unless it says otherwise', () => {
    expect(readEnvironment({ PATH: '/bin' }, false)).toEqual({
      endpoints: zerodhaEndpoints,
      clock: null,
      simulated: false,
      home: null,
      secrets: 'keychain',
      apiKey: null,
      apiSecret: null,
      accessToken: null,
      exchangeEntry: null,
    });
  });

  it('is read when the app is not packaged', () => {
    expect(readEnvironment(everything, false)).toEqual({
      endpoints: {
        apiRoot: 'http://127.0.0.1:8000',
        loginRoot: 'http://127.0.0.1:8000',
        tickerRoot: 'ws://127.0.0.1:8000/ws',
      },
      clock: { marketMs: Date.parse('2026-11-23T08:49:50+05:30'), speed: 20, realMs: null },
      simulated: true,
      home: '/tmp/home',
      secrets: 'memory',
      apiKey: 'key',
      apiSecret: 'secret',
      accessToken: 'token',
      exchangeEntry: '/app/exchange.ts',
    });
  });

  it('means nothing to a packaged app, not even when it is wrong', () => {
    const plain = readEnvironment({}, false);
    expect(readEnvironment(everything, true)).toEqual(plain);
    expect(readEnvironment({ MDTS_API_ROOT: 'nonsense', MDTS_CLOCK: 'noon' }, true)).toEqual(plain);
  });

  it.each([
    'MDTS_API_ROOT',
    'MDTS_LOGIN_ROOT',
    'MDTS_TICKER_ROOT',
    'MDTS_CLOCK',
  ] as const)('is simulated as soon as %s is another', (name) => {
    expect(readEnvironment({ [name]: everything[name] }, false).simulated).toBe(true);
  });

  it.each([
    'MDTS_HOME',
    'MDTS_SECRETS',
    'MDTS_API_KEY',
    'MDTS_ACCESS_TOKEN',
    'MDTS_EXCHANGE_ENTRY',
  ] as const)('is not simulated for %s alone', (name) => {
    expect(readEnvironment({ [name]: everything[name] }, false).simulated).toBe(false);
  });

  it('takes an empty variable for none', () => {
    const empty = Object.fromEntries(Object.keys(everything).map((name) => [name, '']));
    expect(readEnvironment(empty, false)).toEqual(readEnvironment({}, false));
  });

  it.each([
    ['MDTS_API_ROOT', 'file:///etc/passwd'],
    ['MDTS_API_ROOT', 'secret-token-in-the-wrong-place'],
    ['MDTS_LOGIN_ROOT', 'javascript:alert(1)'],
    ['MDTS_TICKER_ROOT', 'http://127.0.0.1:8000'],
    ['MDTS_API_ROOT', 'http://api.kite.trade'],
    ['MDTS_API_ROOT', 'http://192.168.1.4:8000'],
    ['MDTS_LOGIN_ROOT', 'http://127.0.0.1.evil.example'],
    ['MDTS_LOGIN_ROOT', 'http://localhost@evil.example'],
    ['MDTS_TICKER_ROOT', 'ws://0.0.0.0:8000'],
    ['MDTS_TICKER_ROOT', 'ws://ws.kite.trade'],
    ['MDTS_SECRETS', 'file'],
  ])('names %s when it cannot use it, and not the value', (name, value) => {
    const read = (): unknown => readEnvironment({ [name]: value }, false);
    expect(read).toThrow(new EnvironmentError(`Cannot use ${name}: not of the documented form.`));
  });

  it('names every variable that is wrong at once', () => {
    expect(() => readEnvironment({ MDTS_API_ROOT: 'x', MDTS_TICKER_ROOT: 'y' }, false)).toThrow(
      'Cannot use MDTS_API_ROOT, MDTS_TICKER_ROOT: not of the documented form.',
    );
  });

  it('says how a clock has to be written', () => {
    expect(() => readEnvironment({ MDTS_CLOCK: '08:49@20' }, false)).toThrow(ClockSpecError);
  });
});

describe('the home folder', () => {
  it('is the one asked for, made absolute, with a folder of its own for what is simulated', () => {
    expect(homeFolder('/tmp/home', false)).toBe('/tmp/home');
    expect(homeFolder('/tmp/home', true)).toBe(join('/tmp/home', 'simulated'));
    expect(isAbsolute(homeFolder('here', false))).toBe(true);
  });

  it('is in the system’s usual place otherwise', () => {
    const home = homeFolder(null, false);
    expect(home.endsWith('MyDailyTradingSignals')).toBe(true);
    expect(home.startsWith(process.env.XDG_CONFIG_HOME ?? process.env.APPDATA ?? homedir())).toBe(true);
    expect(homeFolder(null, true)).toBe(join(home, 'simulated'));
  });
});

describe('secrets of the environment', () => {
  it('are in it no more once they are read, for reports and other programs to find', () => {
    const env: NodeJS.ProcessEnv = {
      MDTS_API_KEY: 'key',
      MDTS_API_SECRET: 'secret',
      MDTS_ACCESS_TOKEN: 'token',
      MDTS_SECRETS: 'memory',
    };
    expect(takeEnvironment(env, false)).toMatchObject({ apiKey: 'key', apiSecret: 'secret', accessToken: 'token' });
    expect(env).toEqual({ MDTS_SECRETS: 'memory' });
  });

  it('are removed where nothing is taken from it, too', () => {
    const env: NodeJS.ProcessEnv = { MDTS_ACCESS_TOKEN: 'token' };
    expect(takeEnvironment(env, true).accessToken).toBeNull();
    expect(env).toEqual({});
  });
});
