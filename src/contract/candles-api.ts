import { z } from 'zod';
import type { CandleState } from './candle.ts';

/** Minutes a candle of the local API may have; 60 is the longest that is joined from minutes. */
export const apiIntervals = ['1', '3', '5', '15', '30', '60', 'day'] as const;
export type ApiInterval = (typeof apiIntervals)[number];

/** A candle of the local API: start in ISO 8601 with +05:30, prices in rupees. */
export interface ApiCandle {
  readonly start: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly oi: number | null;
  readonly state: CandleState;
  readonly corrected: boolean;
}

/** The answer of `GET /api/candles`. */
export interface ApiCandles {
  readonly key: string;
  readonly interval: ApiInterval;
  /** Every minute that starts before it has been answered for by Kite; null: none. */
  readonly settledTo: string | null;
  readonly history: 'complete' | 'unavailable';
  readonly reason: string | null;
  readonly candles: readonly ApiCandle[];
  readonly gaps: readonly { readonly from: string; readonly to: string | null; readonly cause: string }[];
}

const date = z.iso.date();

/** The query of `GET /api/candles` as it comes. */
export const candlesQuerySchema = z.strictObject({
  key: z.string().regex(/^[A-Z]{2,8}:[^\p{Cc}]{1,80}$/u),
  interval: z.enum(apiIntervals).default('1'),
  date: date.optional(),
  from: date.optional(),
  to: date.optional(),
});
