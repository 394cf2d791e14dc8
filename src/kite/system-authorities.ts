import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/**
 * Trusts the certificate authorities of this PC besides those Node comes with: a company's proxy or an antivirus has its own
 * there, and without it nothing connects. The doctor goes on telling whose certificate it is. Called once, at the start.
 */
export function trustSystemAuthorities(): void {
  try {
    setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])]);
  } catch {
    // A store that cannot be read adds nothing.
  }
}
