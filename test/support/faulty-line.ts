import type { Clock } from '../../src/clock.ts';
import type { CertificateFacts, DoctorProbes } from '../../src/doctor/probes.ts';
import { KiteError } from '../../src/kite/errors.ts';
import type { KiteRest } from '../../src/kite/session.ts';
import type { SocketEnd, TickerConnector, TickerSocket } from '../../src/kite/ticker-events.ts';

/** What goes wrong between a PC and Kite that loopback cannot have: each with the code Node gives for it. */
export const lineFaults = {
  'unknown name': { code: 'ENOTFOUND', shows: 'look-up' },
  'name server down': { code: 'EAI_AGAIN', shows: 'look-up' },
  'no way out': { code: 'ENETUNREACH', shows: 'connection' },
  'turned away': { code: 'ECONNREFUSED', shows: 'connection' },
  'swallowed on the way': { code: 'ETIMEDOUT', shows: 'connection' },
  'another certificate': { code: 'SELF_SIGNED_CERT_IN_CHAIN', shows: 'certificate' },
  'certificate out of date': { code: 'CERT_HAS_EXPIRED', shows: 'certificate' },
  'handshake cut': { code: 'EPROTO', shows: 'handshake' },
} as const satisfies Record<string, { readonly code: string; readonly shows: string }>;
export type LineFaultName = keyof typeof lineFaults;

/** As long as the REST client waits. */
const CALL_LIMIT_MS = 7_000;
const DAY_MS = 86_400_000;
let generation = 0;

/** The way to the exchange for the desk's calls, its sockets and its doctor's probes alike: open, or with one fault. */
export class FaultyLine {
  /** In force until it is set to null. Sockets that are open stay so: a cut is the exchange's to make. */
  fault: LineFaultName | null = null;

  /** Calls that stay unanswered are given up by `clock`: the client's own patience is in real time. */
  rest(rest: KiteRest, clock: Clock): KiteRest {
    const guarded =
      <Args extends readonly unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
      async (...args: Args): Promise<Value> => {
        const { code } = this;
        if (code !== null) throw new KiteError('network', `Kite cannot be reached (${code}).`, { networkCode: code });
        return await answeredIn(CALL_LIMIT_MS, clock, call(...args));
      };
    return {
      createSession: guarded(rest.createSession.bind(rest)),
      endSession: guarded(rest.endSession.bind(rest)),
      profile: guarded(rest.profile.bind(rest)),
      quotes: guarded(rest.quotes.bind(rest)),
      instruments: guarded(rest.instruments.bind(rest)),
      candles: guarded(rest.candles.bind(rest)),
    };
  }

  connector(connector: TickerConnector): TickerConnector {
    return {
      ignored: connector.ignored,
      connect: (session, listener) => {
        const { code } = this;
        if (code === null) return connector.connect(session, listener);
        return failingSocket({ how: 'failed', networkCode: code, message: code }, (end) => listener.end(end));
      },
    };
  }

  /** `now`: by the clock that certificates are judged with, ms since the epoch. */
  probes(probes: DoctorProbes, now: () => number): DoctorProbes {
    const unless =
      <Args extends readonly unknown[], Value>(shows: readonly string[], probe: (...args: Args) => Promise<Value>) =>
      async (...args: Args): Promise<Value> => {
        const { fault } = this;
        if (fault === null || !shows.includes(lineFaults[fault].shows)) return await probe(...args);
        throw Object.assign(new Error(fault), { code: lineFaults[fault].code });
      };
    return {
      ...probes,
      resolve: unless(['look-up'], probes.resolve),
      connect: unless(['look-up', 'connection'], probes.connect),
      secure: unless(['look-up', 'connection', 'handshake'], async (target, signal) => {
        const certificate = await probes.secure(target, signal);
        return this.isCertificateFault ? this.badCertificate(certificate, now()) : certificate;
      }),
      ask: unless(['look-up', 'connection', 'handshake', 'certificate'], probes.ask),
    };
  }

  private get code(): string | null {
    return this.fault === null ? null : lineFaults[this.fault].code;
  }

  private get isCertificateFault(): boolean {
    return this.fault !== null && lineFaults[this.fault].shows === 'certificate';
  }

  private badCertificate(certificate: CertificateFacts, nowMs: number): CertificateFacts {
    const bad = { ...certificate, isTrusted: false, errorCode: this.code };
    return this.fault === 'certificate out of date'
      ? { ...bad, validToMs: nowMs - 10 * DAY_MS }
      : { ...bad, issuer: 'ExampleGuard', hasPublicRoot: false };
  }
}

async function answeredIn<Value>(limitMs: number, clock: Clock, call: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  using _limit = clock.setTimeout(() => late.reject(new KiteError('timeout', 'Kite did not answer in time.')), limitMs);
  return await Promise.race([call, late.promise]);
}

/** A socket that fails as soon as it is tried. */
function failingSocket(end: SocketEnd, ended: (end: SocketEnd) => void): TickerSocket {
  let isOver = false;
  const finish = (how: SocketEnd): void => {
    if (isOver) return;
    isOver = true;
    ended(how);
  };
  queueMicrotask(() => finish(end));
  return {
    generation: ++generation,
    isOpen: false,
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    setMode: () => undefined,
    terminate: (why) => finish({ how: 'terminated', why }),
    [Symbol.dispose]: () => finish({ how: 'terminated', why: 'disposed' }),
  };
}
