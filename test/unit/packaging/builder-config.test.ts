import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import type { Configuration } from 'app-builder-lib';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const load = (): Promise<Configuration> => getConfig(root, 'electron-builder.yml', null);
const validate = (config: object): Promise<void> => validateConfiguration(config, new DebugLogger(false));

/** A target as the file lists it: a name and its processors. */
interface ListedTarget {
  readonly target: string;
  readonly arch: readonly string[];
}

const platforms = [
  ['win', 'win32', ['nsis']],
  ['mac', 'darwin', ['dmg', 'zip']],
  ['linux', 'linux', ['AppImage', 'deb']],
] as const;

describe('electron-builder.yml', () => {
  it('is accepted by the validator of electron-builder, which would refuse a misspelt key', async () => {
    const config = await load();
    await validate(config);
    await expect(validate({ ...config, electronFuse: {} })).rejects.toThrow('electronFuse');
  });

  it('sets every fuse the packager knows, as the security checklist wants it', async () => {
    const { resetAdHocDarwinSignature, ...electronFuses } = (await load()).electronFuses ?? {};
    expect(resetAdHocDarwinSignature).toBe(true);
    const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
    const named = Object.keys(electronFuses).map((name) => name.charAt(0).toUpperCase() + name.slice(1));
    expect(named.sort()).toEqual(known.sort());
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it.each(platforms)('builds %s for processors keytar is prebuilt for', async (key, platform, names) => {
    const config = await load();
    const targets = (config[key]?.target ?? []) as readonly ListedTarget[];
    expect(targets.map(({ target }) => target)).toEqual([...names]);
    for (const arch of new Set(targets.flatMap(({ arch: list }) => list))) {
      const file = join(root, 'node_modules/keytar/prebuilds', `${platform}-${arch}`, 'keytar.node');
      expect(existsSync(file), file).toBe(true);
    }
  });

  it('takes no part in the system beyond the app itself', async () => {
    const config = await load();
    expect(config).not.toHaveProperty('protocols');
    expect(config).not.toHaveProperty('fileAssociations');
    expect(config.nsis).toMatchObject({ perMachine: false, allowElevation: false });
  });

  it('names what a deb is not made without, whatever repository it is built in', async () => {
    const { extraMetadata, linux } = await load();
    expect(extraMetadata?.homepage).toMatch(/^https:/);
    expect(linux?.maintainer).toMatch(/<.+@.+>$/);
  });

  it('leaves an AppImage its sandbox where the system has one', async () => {
    expect((await load()).appImage).toMatchObject({ executableArgs: [] });
  });

  it('loosens the hardened runtime of macOS for compiled JavaScript alone', async () => {
    const { mac } = await load();
    expect(mac).toMatchObject({ hardenedRuntime: true, notarize: true });
    const files = new Set([mac?.entitlements, mac?.entitlementsInherit]);
    for (const file of files) {
      const keys = [...readFileSync(join(root, String(file)), 'utf8').matchAll(/<key>([^<]+)<\/key>/g)].map(
        ([, key]) => key,
      );
      expect(keys).toEqual(['com.apple.security.cs.allow-jit']);
    }
  });

  it('publishes drafts only', async () => {
    expect((await load()).publish).toMatchObject({ provider: 'github', releaseType: 'draft' });
  });
});
