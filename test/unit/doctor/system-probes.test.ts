import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { examineDisk } from '../../../src/doctor/system/disk.ts';
import { watchEventLoop } from '../../../src/doctor/system/event-loop.ts';
import { askWithoutLogin, openConnection, readCertificate } from '../../../src/doctor/system/network.ts';
import { environmentProxies, readGsettings, readRegistry, readScutil } from '../../../src/doctor/system/proxies.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const clock = systemClock();
const never = new AbortController().signal;
const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mdts-doctor-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function listen<S extends Server>(server: S): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  cleanUps.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const serve = async (answer: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(answer))}`;

describe('a request without a login', () => {
  it('brings status, type, the start of the body and the time of the server', async () => {
    const root = await serve((request, response) => {
      const isBare = request.headers.authorization === undefined && request.headers.cookie === undefined;
      response.writeHead(isBare ? 400 : 500, {
        'content-type': 'Application/JSON',
        date: 'Mon, 23 Nov 2026 03:45:00 GMT',
      });
      response.end(`{"status":"error","padding":"${'x'.repeat(2_000)}"}`);
    });
    const answer = await askWithoutLogin(`${root}/user/profile`, clock, never);
    expect(answer).toMatchObject({
      status: 400,
      contentType: 'application/json',
      serverTimeMs: Date.parse('2026-11-23T03:45:00Z'),
    });
    expect(answer.body).toHaveLength(300);
  });

  it('follows no redirection', async () => {
    const root = await serve((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await askWithoutLogin(root, clock, never)).toMatchObject({ status: 302 });
  });

  it('rejects with the code when the server hangs up', async () => {
    const root = await serve((request) => request.socket.resetAndDestroy());
    await expect(askWithoutLogin(root, clock, never)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('ends when it is given up', async () => {
    const abort = new AbortController();
    const root = await serve(() => abort.abort());
    await expect(askWithoutLogin(root, clock, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a connection', () => {
  it('is made and closed', async () => {
    const port = await listen(createServer());
    expect(await openConnection({ host: '127.0.0.1', port, isSecure: false }, clock, never)).toMatchObject({
      address: '127.0.0.1',
    });
  });

  it('that is refused rejects with the code', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const target = { host: '127.0.0.1', port, isSecure: false };
    await expect(openConnection(target, clock, never)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('a certificate', () => {
  const pair = selfSigned();

  it('made by an interceptor is read with its issuer, and not trusted', async ({ skip }) => {
    if (pair === null) return skip('needs the openssl program');
    const port = await listen(createTlsServer(pair));
    const facts = await readCertificate({ host: 'localhost', port, isSecure: true }, never);
    expect(facts).toMatchObject({
      isTrusted: false,
      errorCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      issuer: 'ExampleGuard',
      hasPublicRoot: false,
    });
    expect(facts.validToMs - facts.validFromMs).toBe(2 * 86_400_000);
  });

  it('that never comes rejects with the code', async () => {
    const root = new URL(await serve((_request, response) => response.end()));
    const target = { host: root.hostname, port: Number(root.port), isSecure: true };
    await expect(readCertificate(target, never)).rejects.toMatchObject({ code: expect.stringMatching(/^(E|ERR_)/) });
  });

  /** A key and a certificate by `openssl`; null where there is none. */
  function selfSigned(): { readonly key: Buffer; readonly cert: Buffer } | null {
    const folder = mkdtempSync(join(tmpdir(), 'mdts-doctor-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    try {
      execFileSync(
        'openssl',
        ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'].concat([
          '-subj',
          '/O=ExampleGuard/CN=localhost',
          '-keyout',
          key,
          '-out',
          cert,
        ]),
        { stdio: 'ignore' },
      );
      return { key: readFileSync(key), cert: readFileSync(cert) };
    } catch {
      return null;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
});

describe('the disk', () => {
  it('is measured, written to and left as it was', async () => {
    const folder = temporaryFolder();
    const facts = examineDisk(folder);
    expect(facts.freeBytes).toBeGreaterThan(0);
    expect(facts.writeError).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says why it cannot be written to', async ({ skip }) => {
    if (process.getuid?.() === 0 || process.platform === 'win32') return skip('needs a user whom file modes bind');
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    expect(examineDisk(folder).writeError).toBe('EACCES');
  });

  it('that is not there is told with the code', () => {
    expect(() => examineDisk(join(temporaryFolder(), 'gone'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('the event loop', () => {
  it('shows a stall of this process', async () => {
    const watched = new VirtualClock('2026-11-23T10:00:00+05:30');
    const watching = watchEventLoop(watched, never);
    // The thread stands still: twice, because a stall is counted from one asking of the loop to the next.
    for (const _stall of [1, 2]) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    }
    await watched.advance(600);
    expect((await watching).maxMs).toBeGreaterThan(100);
  });
});

describe('proxies', () => {
  it('are taken from the environment in either case, without user and password', () => {
    expect(
      environmentProxies({ https_proxy: 'http://me:pass@proxy.example:3128', NO_PROXY: 'localhost', HTTP_PROXY: '' }),
    ).toEqual([{ from: 'environment', name: 'HTTPS_PROXY', value: 'http://proxy.example:3128' }]);
  });

  const registry = (enabled: string): string =>
    [
      '',
      'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings',
      `    ProxyEnable    REG_DWORD    ${enabled}`,
      '    ProxyServer    REG_SZ    http=10.0.0.1:80;https=me:pass@10.0.0.1:443',
      '    AutoConfigURL    REG_SZ    http://wpad.example/proxy.pac',
      '',
    ].join('\r\n');
  const scutil = (enabled: number): string =>
    `<dictionary> {\n  HTTPSEnable : ${enabled}\n  HTTPSPort : 8080\n  HTTPSProxy : proxy.example\n  ProxyAutoConfigEnable : 0\n}\n`;
  const gsettings = (mode: string): string =>
    `org.gnome.system.proxy mode '${mode}'\norg.gnome.system.proxy autoconfig-url 'http://wpad.example/p.pac'\norg.gnome.system.proxy.https host 'proxy.example'\norg.gnome.system.proxy.https port 8080\norg.gnome.system.proxy.http host ''\norg.gnome.system.proxy.http port 0\n`;

  it.each([
    [
      'Windows, on',
      readRegistry(registry('0x1')),
      ['http=10.0.0.1:80;https=10.0.0.1:443', 'http://wpad.example/proxy.pac'],
    ],
    ['Windows, off', readRegistry(registry('0x0')), ['http://wpad.example/proxy.pac']],
    ['macOS, on', readScutil(scutil(1)), ['proxy.example:8080']],
    ['macOS, off', readScutil(scutil(0)), []],
    ['GNOME, by hand', readGsettings(gsettings('manual')), ['proxy.example:8080']],
    ['GNOME, automatic', readGsettings(gsettings('auto')), ['http://wpad.example/p.pac']],
    ['GNOME, off', readGsettings(gsettings('none')), []],
    ['no settings at all', readGsettings(''), []],
  ])('are read as the system shows them: %s', (_name, settings, values) => {
    expect(settings.map(({ value }) => value)).toEqual(values);
  });
});
