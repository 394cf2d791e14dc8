import { gzipSync } from 'node:zlib';
import type { IstDate } from '../../../src/market/ist.ts';
import type { Instrument } from '../market/instruments.ts';
import type { MarketModel } from '../market/market-model.ts';

const HEADER =
  'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';

export interface InstrumentDump {
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/** Kite's instrument dumps, made once a date and exchange. Packed synchronously: it takes a few milliseconds, once. */
export class InstrumentDumps {
  private readonly model: MarketModel;
  private date: IstDate = '';
  private readonly dumps = new Map<string, InstrumentDump>();

  constructor(model: MarketModel) {
    this.model = model;
  }

  /** The dump of one exchange, or of all for null; null for an exchange that is not here. */
  get(date: IstDate, exchange: string | null): InstrumentDump | null {
    if (date !== this.date) this.dumps.clear();
    this.date = date;
    const key = exchange ?? '';
    const known = this.dumps.get(key);
    if (known !== undefined) return known;
    const rows = this.model
      .instruments(date)
      .all.filter((instrument) => exchange === null || instrument.exchange === exchange);
    if (rows.length === 0) return null;
    const plain = Buffer.from(`${[HEADER, ...rows.map(rowOf)].join('\n')}\n`);
    const dump = { plain, gzipped: gzipSync(plain) };
    this.dumps.set(key, dump);
    return dump;
  }
}

/** One line; derivatives have their name in quotes, as in Kite's own dump. */
function rowOf(instrument: Instrument): string {
  const isDerivative = instrument.expiry !== null;
  return [
    instrument.token,
    instrument.exchangeToken,
    instrument.tradingSymbol,
    isDerivative ? `"${instrument.name}"` : instrument.name,
    0,
    instrument.expiry ?? '',
    instrument.strike,
    instrument.tickPaise / 100,
    instrument.lotSize,
    instrument.type,
    instrument.segment,
    instrument.exchange,
  ].join(',');
}
