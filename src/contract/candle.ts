/** What the desk knows of a one-minute candle. */
export const candleStates = [
  /** Not over by the exchange's time. */
  'forming',
  /** Over, made from our ticks without a known hole. */
  'provisional',
  /** Over, and first seen in mid-minute or touched by an outage, a pause, sleep, REST or a clock step. */
  'doubtful',
  /** Kite's own row, fetched after the minute's end. */
  'settled',
] as const;

export type CandleState = (typeof candleStates)[number];
