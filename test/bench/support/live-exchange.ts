import { type Clock, type ClockSpec, scaledClock } from '../../../src/clock.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { type IstTime, instantOf } from '../../../src/market/ist.ts';
import { demoUser, type Exchange, startExchange } from '../../exchange/exchange.ts';

const DATE = '2026-11-23';

export interface LiveOptions {
  readonly at?: IstTime;
  readonly speed?: number;
  /** Options it lists, about. */
  readonly optionCount?: number;
}

const OPTIONS = 60;

/** The simulated exchange on real time, in the middle of an ordinary trading day unless told otherwise. */
export interface LiveExchange extends AsyncDisposable {
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly spec: ClockSpec & { readonly realMs: number };
  /** A login that works. */
  issueToken(): string;
}

export async function startLiveExchange(options: LiveOptions = {}): Promise<LiveExchange> {
  const { at = '10:00', speed = 1, optionCount = OPTIONS } = options;
  const spec = { marketMs: instantOf(DATE, at), speed, realMs: Date.now() };
  const clock = scaledClock(spec);
  const exchange = await startExchange({ clock, calendar: bundledCalendar(), dataDir: null, optionCount });
  return {
    exchange,
    clock,
    spec,
    issueToken: () => exchange.issueToken({ userId: demoUser.userId, mintedAtMs: clock.now() }),
    [Symbol.asyncDispose]: () => exchange[Symbol.asyncDispose](),
  };
}
