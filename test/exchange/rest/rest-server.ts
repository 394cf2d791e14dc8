import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../src/clock.ts';
import { istDateOf } from '../../../src/market/ist.ts';
import type { FaultBook } from '../faults.ts';
import type { LoginFlow } from '../login/login-flow.ts';
import { STYLE_PATH } from '../login/login-pages.ts';
import type { MarketModel } from '../market/market-model.ts';
import type { ExchangeApp, ExchangeSession, Sessions } from '../sessions.ts';
import { history } from './history.ts';
import { InstrumentDumps } from './instruments-csv.ts';
import { type QuoteSort, quotes } from './quotes.ts';
import { type RateClass, RateLimits } from './rate-limits.ts';
import { type Answer, failure, failureOf, htmlFailure, invalidInput, readBody, tooManyRequests } from './responses.ts';
import { createSession, endSession, profile } from './session-routes.ts';

export interface RestServerParts {
  readonly clock: Clock;
  readonly app: ExchangeApp;
  readonly model: MarketModel;
  readonly sessions: Sessions;
  readonly faults: FaultBook;
  readonly login: LoginFlow;
}

/** One call, taken apart. */
interface Call {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  /** Segments of the path that the route leaves open. */
  readonly parameters: readonly string[];
}

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly pattern: RegExp;
  /** Its name in the statistics. */
  readonly name: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export interface RoutedAnswer {
  readonly route: string;
  readonly answer: Answer | Promise<Answer>;
}

/** Kite's REST calls and its login pages. */
export class RestServer {
  private readonly parts: RestServerParts;
  private readonly rates: RateLimits;
  private readonly dumps: InstrumentDumps;
  private readonly routes: readonly Route[];

  constructor(parts: RestServerParts) {
    this.parts = parts;
    this.rates = new RateLimits(parts.clock);
    this.dumps = new InstrumentDumps(parts.model);
    this.routes = [...this.loginRoutes(), ...this.sessionRoutes(), ...this.marketRoutes()];
  }

  /** Answers one request. */
  answer(request: IncomingMessage, url: URL): RoutedAnswer {
    const matching = this.routes.filter(({ pattern }) => pattern.test(url.pathname));
    const route = matching.find(({ method }) => method === request.method);
    if (route === undefined) {
      const answer =
        matching.length > 0
          ? failure(405, 'GeneralException', 'Method not allowed')
          : failure(404, 'GeneralException', 'Route not found');
      return { route: `${request.method} (unknown)`, answer };
    }
    const parameters = route.pattern.exec(url.pathname)?.slice(1).map(decodeURIComponent) ?? [];
    const call = { request, query: url.searchParams, parameters };
    return { route: route.name, answer: this.refusal(route) ?? route.handle(call) };
  }

  private loginRoutes(): Route[] {
    const { login } = this.parts;
    return [
      route('GET', '/connect/login', ({ query }) => login.start(query)),
      route(
        'POST',
        '/connect/login',
        withForm((form) => login.submit(form)),
      ),
      route('GET', STYLE_PATH, () => login.style()),
    ];
  }

  private sessionRoutes(): Route[] {
    const { app, sessions } = this.parts;
    return [
      route(
        'POST',
        '/session/token',
        withForm((form) => createSession(app, sessions, form)),
      ),
      route('DELETE', '/session/token', ({ query }) => endSession(app, sessions, query)),
      route(
        'GET',
        '/user/profile',
        this.signed('other', (_call, session) => profile(session)),
      ),
    ];
  }

  private marketRoutes(): Route[] {
    const { model, clock } = this.parts;
    const quote = (sort: QuoteSort) =>
      this.signed('quote', ({ query }) => quotes(model, clock.now(), sort, query.getAll('i')));
    return [
      route('GET', '/quote', quote('full')),
      route('GET', '/quote/ohlc', quote('ohlc')),
      route('GET', '/quote/ltp', quote('ltp')),
      route('GET', '/instruments', (call) => this.dump(call, null)),
      route('GET', '/instruments/:exchange', (call) => this.dump(call, call.parameters[0] ?? '')),
      route(
        'GET',
        '/instruments/historical/:token/:interval',
        this.signed('historical', ({ parameters: [token = '', interval = ''], query }) =>
          history(model, clock.now(), token, interval, query, this.listedUpTo()),
        ),
      ),
    ];
  }

