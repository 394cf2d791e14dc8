import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatClockSpec, scaledClock } from '../../src/clock.ts';
import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import { instantOf } from '../../src/market/ist.ts';
import { demoApp, demoUser, type Exchange, startExchange } from '../exchange/exchange.ts';
import { type DesktopApp, launchDesktop } from './desktop-app.ts';

export interface MarketDayOptions {
  /** IST, `YYYY-MM-DD`. */
  readonly date: string;
  /** IST, `HH:MM` or `HH:MM:SS`. */
  readonly at: string;
  /** Market time per real time: 1 unless given. */
  readonly speed?: number;
}

export interface StartOptions {
  readonly args?: readonly string[];
  /** When the token in the app's hands was minted, IST of the same day; null for none. */
  readonly tokenFrom: string | null;
}

/** A simulated exchange on some day, and the app connected to it in step. Disposing ends both. */
export class MarketDay implements AsyncDisposable {
  readonly exchange: Exchange;
  private readonly clockSpec: string;
  private readonly date: string;
  private readonly home = mkdtempSync(join(tmpdir(), 'mdts-desktop-'));
  private readonly running = new AsyncDisposableStack();

  private constructor(exchange: Exchange, clockSpec: string, date: string) {
    this.exchange = exchange;
    this.clockSpec = clockSpec;
    this.date = date;
  }

  static async start({ date, at, speed = 1 }: MarketDayOptions): Promise<MarketDay> {
    const spec = { marketMs: instantOf(date, at), speed, realMs: Date.now() };
    const exchange = await startExchange({ clock: scaledClock(spec), calendar: bundledCalendar(), dataDir: null });
    return new MarketDay(exchange, formatClockSpec(spec), date);
  }

  async startApp({ args = [], tokenFrom }: StartOptions): Promise<DesktopApp> {
    const { apiRoot, loginRoot, tickerRoot } = this.exchange;
    const token: Record<string, string> = {};
    if (tokenFrom !== null) {
      const mintedAtMs = instantOf(this.date, tokenFrom);
      token.MDTS_ACCESS_TOKEN = this.exchange.issueToken({ userId: demoUser.userId, mintedAtMs });
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
        MDTS_API_KEY: demoApp.apiKey,
        MDTS_API_SECRET: demoApp.apiSecret,
        ...token,
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
