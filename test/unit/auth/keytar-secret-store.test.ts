import { describe, expect, test } from 'vitest';
import { type Keytar, openSecretStore } from '../../../src/auth/keytar-secret-store.ts';
import { SecretStoreError } from '../../../src/auth/secret-store.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A keychain in memory, by `service/account`. */
class FakeKeytar implements Keytar {
  readonly items = new Map<string, string>();

  async getPassword(service: string, account: string): Promise<string | null> {
    return this.items.get(`${service}/${account}`) ?? null;
  }

  async setPassword(service: string, account: string, password: string): Promise<void> {
    this.items.set(`${service}/${account}`, password);
  }

  async deletePassword(service: string, account: string): Promise<boolean> {
    return this.items.delete(`${service}/${account}`);
  }
}

const never = <Value>(): Promise<Value> => new Promise<Value>(() => {});
const open = (keytar: Keytar, options: { simulated?: boolean; clock?: VirtualClock } = {}) =>
  openSecretStore({
    want: 'keychain',
    simulated: options.simulated ?? false,
    clock: options.clock ?? new VirtualClock(0),
    loadKeytar: async () => keytar,
  });

describe('the secret store', () => {
  test('is the keychain where it works, under the app’s own service, and leaves no probe', async () => {
    const keytar = new FakeKeytar();
    const { store, notice } = await open(keytar);
    expect([store.kind, notice]).toEqual(['keychain', null]);
    expect(keytar.items.size).toBe(0);
    await store.set('session', 'kept');
    expect([...keytar.items]).toEqual([['MyDailyTradingSignals/session', 'kept']]);
    expect(await store.get('session')).toBe('kept');
    await store.delete('session');
    await store.delete('session');
    expect(await store.get('session')).toBeNull();
  });

  test('keeps the secrets of a simulated exchange apart', async () => {
    const keytar = new FakeKeytar();
    const { store } = await open(keytar, { simulated: true });
    await store.set('api-key', 'simulated');
    expect([...keytar.items.keys()]).toEqual(['MyDailyTradingSignals (simulated)/api-key']);
  });

  test('is memory when asked for, without touching the keychain', async () => {
    const loadKeytar = async (): Promise<Keytar> => {
      throw new Error('must not be loaded');
    };
    const opened = await openSecretStore({ want: 'memory', simulated: false, clock: new VirtualClock(0), loadKeytar });
    expect([opened.store.kind, opened.notice]).toEqual(['memory', null]);
    await opened.store.set('api-key', 'k');
    expect(await opened.store.get('api-key')).toBe('k');
  });

  test.each<[string, () => Promise<Keytar>, string]>([
    [
      'has no native module',
      () => Promise.reject(new Error('Failed to load keytar native addon.\nStack')),
      'native addon',
    ],
    [
      'refuses',
      async () => Object.assign(new FakeKeytar(), { setPassword: () => Promise.reject(new Error('Access denied')) }),
      'Access denied',
    ],
    [
      'forgets',
      async () => Object.assign(new FakeKeytar(), { getPassword: async () => null }),
      'does not return what was stored',
    ],
  ])('is memory, with a notice, where the keychain %s', async (_case, loadKeytar, words) => {
    const opened = await openSecretStore({
      want: 'keychain',
      simulated: false,
      clock: new VirtualClock(0),
      loadKeytar,
    });
    expect(opened.store.kind).toBe('memory');
    expect(opened.notice).toContain(words);
    expect(opened.notice).toMatch(/^[^\n]+in memory only\.$/);
  });

  test('is memory after three seconds where a locked keychain does not answer', async () => {
    const clock = new VirtualClock(0);
    const opening = open(Object.assign(new FakeKeytar(), { setPassword: () => never<void>() }), { clock });
    let notice: string | null = null;
    void opening.then((opened) => {
      notice = opened.notice;
    });
    await clock.advance(2_999);
    expect(notice).toBeNull();
    await clock.advance(1);
    expect(notice).toContain('may be locked');
    expect((await opening).store.kind).toBe('memory');
    // The question stands: no further one is asked while it does.
    await clock.advance(120_000);
    expect(clock.pending).toBe(0);
  });

  test('becomes the keychain once its password is entered, with what this run has stored and deleted', async () => {
    const clock = new VirtualClock(0);
    const unlocked = Promise.withResolvers<void>();
    const keytar = new FakeKeytar();
    const service = 'MyDailyTradingSignals';
    for (const name of ['api-key', 'api-secret', 'session']) keytar.items.set(`${service}/${name}`, `old ${name}`);
    const set = keytar.setPassword.bind(keytar);
    keytar.setPassword = async (...args) => {
      await unlocked.promise;
      await set(...args);
    };
    const opening = open(keytar, { clock });
    await clock.advance(3_000);
    const { store } = await opening;
    expect(await store.get('api-key')).toBeNull();
    await store.set('api-secret', 'of this run');
    await store.delete('session');
    unlocked.resolve();
    await store.recovery?.done;
    expect(store.kind).toBe('keychain');
    expect(await Promise.all([store.get('api-key'), store.get('api-secret'), store.get('session')])).toEqual([
      'old api-key',
      'of this run',
      null,
    ]);
    await store.set('session', 'new');
    expect(keytar.items.get(`${service}/session`)).toBe('new');
  });

  test('that was refused is looked for again every twenty seconds, also when it fails half-way through the move', async () => {
    const clock = new VirtualClock(0);
    let looks = 0;
    const keytar = new FakeKeytar();
    const set = keytar.setPassword.bind(keytar);
    let refuses: (account: string) => boolean = () => true;
    keytar.setPassword = async (service, account, password) => {
      if (refuses(account)) throw new Error('Access denied');
      await set(service, account, password);
    };
    const { store } = await openSecretStore({
      want: 'keychain',
      simulated: false,
      clock,
      loadKeytar: async () => {
        looks++;
        return keytar;
      },
    });
    await store.set('session', 'kept');
    await clock.advance(19_999);
    expect(looks).toBe(1);
    refuses = (account) => account === 'session';
    await clock.advance(20_001);
    expect([looks, store.kind, await store.get('session')]).toEqual([3, 'memory', 'kept']);
    refuses = () => false;
    await clock.advance(20_000);
    expect([looks, store.kind, await store.get('session')]).toEqual([4, 'keychain', 'kept']);
    await clock.advance(60_000);
    expect(looks).toBe(4);
  });

  test('fails with its own error, and without the secret, when the keychain fails later', async () => {
    const clock = new VirtualClock(0);
    const keytar = new FakeKeytar();
    const { store } = await open(keytar, { clock });
    keytar.setPassword = async (_service, _account, password) => {
      throw new Error(`cannot store ${password}`);
    };
    const refused = await store.set('session', 'topsecret').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SecretStoreError);
    expect(String(refused)).not.toContain('topsecret');

    keytar.getPassword = () => never<string | null>();
    const hanging = expect(store.get('session')).rejects.toBeInstanceOf(SecretStoreError);
    await clock.advance(10_000);
    await hanging;
  });
});
