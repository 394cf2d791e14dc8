import { expect, test } from 'vitest';
import { LateKeychain } from '../../src/auth/late-keychain.ts';
import type { SecretStore } from '../../src/auth/secret-store.ts';
import { demoApp } from '../exchange/exchange.ts';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const notice = 'The system keychain cannot be used (locked).';

test('a keychain that is unlocked after the start gives the login back, and the feed goes on by itself', async () => {
  const unlocked = Promise.withResolvers<SecretStore>();
  let held: SecretStore | null = null;
  await using floor = await openFloor({
    date,
    at: '08:54:00',
    secrets: (store, clock) => {
      held = store;
      return new LateKeychain({ clock, looking: unlocked.promise, look: () => unlocked.promise, notice });
    },
  });
  await floor.to('08:56:00');
  expect(floor.desk.state).toMatchObject({
    auth: { state: 'unconfigured' },
    app: { secretStore: 'memory', notices: [notice] },
  });
  expect(floor.exchange.stats.upgrades).toEqual([]);

  if (held !== null) unlocked.resolve(Object.assign(held as SecretStore, { kind: 'keychain' }));
  await floor.run(2_000);
  expect(floor.desk.state).toMatchObject({
    auth: { state: 'valid' },
    app: { secretStore: 'keychain', notices: [] },
    feed: { state: 'live' },
  });
  expect(floor.desk.state.alerts).toEqual([]);
});

test('what was entered meanwhile is in the keychain afterwards', async () => {
  const unlocked = Promise.withResolvers<SecretStore>();
  let held: SecretStore | null = null;
  await using floor = await openFloor({
    date,
    at: '08:54:00',
    login: 'none',
    secrets: (store, clock) => {
      held = store;
      return new LateKeychain({ clock, looking: unlocked.promise, look: () => unlocked.promise, notice });
    },
  });
  const { apiKey, apiSecret } = demoApp;
  await floor.command('credentials.save', { apiKey, apiSecret });
  await floor.signIn();
  await floor.run(1_000);
  const keychain = held as SecretStore | null;
  expect(await keychain?.get('session')).toBeNull();
  if (keychain !== null) unlocked.resolve(keychain);
  await floor.run(1_000);
  expect(await keychain?.get('api-key')).toBe(apiKey);
  expect(await keychain?.get('session')).toContain('accessToken');
  expect(floor.desk.state.auth.state).toBe('valid');
});
