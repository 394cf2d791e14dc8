/**
 * The official client as far as it is sound: it knows the routes, signs, encodes and sends. What it makes of the answers
 * is not used. It would lose the HTTP status, call an HTML page a success, read IST times in the PC's zone, drop an open
 * interest of 0, hand out CSV as one string or with a garbage row, and reject with plain objects. So each call
 * takes the raw answer from underneath it, through two documented options of axios, and reads that itself.
 */
import { Agent } from 'node:https';
import type { Connect } from 'kiteconnect';
import type { KiteEndpoints } from './endpoints.ts';
import { KiteError } from './errors.ts';
import type { ServerTimeSink } from './exchange-time.ts';
import { NotedTransport } from './noted-transport.ts';
import { noAnswerError } from './rest-errors.ts';

/** An HTTP answer as it came, whatever its status. */
export interface RestAnswer {
  readonly status: number;
  /** Lower case, empty when the server named none. */
  readonly contentType: string;
  readonly body: string;
  /** Of the call it answers. */
  readonly mostKeys: number;
}

/** An answer, and the time it names. */
export interface DatedAnswer extends RestAnswer {
  /** Passes its `Date` on: for answers that have turned out to be Kite's own. */
  readonly tellTime: () => void;
}

export interface RestCall {
  readonly apiKey: string;
  readonly accessToken: string | null;
  /** Real ms without progress, and 3 times that in all. */
  readonly timeoutMs: number;
  /** A longer answer is not one to what is asked; it is given up while it comes. */
  readonly maxBytes: number;
  /** JSON with more keys is none either. */
  readonly mostKeys: number;
  /** One call of the official client's methods. */
  readonly send: (client: Connect) => Promise<unknown>;
}

/** An answer that trickles in resets the client's own time-out with every byte. */
const DEADLINE_FACTOR = 3;

/** The options of axios this module sets, as a request interceptor sees them. */
interface RequestOptions {
  timeout: number;
  maxRedirects: number;
  maxContentLength: number;
  proxy: false;
  httpsAgent: Agent;
  transport: NotedTransport;
  signal: AbortSignal;
  validateStatus: (status: number) => boolean;
  transformResponse: (body: unknown, headers: Record<string, unknown>, status: number) => unknown;
}

interface Interceptors {
  readonly request: { use(change: (options: RequestOptions) => RequestOptions): unknown };
}

/**
 * Makes calls to `endpoints.apiRoot`; a call rejects with `KiteError` only when there was no answer. A call is made twice in
 * one case only: it asks for something, and went out on a kept connection that turned out to be closed.
 */
export function restTransport(
  endpoints: KiteEndpoints,
  serverTime: ServerTimeSink | null = null,
): (call: RestCall) => Promise<DatedAnswer> {
  const httpsAgent = new Agent({ keepAlive: true, rejectUnauthorized: true });
  const sendOnce = async (
    { apiKey, accessToken, timeoutMs, maxBytes, mostKeys, send }: RestCall,
    transport: NotedTransport,
  ) => {
    // Loading the package takes about 0.1 s: not while the app starts.
    const { KiteConnect } = await import('kiteconnect');
    // A client a call: nothing of one call or one token can reach another. `debug` would print the Authorization header.
    const client = new KiteConnect({
      api_key: apiKey,
      root: endpoints.apiRoot,
      timeout: timeoutMs,
      debug: false,
      ...(accessToken === null ? {} : { access_token: accessToken }),
    });
    let answer: DatedAnswer | null = null;
    const sentAtMs = serverTime?.sent() ?? 0;
    interceptorsOf(client).request.use((options) => ({
      ...options,
      httpsAgent,
      transport,
      signal: AbortSignal.timeout(timeoutMs * DEADLINE_FACTOR),
      // The token goes to this host and no other, and not through a proxy named by the environment: axios would send
      // an https request to it in the clear.
      maxRedirects: 0,
      proxy: false,
      maxContentLength: maxBytes,
      validateStatus: () => true,
      transformResponse: (body, headers, status) => {
        // Also called, without a body, when the connection breaks off after the head.
        const contentType = String(headers['content-type'] ?? '').toLowerCase();
        if (typeof body === 'string')
          answer = { status, contentType, body, mostKeys, tellTime: () => tellTime(sentAtMs, headers) };
        return '';
      },
    }));
    const outcome = await settled(send(client));
    return { answer: answer as DatedAnswer | null, outcome };
  };
  const tellTime = (sentAtMs: number, { age, date }: Record<string, unknown>): void => {
    // A copy that somebody has kept tells when it was made.
    if (age === undefined) serverTime?.answered(sentAtMs, date === undefined ? undefined : String(date));
  };
  return async (call) => {
    const transport = new NotedTransport(call.timeoutMs);
    let { answer, outcome } = await sendOnce(call, transport);
    if (answer === null && transport.metClosedConnection)
      ({ answer, outcome } = await sendOnce(call, new NotedTransport(call.timeoutMs, 'fresh')));
    if (answer === null) throw noAnswerError(outcome);
    return answer;
  };
}

/** What the client resolved or rejected with. It says nothing an answer does not, but names a network failure. */
async function settled(sending: Promise<unknown>): Promise<unknown> {
  try {
    return await sending;
  } catch (reason) {
    return reason;
  }
}

/** The client's axios instance is public in the script and missing in its typings; a version without it cannot be used. */
function interceptorsOf(client: Connect): Interceptors {
  const { requestInstance } = client as unknown as { requestInstance?: { interceptors?: Interceptors } };
  if (typeof requestInstance?.interceptors?.request?.use !== 'function') {
    throw new KiteError('bad-response', 'This version of the kiteconnect package does not let its answers be read.');
  }
  return requestInstance.interceptors;
}
