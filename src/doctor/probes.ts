/** What the doctor asks of the machine and the network. Each call rejects with an error that has a `code`. */
export interface DoctorProbes {
  /** Operating system, architecture and Node's version, for the report. */
  readonly platform: string;
  /** Addresses of a host, as every connection of the app would get them. */
  resolve(host: string): Promise<readonly string[]>;
  /** Opens and closes a TCP connection. */
  connect(target: Target, signal: AbortSignal): Promise<ConnectFacts>;
  /** Makes a TLS connection, trusted or not, and reads the certificate; nothing is sent over it. */
  secure(target: Target, signal: AbortSignal): Promise<CertificateFacts>;
  /** A GET without credentials and without following redirects; any status is an answer. */
  ask(url: string, signal: AbortSignal): Promise<AnswerFacts>;
  /** The proxies this PC is set up with. */
  proxies(signal: AbortSignal): Promise<readonly ProxySetting[]>;
  /** Looks at the home folder, and writes to it. */
  disk(): Promise<DiskFacts>;
  /** Watches how late this process gets round to things, for a short while. */
  eventLoopDelay(signal: AbortSignal): Promise<EventLoopFacts>;
}

/** One end of the network that the app connects to. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

export interface ConnectFacts {
  readonly address: string;
  /** Real ms to the established connection, name look-up included. */
  readonly elapsedMs: number;
}

export interface CertificateFacts {
  /** Whether the app would go on with it. */
  readonly isTrusted: boolean;
  /** OpenSSL's code of the refusal (`SELF_SIGNED_CERT_IN_CHAIN`…); null when trusted. */
  readonly errorCode: string | null;
  /** Who issued it: organisation, else common name; null when it does not say. */
  readonly issuer: string | null;
  /** Whether the chain ends in one of the public authorities Node comes with; null when that cannot be told. */
  readonly hasPublicRoot: boolean | null;
  /** Ms since the epoch. */
  readonly validFromMs: number;
  readonly validToMs: number;
}

export interface AnswerFacts {
  readonly status: number;
  /** Lower case, empty when the server named none. */
  readonly contentType: string;
  /** Its first characters. */
  readonly body: string;
  /** The server's clock to the second, ms since the epoch; null when it sent none. */
  readonly serverTimeMs: number | null;
  /** Real ms from sending to the head of the answer. */
  readonly elapsedMs: number;
}

export interface ProxySetting {
  readonly from: 'environment' | 'system';
  /** `HTTPS_PROXY`, `automatic configuration`… */
  readonly name: string;
  /** Address without user and password. */
  readonly value: string;
}

export interface DiskFacts {
  readonly freeBytes: number;
  /** The system's code when a file could not be written (`ENOSPC`, `EACCES`…); null when it could. */
  readonly writeError: string | null;
}

/** Real ms beyond the due time. */
export interface EventLoopFacts {
  readonly p99Ms: number;
  readonly maxMs: number;
}
