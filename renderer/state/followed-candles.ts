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
    const before = new Set(this.keys.values());
    this.slots = slots;
    this.rename();
    const now = new Set(this.keys.values());
    for (const key of before) if (!now.has(key)) this.candles.forget(key);
  }

  /** Slots may mean other instruments. */
  rename(): void {
    const instruments = useDeskView.getState().state?.instruments ?? [];
    this.keys = new Map(this.slots.map((slot) => [slot, instruments[slot]?.key ?? '']));
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
