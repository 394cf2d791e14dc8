/**
 * Ticks as columns: what Kite last said of each instrument, one slot an instrument, so that decoding a frame allocates
 * nothing. Prices are integers in the instrument's smallest unit (paise for everything but currencies) exactly as on the
 * wire; `divisor` turns them into rupees. Times are ms since the epoch, 0 when Kite has sent none.
 */

/** Depth levels a side. */
export const DEPTH_LEVELS = 5;

/** Which packet an instrument's slot was last filled from. */
export const packetModes = ['none', 'ltp', 'quote', 'full'] as const;
export type PacketMode = (typeof packetModes)[number];

const FIRST_CAPACITY = 16;
/** Ten levels of quantity, price and orders: bids first. */
const DEPTH_CELLS = DEPTH_LEVELS * 2;

/** Columnar store of the last tick of every instrument. Slots are given in order of `add` and never move. */
export class TickColumns {
  size = 0;
  private capacity = FIRST_CAPACITY;
  token = new Uint32Array(FIRST_CAPACITY);
  divisor = new Float64Array(FIRST_CAPACITY);
  /** Index into `packetModes`. */
  mode = new Uint8Array(FIRST_CAPACITY);
  lastPrice = new Int32Array(FIRST_CAPACITY);
  open = new Int32Array(FIRST_CAPACITY);
  high = new Int32Array(FIRST_CAPACITY);
  low = new Int32Array(FIRST_CAPACITY);
  /** Previous session's close. */
  close = new Int32Array(FIRST_CAPACITY);
  lastQuantity = new Uint32Array(FIRST_CAPACITY);
  averagePrice = new Int32Array(FIRST_CAPACITY);
  /** The day's traded quantity so far. */
  volume = new Uint32Array(FIRST_CAPACITY);
  buyQuantity = new Uint32Array(FIRST_CAPACITY);
  sellQuantity = new Uint32Array(FIRST_CAPACITY);
  openInterest = new Uint32Array(FIRST_CAPACITY);
  openInterestHigh = new Uint32Array(FIRST_CAPACITY);
  openInterestLow = new Uint32Array(FIRST_CAPACITY);
  exchangeTimeMs = new Float64Array(FIRST_CAPACITY);
  lastTradeTimeMs = new Float64Array(FIRST_CAPACITY);
  /** When the frame arrived, by the desk's clock (ms since the epoch). */
  receivedAtMs = new Float64Array(FIRST_CAPACITY);
  depthQuantity = new Uint32Array(FIRST_CAPACITY * DEPTH_CELLS);
  depthPrice = new Int32Array(FIRST_CAPACITY * DEPTH_CELLS);
  depthOrders = new Uint16Array(FIRST_CAPACITY * DEPTH_CELLS);
  private readonly slots = new Map<number, number>();

  /** The slot of `token`, -1 when it is not subscribed. */
  slotOf(token: number): number {
    return this.slots.get(token) ?? -1;
  }

  /** Gives `token` a slot (its own when it has one). `divisor`: smallest units per rupee. */
  add(token: number, divisor: number): number {
    const known = this.slots.get(token);
    if (known !== undefined) return known;
    if (this.size === this.capacity) this.grow();
    const slot = this.size++;
    this.slots.set(token, slot);
    this.token[slot] = token;
    this.divisor[slot] = divisor;
    return slot;
  }

  private grow(): void {
    this.capacity *= 2;
    for (const [name, column] of Object.entries(this)) {
      if (!ArrayBuffer.isView(column) || column instanceof DataView) continue;
      const wider = new (column.constructor as new (length: number) => typeof column)(
        (column as Uint8Array).length * 2,
      );
      (wider as Uint8Array).set(column as Uint8Array);
      (this as unknown as Record<string, ArrayBufferView>)[name] = wider;
    }
  }
}
