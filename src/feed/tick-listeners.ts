import type { TouchedSlots } from '../kite/touched-slots.ts';

/** How prices came. */
export type TickOrigin = 'websocket' | 'rest';

/** Called after the columns hold the new prices. `touched` is reused: it must not be kept. */
export type TickListener = (touched: TouchedSlots, origin: TickOrigin, receivedAtMs: number) => void;

/** Everybody who takes each tick, told one after the other. */
export class TickListeners {
  /** Hears of one that threw: its fault must not cost the others their ticks, nor the feed its sign of life. */
  failed: (error: unknown) => void = () => undefined;
  private readonly listeners = new Set<TickListener>();

  add(listener: TickListener): Disposable {
    this.listeners.add(listener);
    return { [Symbol.dispose]: () => void this.listeners.delete(listener) };
  }

  tell(touched: TouchedSlots, origin: TickOrigin, receivedAtMs: number): void {
    for (const listener of this.listeners) {
      try {
        listener(touched, origin, receivedAtMs);
      } catch (error) {
        this.failed(error);
      }
    }
  }
}
