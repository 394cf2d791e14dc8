/**
 * What the app reads of each REST answer, checked and in its own terms. Kite adds fields without notice (and leaves
 * most of a quote out for an index), so unknown ones are ignored and optional ones may be absent or null.
 */
import { z } from 'zod';
import { plainText, withoutControls } from '../text.ts';
import { type Stretches, stretchesOf } from '../turn.ts';
import { isTradedCandle } from './candle-check.ts';
import { parseIstText } from './ist-text.ts';
import type { DepthLevel, KiteCandle, KiteProfile, KiteQuote, KiteSession } from './session.ts';

/** IST text to ms since the epoch. */
const istInstant = z.string().transform((text, context) => {
  const instantMs = parseIstText(text);
  if (instantMs !== null) return instantMs;
  context.addIssue({ code: 'custom', message: 'not a time in IST' });
  return z.NEVER;
});

/** Absent, null, empty and unreadable are all "not said": a quote without a time is still a quote. */
const optionalInstant = istInstant.nullable().catch(null);
const optionalNumber = z.number().nullable().catch(null);

/** Kite's ids have six characters. A name is only shown, so a longer one is cut. */
const LONGEST_ID = 64;
const LONGEST_NAME = 200;
const LONGEST_TOKEN = 512;

const person = {
  user_id: z.string().min(1).max(LONGEST_ID).transform(withoutControls),
  user_name: z
    .string()
    .transform((name) => plainText(name, LONGEST_NAME))
    .nullable()
    .default(null),
};

export const sessionSchema = z
  .object({ ...person, access_token: z.string().min(1).max(LONGEST_TOKEN), login_time: istInstant })
  .transform(
    (data): KiteSession => ({
      userId: data.user_id,
      userName: data.user_name ?? data.user_id,
      accessToken: data.access_token,
      loginAtMs: data.login_time,
    }),
  );

export const profileSchema = z
  .object(person)
  .transform((data): KiteProfile => ({ userId: data.user_id, userName: data.user_name ?? data.user_id }));

const depthLevel = z.object({ quantity: z.number(), price: z.number(), orders: z.number() });
const depthSide = z.array(depthLevel).catch([]);

const quoteRow = z.object({
  instrument_token: z.number().int().positive(),
  last_price: z.number(),
  last_quantity: optionalNumber,
  average_price: optionalNumber,
  volume: optionalNumber,
  buy_quantity: optionalNumber,
  sell_quantity: optionalNumber,
  oi: optionalNumber,
  timestamp: optionalInstant,
  last_trade_time: optionalInstant,
  ohlc: z.object({ open: z.number(), high: z.number(), low: z.number(), close: z.number() }),
  depth: z.object({ buy: depthSide, sell: depthSide }).catch({ buy: [] as DepthLevel[], sell: [] as DepthLevel[] }),
});

/** Twice what may be asked for in a call. */
const MOST_QUOTES = 1_000;
/** Twice the minutes of 60 days, the longest that is asked for at once. */
const MOST_CANDLES = 50_000;
/** Longer than any exchange and trading symbol. */
const LONGEST_KEY = 200;
/** Rows read at a stretch: a few ms of work. */
const ROWS_AT_A_STRETCH = { quotes: 100, candles: 500 } as const;

/** As they come, by key; `quotesOf` reads the rows. Counted before any is looked at: a record of many is slow to check. */
export const quotesSchema = z
  .custom<object>(isShortRecord, 'no rows by key, or more than can have been asked for')
  .pipe(z.record(z.string().max(LONGEST_KEY), z.unknown()));

function isShortRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length <= MOST_QUOTES;
}

/**
 * By key. A row that cannot be read is left out like a key Kite does not know; null when there are only such rows. In
 * stretches: 500 quotes with their order books are some 10 ms of work.
 */
export function* quotesOf(rows: z.infer<typeof quotesSchema>): Stretches<ReadonlyMap<string, KiteQuote> | null> {
  const quotes = new Map<string, KiteQuote>();
  const entries = Object.entries(rows);
  yield* stretchesOf(entries, ROWS_AT_A_STRETCH.quotes, ([key, row]) => {
    const parsed = quoteRow.safeParse(row);
    if (parsed.success) quotes.set(key, quoteOf(key, parsed.data));
  });
  return quotes.size === 0 && entries.length > 0 ? null : quotes;
}

function quoteOf(key: string, row: z.infer<typeof quoteRow>): KiteQuote {
  return {
    key,
    token: row.instrument_token,
    lastPrice: row.last_price,
    lastQuantity: row.last_quantity,
    averagePrice: row.average_price,
    volume: row.volume,
    buyQuantity: row.buy_quantity,
    sellQuantity: row.sell_quantity,
    open: row.ohlc.open,
    high: row.ohlc.high,
    low: row.ohlc.low,
    close: row.ohlc.close,
    openInterest: row.oi,
    exchangeTimeMs: row.timestamp,
    lastTradeTimeMs: row.last_trade_time,
    bids: row.depth.buy,
    asks: row.depth.sell,
  };
}

/** `[time, open, high, low, close, volume, oi?]`; an open interest of 0 is a figure, not an absence. */
const candleRow = z
  .tuple([istInstant, z.number(), z.number(), z.number(), z.number(), z.number()], z.number())
  .transform(
    ([startMs, open, high, low, close, volume, openInterest]): KiteCandle => ({
      startMs,
      open,
      high,
      low,
      close,
      volume,
      openInterest: openInterest ?? null,
    }),
  );

/** As they come; `candlesOf` reads the rows. */
export const candlesSchema = z.object({ candles: z.array(z.unknown()).max(MOST_CANDLES) });

export interface ReadCandles {
  readonly candles: readonly KiteCandle[];
  /** The starts of the rows that cannot be a candle; null where the time cannot be read either. */
  readonly refused: readonly (number | null)[];
}

/**
 * Candles that can be one, and the rows that cannot: a null or a price of 0 is no reason to lose a day. Null when there are
 * only such rows. In stretches: 60 days of minutes are some 100 ms of work.
 */
export function* candlesOf({ candles: rows }: z.infer<typeof candlesSchema>): Stretches<ReadCandles | null> {
  const candles: KiteCandle[] = [];
  const refused: (number | null)[] = [];
  yield* stretchesOf(rows, ROWS_AT_A_STRETCH.candles, (row) => {
    const parsed = candleRow.safeParse(row);
    if (parsed.success && isTradedCandle(parsed.data)) candles.push(parsed.data);
    else refused.push(rowStart.safeParse(row).data ?? null);
  });
  return candles.length === 0 && rows.length > 0 ? null : { candles, refused };
}

const rowStart = z.tuple([istInstant], z.unknown()).transform(([startMs]) => startMs);
