import type { Clock } from '../clock.ts';
import { LateKeychain } from './late-keychain.ts';
import { memorySecretStore, type SecretStore, SecretStoreError } from './secret-store.ts';

/** The part of keytar that is used; injected in tests. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

export interface SecretStoreOptions {
  readonly want: 'keychain' | 'memory';
  /** Secrets of a simulated exchange have a keychain service of their own. */
  readonly simulated: boolean;
  readonly clock: Clock;
  /** Loads the native module; rejects where there is none for this platform. */
  readonly loadKeytar?: () => Promise<Keytar>;
}

export interface OpenedSecretStore {
  readonly store: SecretStore;
  /** One sentence for the trader when secrets are not where they were wanted; otherwise null. */
  readonly notice: string | null;
}

const SERVICE = 'MyDailyTradingSignals';

/** A locked keychain may wait for a password dialog nobody sees. Real time: no simulated clock hurries a person. */
const PROBE_TIMEOUT_MS = 3_000;
const CALL_TIMEOUT_MS = 10_000;

/**
 * The OS keychain where it works, proven by storing, reading and deleting a probe; otherwise memory, with a notice, until
 * it does. Never rejects.
 */
export async function openSecretStore(options: SecretStoreOptions): Promise<OpenedSecretStore> {
  if (options.want === 'memory') return { store: memorySecretStore(), notice: null };
  const service = options.simulated ? `${SERVICE} (simulated)` : SERVICE;
  const { clock } = options;
  const look = async (): Promise<SecretStore> => {
    const keytar = await (options.loadKeytar ?? loadNativeKeytar)();
    await probe(keytar, service);
    return keychainStore(keytar, service, clock);
  };
  const looking = look();
  try {
    return { store: await inTime(clock, PROBE_TIMEOUT_MS, looking), notice: null };
  } catch (error) {
    const notice = `The system keychain cannot be used (${reasonOf(error)}): until it can, the login is kept in memory only.`;
    return { store: new LateKeychain({ clock, looking, look, notice }), notice };
  }
}

async function loadNativeKeytar(): Promise<Keytar> {
  const module: Keytar & { readonly default?: Keytar } = await import('keytar');
  return module.default ?? module;
}

/** The account is this process's own, so that two apps starting together do not delete each other's probe. */
async function probe(keytar: Keytar, service: string): Promise<void> {
  const account = `probe-${process.pid}`;
  await keytar.setPassword(service, account, account);
  const found = await keytar.getPassword(service, account);
  await keytar.deletePassword(service, account);
  if (found !== account) throw new SecretStoreError('it does not return what was stored');
}

function keychainStore(keytar: Keytar, service: string, clock: Clock): SecretStore {
  const call = async <Value>(verb: string, run: () => Promise<Value>): Promise<Value> => {
    try {
      return await inTime(clock, CALL_TIMEOUT_MS, run());
    } catch (error) {
      // Other people's messages stay here: one of them might quote what was to be stored.
      const reason = error instanceof SecretStoreError ? error.message : 'it refused';
      throw new SecretStoreError(`The system keychain could not ${verb}: ${reason}.`);
    }
  };
  return {
    kind: 'keychain',
    recovery: null,
    get: (name) => call('be read', () => keytar.getPassword(service, name)),
    set: (name, value) => call('be written', () => keytar.setPassword(service, name, value)),
    delete: async (name) => void (await call('be changed', () => keytar.deletePassword(service, name))),
  };
}

/** `work`, or a `SecretStoreError` when it takes longer than `limitMs` of real time. */
async function inTime<Value>(clock: Clock, limitMs: number, work: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  using _timer = clock.setTimeout(
    () => late.reject(new SecretStoreError('it does not answer; it may be locked')),
    limitMs * clock.speed,
  );
  return await Promise.race([work, late.promise]);
}

/** The first line of an error, short: native messages can run over many. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : 'unknown failure';
  return (text.split('\n')[0] ?? '').trim().replace(/\.$/, '').slice(0, 120);
}
