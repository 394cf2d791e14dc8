import type { Clock } from '../clock.ts';
import { type SecretName, type SecretStore, type StoreRecovery, secretNames } from './secret-store.ts';

/** How often a keychain that is away is looked for again. Real ms: no simulated clock hurries a person. */
const LOOK_AGAIN_MS = 20_000;

export interface LateKeychainPorts {
  readonly clock: Clock;
  /** The look that has not ended yet, or has failed. */
  readonly looking: Promise<SecretStore>;
  /** Looks once more. */
  readonly look: () => Promise<SecretStore>;
  /** What the trader has been told meanwhile. */
  readonly notice: string;
}

/**
 * Memory until the keychain is there, as after its password has been entered. Then what this run has stored or deleted is
 * carried over, the rest is the keychain's, and from then on it is the keychain. One look at a time: each that hangs holds
 * a thread.
 */
export class LateKeychain implements SecretStore, Disposable {
  readonly recovery: StoreRecovery;
  private readonly ports: LateKeychainPorts;
  private readonly recovered = Promise.withResolvers<void>();
  /** What this run has stored; null: deleted. */
  private readonly held = new Map<SecretName, string | null>();
  private keychain: SecretStore | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private timer: Disposable | null = null;
  private isDisposed = false;

  constructor(ports: LateKeychainPorts) {
    this.ports = ports;
    this.recovery = { notice: ports.notice, done: this.recovered.promise };
    void this.waitFor(ports.looking);
  }

  get kind(): SecretStore['kind'] {
    return this.keychain === null ? 'memory' : 'keychain';
  }

  get(name: SecretName): Promise<string | null> {
    return this.inTurn(async () => (this.keychain === null ? (this.held.get(name) ?? null) : this.keychain.get(name)));
  }

  set(name: SecretName, value: string): Promise<void> {
    return this.inTurn(async () =>
      this.keychain === null ? void this.held.set(name, value) : this.keychain.set(name, value),
    );
  }

  delete(name: SecretName): Promise<void> {
    return this.inTurn(async () =>
      this.keychain === null ? void this.held.set(name, null) : this.keychain.delete(name),
    );
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
    this.timer?.[Symbol.dispose]();
  }

  private async waitFor(looking: Promise<SecretStore>): Promise<void> {
    try {
      const found = await looking;
      if (this.isDisposed) return;
      await this.inTurn(() => this.moveInto(found));
      this.recovered.resolve();
    } catch {
      if (this.isDisposed) return;
      this.timer = this.ports.clock.setTimeout(() => void this.waitFor(this.ports.look()), LOOK_AGAIN_MS);
    }
  }

  private async moveInto(keychain: SecretStore): Promise<void> {
    for (const name of secretNames) {
      const value = this.held.get(name);
      if (value === null) await keychain.delete(name);
      else if (value !== undefined) await keychain.set(name, value);
    }
    this.keychain = keychain;
    this.held.clear();
  }

  /** One after another, so that nothing is stored in memory behind the back of the move. */
  private inTurn<Value>(run: () => Promise<Value>): Promise<Value> {
    const turn = this.last.then(run);
    this.last = turn.catch(() => {});
    return turn;
  }
}
