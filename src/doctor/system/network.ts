import { X509Certificate } from 'node:crypto';
import { get as httpGet, type IncomingMessage, type RequestOptions } from 'node:http';
import { get as httpsGet } from 'node:https';
import { isIP, connect as tcpConnect } from 'node:net';
import { type DetailedPeerCertificate, rootCertificates, connect as tlsConnect } from 'node:tls';
import type { Clock } from '../../clock.ts';
import type { AnswerFacts, CertificateFacts, ConnectFacts, Target } from '../probes.ts';

/** Enough to tell an envelope from a web page. */
const BODY_CHARACTERS = 300;

/** Connects and hangs up. Rejects with the system's error, or when aborted. */
export async function openConnection({ host, port }: Target, clock: Clock, signal: AbortSignal): Promise<ConnectFacts> {
  const startedMs = clock.monotonic();
  const { promise, resolve, reject } = Promise.withResolvers<ConnectFacts>();
  const socket = tcpConnect({ host, port, signal });
  socket.once('error', reject);
  socket.once('connect', () => {
    resolve({ address: socket.remoteAddress ?? host, elapsedMs: clock.monotonic() - startedMs });
    socket.destroy();
  });
  return await promise;
}

/**
 * Makes a TLS connection as the app's own, but goes on with a certificate that is not trusted, in order to read who made
 * it. Nothing is sent over it.
 */
export async function readCertificate({ host, port }: Target, signal: AbortSignal): Promise<CertificateFacts> {
  const { promise, resolve, reject } = Promise.withResolvers<CertificateFacts>();
  const socket = tlsConnect({ host, port, servername: isIP(host) === 0 ? host : '', rejectUnauthorized: false });
  const abort = (): void => void socket.destroy(new DOMException('given up', 'AbortError'));
  signal.addEventListener('abort', abort, { once: true });
  socket.once('error', reject);
  socket.once('secureConnect', () => {
    // With a refusal `authorizationError` holds its code; the typings say `Error`.
    const refusal: unknown = socket.authorized ? null : socket.authorizationError;
    resolve(certificateFacts(socket.getPeerCertificate(true), refusal));
    socket.destroy();
  });
  return await promise.finally(() => signal.removeEventListener('abort', abort));
}

function certificateFacts(certificate: DetailedPeerCertificate, refusal: unknown): CertificateFacts {
  const { issuer } = certificate;
  return {
    isTrusted: refusal === null,
    errorCode: refusal === null ? null : refusalCode(refusal),
    issuer: firstText(issuer?.O) ?? firstText(issuer?.CN),
    hasPublicRoot: hasPublicRoot(certificate),
    validFromMs: Date.parse(certificate.valid_from),
    validToMs: Date.parse(certificate.valid_to),
  };
}

function refusalCode(refusal: unknown): string {
  if (typeof refusal === 'string') return refusal;
  return refusal instanceof Error && 'code' in refusal ? String(refusal.code) : 'not trusted';
}

/** A name may have several organisations. */
function firstText(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** Null when the server's chain does not go up to a root that can be seen. */
function hasPublicRoot(certificate: DetailedPeerCertificate): boolean | null {
  let top = certificate;
  while (top.issuerCertificate !== undefined && top.issuerCertificate.fingerprint256 !== top.fingerprint256) {
    top = top.issuerCertificate;
  }
  const isRoot = top.issuerCertificate?.fingerprint256 === top.fingerprint256;
  return isRoot ? publicRoots().has(top.fingerprint256) : null;
}

let fingerprints: ReadonlySet<string> | null = null;

/** Fingerprints of the authorities Node comes with (Mozilla's list). */
function publicRoots(): ReadonlySet<string> {
  fingerprints ??= new Set(rootCertificates.map((pem) => new X509Certificate(pem).fingerprint256));
  return fingerprints;
}

/** A GET without credentials and redirects. Rejects when there is no answer, or when aborted. */
export async function askWithoutLogin(url: string, clock: Clock, signal: AbortSignal): Promise<AnswerFacts> {
  const startedMs = clock.monotonic();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options: RequestOptions = {
    agent: false,
    signal,
    headers: { 'X-Kite-Version': '3', accept: 'application/json' },
  };
  const request = url.startsWith('https:') ? httpsGet(url, options, resolve) : httpGet(url, options, resolve);
  request.once('error', reject);
  const response = await promise;
  const elapsedMs = clock.monotonic() - startedMs;
  const { date } = response.headers;
  const serverTimeMs = date === undefined ? Number.NaN : Date.parse(date);
  return {
    status: response.statusCode ?? 0,
    contentType: (response.headers['content-type'] ?? '').toLowerCase(),
    body: await startOf(response),
    serverTimeMs: Number.isNaN(serverTimeMs) ? null : serverTimeMs,
    elapsedMs,
  };
}

/** The first characters of the body; an answer that breaks off after them has still answered. */
async function startOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const part of response as AsyncIterable<string>) {
    text += part;
    if (text.length >= BODY_CHARACTERS) break;
  }
  return text.slice(0, BODY_CHARACTERS);
}
