import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https, { type RequestOptions } from 'node:https';

/** How the operating system says that the other side has closed the connection. */
const CLOSED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** Node's HTTP client as axios uses it (its documented option `transport`), which keeps how one request fared. */
export class NotedTransport {
  private readonly timeoutMs: number;
  private readonly connection: 'any' | 'fresh';
  private sent: ClientRequest | null = null;
  private hasAnswer = false;
  private errorCode: string | null = null;

  /** `timeoutMs`: real ms without progress, connecting included. `fresh`: not on a connection that was kept open. */
  constructor(timeoutMs: number, connection: 'any' | 'fresh' = 'any') {
    this.timeoutMs = timeoutMs;
    this.connection = connection;
  }

  readonly request = (options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest => {
    const { request } = options.protocol === 'https:' ? https : http;
    const own = { timeout: this.timeoutMs, ...(this.connection === 'fresh' ? { agent: false as const } : {}) };
    const sent = request({ ...options, ...own }, onResponse);
    sent.once('response', () => {
      this.hasAnswer = true;
    });
    sent.once('error', ({ code }: NodeJS.ErrnoException) => {
      this.errorCode = code ?? null;
    });
    this.sent = sent;
    return sent;
  };

  /**
   * A kept connection was closed before any byte of an answer. A server closes idle connections, also at the very moment
   * one is used, and after a sleep of this PC there are none left; of the server's health that says nothing. Only what
   * changes nothing there may then be sent again (RFC 9110, 9.2.2).
   */
  get metClosedConnection(): boolean {
    const isClosed = this.errorCode !== null && CLOSED.has(this.errorCode);
    return isClosed && !this.hasAnswer && this.sent?.reusedSocket === true && this.sent.method === 'GET';
  }
}
