import type { CandleUpdate } from '../../src/contract/tick-lane.ts';
import { istDate } from '../format/ist.ts';
import type { CandleBook } from './candle-book.ts';
import { useDeskView } from './desk-store.ts';

/** The instruments whose candles the desk sends, by slot: what it has been told, not what is about to be. */
export class FollowedCandles {
  private readonly candles: CandleBook;
  private slots: readonly number[] = [];
  private keys = new Map<number, string>();

  constructor(candles: CandleBook) {
    this.candles = candles;
  }

  set(slots: readonly number[]): void {
    const before = this.keys;
    this.slots = slots;
    this.rename();
    const now = new Map([...this.keys].map(([slot, key]) => [key, slot]));
    for (const [slot, key] of before) {
      const next = now.get(key);
      if (next === undefined) this.candles.forget(key);
      // Another contract goes by this name now.
      else if (next !== slot) this.candles.startInstrument(key);
    }
  }

  /** Slots may mean other instruments. Where two have one name, it is that of the one that is not retired. */
  rename(): void {
    const instruments = useDeskView.getState().state?.instruments ?? [];
    const isRetired = (slot: number): boolean => instruments[slot]?.retired === true;
    const retiredFirst = [...this.slots].sort((a, b) => Number(isRetired(b)) - Number(isRetired(a)));
    const slotOf = new Map(retiredFirst.map((slot) => [instruments[slot]?.key ?? '', slot]));
    this.keys = new Map([...slotOf].map(([key, slot]) => [slot, key]));
  }

  /** A slot that is followed no longer may still have candles in a batch that was under way. Another day's are no use. */
  put(updates: readonly CandleUpdate[]): void {
    const date = useDeskView.getState().state?.market.date;
    for (const [slot, ofSlot] of Map.groupBy(updates, (update) => update.slot)) {
      const key = this.keys.get(slot);
      const ofToday = ofSlot.filter(({ start }) => istDate(start) === date);
      if (key !== undefined && key !== '' && ofToday.length > 0) this.candles.put(key, ofToday);
    }
  }
}
