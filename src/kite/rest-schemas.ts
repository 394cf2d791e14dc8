/**
 * What the app reads of each REST answer, checked and in its own terms. Kite adds fields without notice (and leaves
 * most of a quote out for an index), so unknown ones are ignored and optional ones may be absent or null.
 */
import { z } from 'zod';
import { plainText, withoutControls } from '../text.ts';
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

/** By key. A row that cannot be read is left out like a key Kite does not know; only an answer of such rows fails. */
export const quotesSchema = z.record(z.string(), z.unknown()).transform((rows, context) => {
  if (Object.keys(rows).length > MOST_QUOTES) {
    context.addIssue({ code: 'custom', message: 'more rows than can have been asked for' });
    return z.NEVER;
  }
  const quotes = new Map<string, KiteQuote>();
  for (const [key, row] of Object.entries(rows)) {
    const parsed = quoteRow.safeParse(row);
    if (parsed.success) quotes.set(key, quoteOf(key, parsed.data));
  }
  if (quotes.size === 0 && Object.keys(rows).length > 0) {
    context.addIssue({ code: 'custom', message: 'no row is a quote' });
    return z.NEVER;
  }
  return quotes;
});

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

/**
 * Candles that can be one, and the starts of the rows that cannot, null where the time cannot be read either: a null or a
 * price of 0 is no reason to lose a day.
 */
export const candlesSchema = z.object({ candles: z.array(z.unknown()) }).transform((data, context) => {
  const candles: KiteCandle[] = [];
  const refused: (number | null)[] = [];
  for (const row of data.candles) {
    const parsed = candleRow.safeParse(row);
    if (parsed.success && isTradedCandle(parsed.data)) candles.push(parsed.data);
    else refused.push(rowStart.safeParse(row).data ?? null);
  }
  if (candles.length === 0 && refused.length > 0) {
    context.addIssue({ code: 'custom', message: 'no row is a candle' });
    return z.NEVER;
  }
  return { candles, refused };
});

const rowStart = z.tuple([istInstant], z.unknown()).transform(([startMs]) => startMs);
