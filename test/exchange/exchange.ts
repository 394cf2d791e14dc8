import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/clock.ts';
import type { MarketCalendar } from '../../src/market/calendar.ts';
import { answerControl, CONTROL_PREFIX, type ExchangeControl, exchangeControl, type SteerableTime } from './control.ts';
import { FaultBook, type FaultOf } from './faults.ts';
import { LoginFlow } from './login/login-flow.ts';
import { MarketModel } from './market/market-model.ts';
import { noRecordings, recordingsIn } from './market/recorded-bars.ts';
import { type Answer, failure, send, trickle } from './rest/responses.ts';
import { RestServer } from './rest/rest-server.ts';
import { type ExchangeApp, type ExchangeUser, Sessions } from './sessions.ts';
import { type ExchangeStats, StatsCounter } from './stats.ts';
import { TickerServer } from './ticker/ticker-server.ts';

export interface ExchangeOptions {
  /** Market time; the exchange has no other. */
  readonly clock: Clock;
  readonly calendar: MarketCalendar;
  /** Everything random follows from it: 1 unless given. */
  readonly seed?: number;
  /** TCP port on 127.0.0.1; 0 (the default) for any free one. */
  readonly port?: number;
  /** Directory with recorded sessions (`spot_1min/…`); null for none. */
  readonly dataDir: string | null;
  readonly app?: ExchangeApp;
  readonly users?: readonly ExchangeUser[];
  /** Options listed, about: 360 unless given. */
  readonly optionCount?: number;
  /** Whether candles built from the ticks are Kite's exactly, as real ones are not: false unless given. */
  readonly exactTicks?: boolean;
  /** Share of the minutes without a trade, by key such as `BFO:SENSEX26NOVFUT`, where it is another than usual; 1: never traded. */
  readonly idleMinutes?: Readonly<Record<string, number>>;
  /** Whether a new session ends the one before, as it does at Kite: true unless given. */
  readonly oneSessionAtATime?: boolean;
  /** When yesterday's tokens die, IST `HH:MM`: 06:00 unless given. */
  readonly flushTime?: string;
  /** Lets others have `clock` follow another course; absent: nobody may. */
  readonly steer?: SteerableTime;
}

/** A running exchange; disposing closes its port and every socket. */
export interface Exchange extends AsyncDisposable {
  readonly port: number;
  /** Roots for `KiteEndpoints`. */
  readonly apiRoot: string;
  readonly loginRoot: string;
  readonly tickerRoot: string;
  /** Where logins redirect to from now on. */
  redirectUrl: string;
  readonly control: ExchangeControl;
  readonly stats: ExchangeStats;
  /** An access token without a login, minted at any instant (ms since the epoch): yesterday's is dead today. */
  issueToken(request: { readonly userId: string; readonly mintedAtMs: number }): string;
  /** Every request and access token so far, oldest first; for tests that look for them where they must not be. */
  issuedTokens(): readonly string[];
  /** Instruments on each open socket, in the order they were opened. */
  subscriptions(): readonly number[];
  /** HTTP requests not yet answered; for tests that wait for the loopback to fall silent. */
  busy(): number;
  /** Requests and upgrades that a fault leaves without an answer for good. */
  hanging(): number;
}

/** The simulated app, unless another is given. */
export const demoApp: ExchangeApp = {
  apiKey: 'simulatedkey0001',
  apiSecret: 'simulatedsecret0000000000000001',
  redirectUrl: 'http://127.0.0.1:8765/kite/callback',
};

/** The simulated user, unless others are given. */
export const demoUser: ExchangeUser = {
  userId: 'DEMO01',
  password: 'demo',
  totpSecret: 'JBSWY3DPEHPK3PXP',
  name: 'Demo Trader',
};

/** A simulated user who may not use the app. */
export const strangerUser: ExchangeUser = {
  userId: 'OTHER1',
  password: 'other',
  totpSecret: 'KRSXG5CTMVRXEZLU',
  name: 'Another Trader',
  enabled: false,
};

/** A user id nobody has. */
export class UnknownUserError extends Error {
  readonly code = 'unknown-user';
}

const HOST = '127.0.0.1';

