import { formatIst } from '../../market/ist.ts';
import { broken, type Check, codeOf, doubtful, type Finding, failedBefore, fine, fixes, skipped } from '../check.ts';
import type { CertificateFacts, DoctorProbes, Target } from '../probes.ts';

/** What the handshake with one target came to. */
export type Handshake =
  | { readonly host: string; readonly certificate: CertificateFacts }
  | { readonly host: string; readonly errorCode: string };

const LIMIT_MS = 6_000;
const DAY_MS = 86_400_000;
/** Public certificates live for weeks now; one this close to its end is not being renewed. */
const EXPIRY_WARNING_MS = 3 * DAY_MS;

/** OpenSSL's ways of saying that the chain does not end in an authority this PC trusts. */
const UNTRUSTED_CHAIN: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

export function tlsCheck(
  probes: Pick<DoctorProbes, 'secure'>,
  targets: readonly Target[],
  /** Ms since the epoch, by the clock certificates are judged with. */
  now: () => number,
): Check {
  const secure = targets.filter(({ isSecure }) => isSecure);
  return {
    id: 'tls',
    title: 'Encryption (TLS)',
    limitMs: LIMIT_MS,
    lateFinding: broken(
      'The connection opens, but no encrypted one comes about: something on the way holds it up.',
      'no handshake in time',
      fixes.retry,
    ),
    examine: async ({ signal, earlier }) => {
      if (secure.length === 0) return skipped('This exchange is spoken to without encryption, on this PC.');
      if (failedBefore(earlier, 'dns', 'tcp') !== null) return skipped('There is no connection to encrypt.');
      const handshakes = await Promise.all(secure.map((target) => shakeHands(probes, target, signal)));
      return worstOf(handshakes.map((handshake) => readHandshake(handshake, now())));
    },
  };
}

async function shakeHands(
  probes: Pick<DoctorProbes, 'secure'>,
  target: Target,
  signal: AbortSignal,
): Promise<Handshake> {
  try {
    return { host: target.host, certificate: await probes.secure(target, signal) };
  } catch (error) {
    return { host: target.host, errorCode: codeOf(error) };
  }
}

/** The verdict on one host's certificate at `nowMs`. */
export function readHandshake(handshake: Handshake, nowMs: number): Finding {
  const { host } = handshake;
  if ('errorCode' in handshake) {
    return broken(
      `The encrypted connection to ${host} breaks off: a filter or security program on the way does that.`,
      `${host}: ${handshake.errorCode}`,
      fixes.retry,
    );
  }
  const { isTrusted, errorCode, issuer, hasPublicRoot, validFromMs, validToMs } = handshake.certificate;
  const by = issuer ?? 'an issuer without a name';
  const evidence = `${host}: issued by ${by}, until ${formatIst(validToMs).slice(0, 10)}${errorCode === null ? '' : `, ${errorCode}`}`;
  if (nowMs < validFromMs || nowMs > validToMs) {
    return broken(
      `By this PC's clock (${formatIst(nowMs).slice(0, 10)}) the certificate of ${host} is ${nowMs < validFromMs ? 'not valid yet' : 'out of date'}: set the PC's date and time.`,
      evidence,
    );
  }
  if (!isTrusted) return broken(distrustWords(host, by, errorCode), evidence);
  if (hasPublicRoot === false) {
    return doubtful(
      `The connection to ${host} is opened and read on the way: its certificate comes from ${by}, not from a public authority. An antivirus or company proxy does this, and may hold prices up.`,
      evidence,
    );
  }
  if (validToMs - nowMs < EXPIRY_WARNING_MS) {
    return doubtful(`The certificate of ${host} ends within three days.`, evidence);
  }
  return fine('The connection is encrypted from end to end.', evidence);
}

function distrustWords(host: string, by: string, errorCode: string | null): string {
  if (errorCode !== null && UNTRUSTED_CHAIN.has(errorCode)) {
    return `Something between this PC and ${host} opens encrypted connections: the certificate is not Kite's but was made by ${by}. Let the antivirus or company proxy leave ${host} alone.`;
  }
  if (errorCode === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `Another server answers in the place of ${host}; its certificate is for a different name.`;
  }
  return `The certificate of ${host} is not accepted.`;
}

/** One finding for all hosts: the worst, with everybody's evidence. */
function worstOf(findings: readonly Finding[]): Finding {
  const order = ['failed', 'warning', 'ok', 'skipped'] as const;
  const worst = findings.toSorted((a, b) => order.indexOf(a.result) - order.indexOf(b.result))[0];
  if (worst === undefined) return skipped('There was nothing to look at.');
  return { ...worst, evidence: findings.map(({ evidence }) => evidence).join('; ') };
}
