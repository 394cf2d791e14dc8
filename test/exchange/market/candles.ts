/** One instrument's minutes of one day as columns; prices in paise, volume and open interest in units. */
export interface MinuteCandles {
  readonly length: number;
  /** Opening instants, ms since the epoch. */
  readonly startMs: readonly number[];
  readonly open: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
  readonly volume: Int32Array;
  readonly openInterest: Int32Array;
  /** 1 for a minute in which nothing traded: it has no candle. */
  readonly idle: Uint8Array;
}

/** One candle of any interval. */
export interface Candle {
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly openInterest: number;
}

/** Empty columns for the given minutes. */
export function candleColumns(startMs: readonly number[]): MinuteCandles {
  const column = (): Int32Array => new Int32Array(startMs.length);
  return {
    length: startMs.length,
    startMs,
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    openInterest: column(),
    idle: new Uint8Array(startMs.length),
  };
}

/**
 * Joins minutes into candles of `minutes` each, counted from the first minute of the day; a candle opens where its first
 * minute does. `Infinity` joins the whole day. Minutes without a trade are in none.
 */
export function joinMinutes(day: MinuteCandles, minutes: number): Candle[] {
  const candles: Candle[] = [];
  const firstMs = day.startMs[0] ?? 0;
  let bucket = -1;
  for (let m = 0; m < day.length; m++) {
    if (day.idle[m] === 1) continue;
    const startMs = day.startMs[m] ?? 0;
    const minute: Candle = {
      startMs,
      open: day.open[m] ?? 0,
      high: day.high[m] ?? 0,
      low: day.low[m] ?? 0,
      close: day.close[m] ?? 0,
      volume: day.volume[m] ?? 0,
      openInterest: day.openInterest[m] ?? 0,
    };
    const own = minutes === Number.POSITIVE_INFINITY ? 0 : Math.floor((startMs - firstMs) / (minutes * 60_000));
    const last = candles.at(-1);
    if (last === undefined || own !== bucket) candles.push(minute);
    else candles[candles.length - 1] = extended(last, minute);
    bucket = own;
  }
  return candles;
}

function extended(candle: Candle, minute: Candle): Candle {
  return {
    startMs: candle.startMs,
    open: candle.open,
    high: Math.max(candle.high, minute.high),
    low: Math.min(candle.low, minute.low),
    close: minute.close,
    volume: candle.volume + minute.volume,
    openInterest: minute.openInterest,
  };
}
