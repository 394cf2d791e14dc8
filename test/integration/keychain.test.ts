import { expect, test } from 'vitest';
import { openKeychainProcess } from '../support/keychain-process.ts';
import { noKeyringReason, openPrivateKeyring, skipsKeyringTests } from '../support/private-keyring.ts';

const session = JSON.stringify({ accessToken: 'tokenkeptinthekeychain0000000001' });

const keychainTest = skipsKeyringTests ? test.skip : test;
const on = noKeyringReason === null ? 'on gnome-keyring' : `on gnome-keyring (not run: ${noKeyringReason})`;

keychainTest(`${on}, a secret outlives the process that stored it, and is gone once deleted`, async () => {
  await using keyring = await openPrivateKeyring();
  {
    await using first = await openKeychainProcess(keyring.env, 'real');
    expect(first).toMatchObject({ kind: 'keychain', notice: null });
    expect(await first.get('session')).toEqual({ value: null });
    expect(await first.set('session', session)).toEqual({ value: null });
    expect(await first.set('api-secret', 'first')).toEqual({ value: null });
    expect(await first.set('api-secret', 'second')).toEqual({ value: null });
  }
  {
    await using second = await openKeychainProcess(keyring.env, 'real');
    expect(await second.get('session')).toEqual({ value: session });
    expect(await second.get('api-secret')).toEqual({ value: 'second' });
    expect(await second.get('api-key')).toEqual({ value: null });
    await second.delete('session');
    expect(await second.delete('session')).toEqual({ value: null });
  }
  await using third = await openKeychainProcess(keyring.env, 'real');
  expect(await third.get('session')).toEqual({ value: null });
  expect(await third.get('api-secret')).toEqual({ value: 'second' });
});

keychainTest(`${on}, the secrets of a simulated exchange are not the real ones`, async () => {
  await using keyring = await openPrivateKeyring();
  await using real = await openKeychainProcess(keyring.env, 'real');
  await using simulated = await openKeychainProcess(keyring.env, 'simulated');
  await real.set('session', session);
  expect(await simulated.get('session')).toEqual({ value: null });
  await simulated.set('session', 'simulated');
  await simulated.delete('session');
  expect(await real.get('session')).toEqual({ value: session });
});

keychainTest(`${on}, a locked keyring degrades to memory and says so`, async () => {
  await using keyring = await openPrivateKeyring();
  {
    await using before = await openKeychainProcess(keyring.env, 'real');
    await before.set('session', session);
  }
  await keyring.lock();
  await using locked = await openKeychainProcess(keyring.env, 'real');
  expect(locked.kind).toBe('memory');
  expect(locked.notice).toMatch(
    /^The system keychain cannot be used \(.*locked.*\): until it can, the login is kept in memory/,
  );
  expect(await locked.get('session')).toEqual({ value: null });
  await locked.set('session', 'for this run');
  expect(await locked.get('session')).toEqual({ value: 'for this run' });
});

keychainTest(`${on}, a bus without a keyring degrades to memory, which the next process does not find`, async () => {
  await using keyring = await openPrivateKeyring();
  await keyring.stop();
  {
    await using absent = await openKeychainProcess(keyring.env, 'real');
    expect(absent.kind).toBe('memory');
    expect(absent.notice).toContain('The system keychain cannot be used');
    await absent.set('session', session);
  }
  await using next = await openKeychainProcess(keyring.env, 'real');
  expect(await next.get('session')).toEqual({ value: null });
});

keychainTest(`${on}, a keyring that goes away in use fails by name, without the secret`, async () => {
  await using keyring = await openPrivateKeyring();
  await using opened = await openKeychainProcess(keyring.env, 'real');
  expect(opened.kind).toBe('keychain');
  await keyring.stop();
  expect(await opened.set('session', session)).toEqual({
    failure: 'The system keychain could not be written: it refused.',
  });
  expect(await opened.get('session')).toEqual({ failure: 'The system keychain could not be read: it refused.' });
});