/** Starts a Kite-compatible exchange on loopback. Rejects with the system's error when the port is taken. */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const { clock, calendar, seed = 1, dataDir, users = [demoUser, strangerUser] } = options;
  const app = options.app ?? demoApp;
  let { redirectUrl } = app;
  const recordings = dataDir === null ? noRecordings : recordingsIn(dataDir);
  const { optionCount = 360, exactTicks = false, idleMinutes = {} } = options;
  const model = new MarketModel({ calendar, seed, recordings, optionCount, exactTicks, idleMinutes });
  const stats = new StatsCounter();
  const hung = new Set<IncomingMessage['socket']>();
  const oneAtATime = options.oneSessionAtATime ?? true;
  const sessions = new Sessions({
    clock,
    app,
    seed,
    oneAtATime,
    ...(options.flushTime === undefined ? {} : { flushTime: options.flushTime }),
    ended: (session) => ticker.sessionEnded(session),
  });
  const faults = new FaultBook(clock, (fault) => {
    if (fault.kind === 'drop') ticker.drop(fault.code, fault.socket);
    else sessions.endAll();
  });
  const login = new LoginFlow({ clock, apiKey: app.apiKey, users, sessions, redirectUrl: () => redirectUrl, seed });
  const rest = new RestServer({ clock, app, model, sessions, faults, login });
  const ticker = new TickerServer({ clock, apiKey: app.apiKey, model, sessions, faults, stats });
  const control = exchangeControl(clock, faults, stats, options.steer ?? null);

  const server = createServer((request, response) => void answer(request, response));
  // Node closes idle connections in real time, which is no time of this exchange's: they stay open.
  server.keepAliveTimeout = 0;
  server.on('upgrade', (request, socket, head) => ticker.upgrade(request, socket, head));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '/', 'http://exchange');
    const isControl = url?.pathname.startsWith(CONTROL_PREFIX) === true;
    const refused = isControl ? null : faults.active('refuseConnections');
    if (refused !== null) {
      if (refused.how === 'reset') request.socket.resetAndDestroy();
      else hang(request);
      return;
    }
    const list = isControl ? null : listFault(url?.pathname ?? '');
    if (list !== null && list.how !== 'partial') {
      hang(request);
      if (list.how === 'trickle') trickle(response, await answerOf(request, url, false), clock.now(), clock);
      return;
    }
    stats.inHand++;
    response.on('close', () => {
      stats.inHand--;
    });
    const made = await answerOf(request, url, isControl);
    const dateMs = clock.now() + (isControl ? 0 : (faults.active('dateSkew')?.byMs ?? 0));
    send(response, made, dateMs);
  }

  function listFault(pathname: string): FaultOf<'lists'> | null {
    const path = /^\/instruments(?:\/([A-Z]+))?$/.exec(pathname);
    return path === null
      ? null
      : faults.active('lists', ({ exchange }) => exchange === undefined || exchange === path[1]);
  }

  function hang({ socket }: IncomingMessage): void {
    hung.add(socket);
    socket.on('close', () => hung.delete(socket));
  }

  async function answerOf(request: IncomingMessage, url: URL | null, isControl: boolean): Promise<Answer> {
    if (url === null) return failure(400, 'GeneralException', 'Bad request');
    try {
      if (isControl) return await answerControl(control, request, url);
      const routed = rest.answer(request, url);
      stats.countRequest(routed.route);
      return await routed.answer;
    } catch (error) {
      return failure(500, 'GeneralException', error instanceof Error ? error.message : 'Internal error');
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;

  return {
    port,
    apiRoot: `http://${HOST}:${port}`,
    loginRoot: `http://${HOST}:${port}`,
    tickerRoot: `ws://${HOST}:${port}/ws`,
    get redirectUrl() {
      return redirectUrl;
    },
    set redirectUrl(url) {
      redirectUrl = new URL(url).href;
    },
    control,
    get stats() {
      return stats.snapshot();
    },
    issueToken: ({ userId, mintedAtMs }) => {
      const user = users.find((candidate) => candidate.userId === userId);
      if (user === undefined) throw new UnknownUserError(`no simulated user "${userId}"`);
      return sessions.open(user, mintedAtMs).accessToken;
    },
    issuedTokens: () => sessions.issued,
    subscriptions: () => ticker.subscriptions,
    busy: () => stats.inHand,
    hanging: () => hung.size + ticker.hangingCount,
    async [Symbol.asyncDispose]() {
      faults[Symbol.dispose]();
      ticker[Symbol.dispose]();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