  /** Minutes that end later than this are not in the history yet, ms since the epoch. */
  private listedUpTo(): number {
    const { clock, faults } = this.parts;
    const late = faults.active('lateRows');
    if (late === null) return Number.POSITIVE_INFINITY;
    return late.byMs === undefined ? (faults.since('lateRows') ?? 0) : clock.now() - late.byMs;
  }

  /** A scripted refusal of this call; the login pages are another site and go on. */
  private refusal({ name }: Route): Answer | null {
    if (name.includes('/connect/')) return null;
    const fault = this.parts.faults.use('refuse', ({ where }) => where !== 'socket');
    if (fault === null) return null;
    return fault.html === true ? htmlFailure(fault.status) : failureOf(fault.status);
  }

  /** A call that needs a live session and counts against a rate. */
  private signed(rateClass: RateClass, handle: (call: Call, session: ExchangeSession) => Answer): Route['handle'] {
    return (call) => {
      const header = call.request.headers.authorization ?? '';
      const [, apiKey, accessToken] = /^token ([^:\s]+):([^:\s]+)$/.exec(header) ?? [];
      if (apiKey === undefined || accessToken === undefined) {
        return invalidInput('Invalid `api_key` or `access_token`.');
      }
      const { app, sessions, faults } = this.parts;
      const session = apiKey === app.apiKey ? sessions.find(accessToken) : null;
      if (session === null) return failureOf(403);
      if (!this.rates.admit(apiKey, rateClass)) return tooManyRequests();
      if (rateClass !== 'other' && faults.active('wrongPlan') !== null) {
        return failure(403, 'PermissionException', 'Insufficient permission for that call.');
      }
      return handle(call, session);
    };
  }

  /** The instrument list needs no session, as Kite's does not. */
  private dump({ request }: Call, exchange: string | null): Answer {
    if (!this.rates.admit('anyone', 'other')) return tooManyRequests();
    const dump = this.dumps.get(istDateOf(this.parts.clock.now()), exchange);
    if (dump === null) return failure(404, 'GeneralException', 'Exchange not found');
    const headers = { 'content-type': 'text/csv' };
    const spoiled = this.spoiled(dump.plain, exchange);
    if (spoiled !== null) return { status: 200, headers, body: spoiled };
    return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
      ? { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: dump.gzipped }
      : { status: 200, headers, body: dump.plain };
  }

  /** The list as a fault has it: ended in mid-line, or with another symbol; null without a fault. */
  private spoiled(plain: Buffer, exchange: string | null): Buffer | null {
    const { faults } = this.parts;
    const partial = faults.active(
      'lists',
      (fault) => fault.how === 'partial' && (fault.exchange ?? exchange) === exchange,
    );
    if (partial !== null) return plain.subarray(0, Math.floor(plain.length / 2));
    const renamed = faults.active('renamed');
    if (renamed === null) return null;
    return Buffer.from(plain.toString('utf8').replaceAll(`,${renamed.tradingSymbol},`, `,${renamed.to},`));
  }
}

/** `path` may leave segments open: `/instruments/:exchange`. */
function route(method: Route['method'], path: string, handle: Route['handle']): Route {
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '([^/]+)')}$`);
  return { method, pattern, name: `${method} ${path}`, handle };
}

function withForm(handle: (form: URLSearchParams) => Answer): Route['handle'] {
  return async ({ request }) => {
    const body = await readBody(request);
    return body === null ? failure(400, 'InputException', 'Request too large') : handle(new URLSearchParams(body));
  };
}
