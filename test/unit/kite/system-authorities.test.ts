import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../support/temporary-home.ts';

/** A certificate nobody else trusts; its key was thrown away when it was made. */
const officeAuthority = `-----BEGIN CERTIFICATE-----
MIIBXzCCARGgAwIBAgIUY/8owMMC7/RTJOUILNlSGR352ZUwBQYDK2VwMCQxIjAg
BgNVBAMMGUFuIG9mZmljZSdzIG93biBhdXRob3JpdHkwIBcNMjYxMTI5MTEyNDM1
WhgPMjEyNjExMDUxMTI0MzVaMCQxIjAgBgNVBAMMGUFuIG9mZmljZSdzIG93biBh
dXRob3JpdHkwKjAFBgMrZXADIQBK90P+AcIG1QMRhFiWukI74hOR7F3zAu9xm8ik
ENXUxqNTMFEwHQYDVR0OBBYEFH+se1++SjFdcfRkycaWL7Vc305lMB8GA1UdIwQY
MBaAFH+se1++SjFdcfRkycaWL7Vc305lMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2Vw
A0EAZnTj7PaBe2xBgy7Xkmlf8OwaERJAoTIE3S73d1FYJmEgksjGfRCn8kRESgWH
OsIaWJaY3+4xBWYgIlft0s4tCw==
-----END CERTIFICATE-----
`;

// OpenSSL, and with it Node, takes the system's authorities from where this variable says; only so on Linux.
test.skipIf(process.platform !== 'linux')('an authority of this PC is trusted beside those Node comes with', () => {
  const file = join(temporaryHome(), 'authorities.pem');
  writeFileSync(file, officeAuthority);
  const module = fileURLToPath(new URL('../../../src/kite/system-authorities.ts', import.meta.url));
  const script = `
    import { X509Certificate } from 'node:crypto';
    import { getCACertificates } from 'node:tls';
    const { trustSystemAuthorities } = await import(${JSON.stringify(module)});
    const subjects = () => getCACertificates('default').map((pem) => new X509Certificate(pem).subject);
    const before = subjects();
    trustSystemAuthorities();
    const after = subjects();
    console.log(JSON.stringify({
      before: before.includes("CN=An office's own authority"),
      after: after.includes("CN=An office's own authority"),
      kept: before.length > 50 && before.every((subject) => after.includes(subject)),
    }));`;
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...environment, SSL_CERT_FILE: file, SSL_CERT_DIR: temporaryHome() },
  });
  expect([run.stderr, JSON.parse(run.stdout)]).toEqual(['', { before: false, after: true, kept: true }]);
});
