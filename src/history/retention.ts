import { addDays, instantOf, istDateOf } from '../market/ist.ts';
import type { HistoryStore } from './history-store.ts';

/** Kite keeps minutes for years; ours are for days on which it does not answer. */
const CANDLE_DAYS = 90;
/** A year of records and a little. */
const JOURNAL_DAYS = 400;

/** Deletes what is older than the app keeps it. Called at the start and as each day begins. */
export function pruneHistory(store: Pick<HistoryStore, 'prune'>, nowMs: number): Promise<void> {
  const today = istDateOf(nowMs);
  return store.prune(instantOf(addDays(today, -CANDLE_DAYS), '00:00'), addDays(today, -JOURNAL_DAYS));
}
