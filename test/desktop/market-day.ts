import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatClockSpec, scaledClock } from '../../src/clock.ts';
import type { Settings } from '../../src/contract/settings.ts';
import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import { instantOf } from '../../src/market/ist.ts';
import { demoApp, demoUser, type Exchange, startExchange } from '../exchange/exchange.ts';
import type { ExchangeUser } from '../exchange/sessions.ts';
import { freePort } from '../support/free-port.ts';
import { type DesktopApp, launchDesktop } from './desktop-app.ts';
import { LeapingClock } from './leaping-clock.ts';

export interface MarketDayOptions {
  /** IST, `YYYY-MM-DD`. */
  readonly date: string;
  /** IST, `HH:MM` or `HH:MM:SS`. */
  readonly at: string;
  /** Market time per real time: 1 unless given. */
  readonly speed?: number;
  /** Real ms for which market time stands still at first, so that a fast day does not run while the app starts. */
  readonly leadMs?: number;
  /** The one user of the exchange: the demo user unless given. */
  readonly user?: ExchangeUser;
}

export interface StartOptions {
  readonly args?: readonly string[];
  /** When the token in the app's hands was minted, IST of the same day; null for none. */
  readonly tokenFrom: string | null;
  /** Api key and secret in the app's hands: the exchange's own unless given; null for none. */
  readonly credentials?: { readonly apiKey: string; readonly apiSecret: string } | null;
  /** For the app's process, over everything else. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A simulated exchange on some day, and the app connected to it in step. Disposing ends both. */
export class MarketDay implements AsyncDisposable {
  readonly exchange: Exchange;
  /** The folder that stands for the trader's home: whatever the app writes is below it. */
  readonly home = mkdtempSync(join(tmpdir(), 'mdts-desktop-'));
  private readonly clock: LeapingClock;
  private readonly clockSpec: string;
  private readonly date: string;
  private readonly user: ExchangeUser;
  private readonly running = new AsyncDisposableStack();

  private constructor(exchange: Exchange, clock: LeapingClock, clockSpec: string, date: string, user: ExchangeUser) {
    this.exchange = exchange;
    this.clock = clock;
    this.clockSpec = clockSpec;
    this.date = date;
    this.user = user;
  }

  static async start({ date, at, speed = 1, leadMs = 0, user = demoUser }: MarketDayOptions): Promise<MarketDay> {
    const spec = { marketMs: instantOf(date, at), speed, realMs: Date.now() + leadMs };
    const clock = new LeapingClock(scaledClock(spec));
    const exchange = await startExchange({
      clock,
      calendar: bundledCalendar(),
      dataDir: null,
      users: [user],
    });
    // A port of its own: the app itself may run on this PC, or the same specs beside these.
    exchange.redirectUrl = `http://127.0.0.1:${await freePort()}/kite/callback`;
    const day = new MarketDay(exchange, clock, formatClockSpec(spec), date, user);
    day.saveSettings({ redirectUrl: exchange.redirectUrl });
    return day;
  }

  /** Writes the settings that the app finds at its start. */
  private saveSettings(settings: Partial<Settings>): void {
    const folder = join(this.home, 'desk', 'simulated');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  }

  /** Market time, ms since the epoch. */
  now(): number {
    return this.exchange.control.state().clock.nowMs;
  }

  /** Market time goes on by this much at once; an app on `STAND_IN_CLOCK` has to be told in its own way. */
  leap(forMs: number): void {
    this.clock.leap(forMs);
  }

  async startApp({ args = [], tokenFrom, credentials = demoApp, env = {} }: StartOptions): Promise<DesktopApp> {
    const { apiRoot, loginRoot, tickerRoot } = this.exchange;
    const given: Record<string, string> = {};
    if (tokenFrom !== null) {
      const mintedAtMs = instantOf(this.date, tokenFrom);
      given.MDTS_ACCESS_TOKEN = this.exchange.issueToken({ userId: this.user.userId, mintedAtMs });
    }
    if (credentials !== null) {
      given.MDTS_API_KEY = credentials.apiKey;
      given.MDTS_API_SECRET = credentials.apiSecret;
    }
    const app = await launchDesktop({
      home: this.home,
      args,
      env: {
        MDTS_HOME: join(this.home, 'desk'),
        MDTS_SECRETS: 'memory',
        MDTS_CLOCK: this.clockSpec,
        MDTS_API_ROOT: apiRoot,
        MDTS_LOGIN_ROOT: loginRoot,
        MDTS_TICKER_ROOT: tickerRoot,
        ...given,
        ...env,
      },
    });
    return this.running.use(app);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running[Symbol.asyncDispose]();
    await this.exchange[Symbol.asyncDispose]();
    rmSync(this.home, { recursive: true, force: true });
  }
}
