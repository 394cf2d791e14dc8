import { type ApiInterval, candlesQuerySchema } from '../contract/candles-api.ts';
import { addDays, type IstDate } from '../market/ist.ts';

/** A question for candles: IST days, both included. */
export interface CandleQuery {
  readonly key: string;
  readonly interval: ApiInterval;
  readonly from: IstDate;
  readonly to: IstDate;
}

export type ParsedQuery =
  | { readonly ok: true; readonly query: CandleQuery }
  | { readonly ok: false; readonly message: string };

/** Kite's own limits for one request. */
const MOST_DAYS_OF_MINUTES = 60;
const MOST_DAYS = 2_000;

/** Reads the query of `GET /api/candles`; the message of a refusal names what is wrong. */
export function parseCandleQuery(params: URLSearchParams, today: IstDate): ParsedQuery {
  const refused = (message: string): ParsedQuery => ({ ok: false, message });
  const names = [...params.keys()];
  if (new Set(names).size !== names.length) return refused('each parameter may be given once');
  const { success, data, error } = candlesQuerySchema.safeParse(
    Object.fromEntries([...params].filter(([name]) => name in candlesQuerySchema.shape)),
  );
  if (!success) return refused(`not of the right form: ${error.issues.map(({ path }) => path.join('.')).join(', ')}`);
  const { key, interval } = data;
  if (data.date !== undefined && (data.from !== undefined || data.to !== undefined)) {
    return refused('either date, or from and to');
  }
  if (data.to !== undefined && data.from === undefined) return refused('to needs from');
  const from = data.date ?? data.from ?? today;
  const to = data.date ?? data.to ?? today;
  if (from > to) return refused('from is after to');
  const most = interval === 'day' ? MOST_DAYS : MOST_DAYS_OF_MINUTES;
  if (addDays(from, most - 1) < to) return refused(`at most ${most} days at a time`);
  return { ok: true, query: { key, interval, from, to } };
}
