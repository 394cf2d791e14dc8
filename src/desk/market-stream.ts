import { isDeepStrictEqual } from 'node:util';
import type { Health, MarketCandle, MarketMessage } from '../contract/health.ts';
import type { InstrumentState } from '../contract/state.ts';
import type { CandleUpdate } from '../contract/tick-lane.ts';
import type { QuoteBook } from '../feed/quote-book.ts';
import type { CandleBook } from '../history/candles.ts';
import { apiCandle } from './candles-api.ts';
import { marketTickOf } from './health.ts';
import type { StateStore } from './state-store.ts';

export interface MarketStreamPorts {
  readonly book: QuoteBook;
  readonly state: StateStore;
  readonly health: () => Health;
  readonly candles: Pick<CandleBook, 'trackChanges' | 'onClosedChange'>;
}

/** What changes by itself all the time and is not worth a message of its own. */
const QUIET_PARTS: ReadonlySet<string> = new Set(['uptimeSeconds', 'clock', 'instruments']);

/** Sends the public stream to one listener: a snapshot, every tick as it comes, and the parts of the health that change. */
export function streamMarket(ports: MarketStreamPorts, send: (message: MarketMessage) => void): Disposable {
  const resources = new DisposableStack();
  let sent = ports.health();
  send({ type: 'snapshot', ...sent });

  resources.use(
    ports.book.onTicks((touched) => {
      const ticks = [];
      for (let index = 0; index < touched.count; index++) {
        const slot = touched.slots[index] ?? 0;
        const instrument: InstrumentState | undefined = ports.state.state.instruments[slot];
        const row = ports.book.row(slot, false);
        if (instrument !== undefined && row !== null) ticks.push(marketTickOf(instrument, row));
      }
      if (ticks.length > 0) send({ type: 'ticks', ticks });
    }),
  );
  const changes = resources.use(ports.candles.trackChanges());
  resources.use(
    ports.candles.onClosedChange(() => {
      changes.drain((candle) => {
        const key = ports.state.state.instruments[candle.slot]?.key;
        if (key !== undefined && candle.state !== 'forming') send(candleMessage(key, candle));
      });
    }),
  );
  resources.use(
    ports.state.subscribe((message) => {
      if (message.type !== 'patch') return;
      const health = ports.health();
      const patch = changedParts(sent, health, message.changes?.instruments !== undefined);
      sent = health;
      if (Object.keys(patch).length > 0) send({ type: 'state', patch });
    }),
  );
  return resources;
}

function candleMessage(key: string, candle: CandleUpdate): MarketCandle {
  const { start, open, high, low, close, volume, openInterest, state, corrected, removed } = candle;
  const row = apiCandle([start, open, high, low, close, volume, openInterest, state, corrected]);
  return { type: 'candle', key, interval: '1', ...row, ...(removed ? { removed } : {}) };
}

function changedParts(before: Health, now: Health, withInstruments: boolean): Partial<Health> {
  const parts = Object.entries(now).filter(
    ([part, value]) =>
      (!QUIET_PARTS.has(part) || (withInstruments && part === 'instruments')) &&
      !isDeepStrictEqual(value, before[part as keyof Health]),
  );
  return Object.fromEntries(parts);
}
