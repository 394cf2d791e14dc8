/**
 * How far a price may be believed. `live`: from continuous trading now. `indicative`: an auction is looking for a price
 * (pre-open, closing auction). `frozen`: the last value of something that is not trading now although its day goes on.
 * `previous-close`: from an earlier session. Only `live` prices reach candles, levels and alerts.
 */
export const priceKinds = ['live', 'indicative', 'frozen', 'previous-close'] as const;

export type PriceKind = (typeof priceKinds)[number];
