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
  token = new Uint32Array(FIRST_CAPACITY);
  divisor = new Float64Array(FIRST_CAPACITY);
  /** Index into `packetModes`. Fields a smaller packet lacks keep what an earlier, fuller one said. */
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
  /** Ten cells a slot: five bids, then five asks, best first. */
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
    return this.slots.get(token) ?? this.append(token, divisor);
  }

  /** Gives `token` a new slot, empty, which takes its packets from now on. */
  append(token: number, divisor: number): number {
    if (this.size === this.token.length) this.grow();
    const slot = this.size++;
    this.slots.set(token, slot);
    this.token[slot] = token;
    this.divisor[slot] = divisor;
    return slot;
  }

  /** The packets of the slot's token go to it again, whichever slot has had them meanwhile. */
  reclaim(slot: number): void {
    this.slots.set(this.token[slot] ?? 0, slot);
  }

  /** Replaces every column by one twice as long: columns must not be kept across `add`. */
  private grow(): void {
    this.token = wider(this.token);
    this.divisor = wider(this.divisor);
    this.mode = wider(this.mode);
    this.lastPrice = wider(this.lastPrice);
    this.open = wider(this.open);
    this.high = wider(this.high);
    this.low = wider(this.low);
    this.close = wider(this.close);
    this.lastQuantity = wider(this.lastQuantity);
    this.averagePrice = wider(this.averagePrice);
    this.volume = wider(this.volume);
    this.buyQuantity = wider(this.buyQuantity);
    this.sellQuantity = wider(this.sellQuantity);
    this.openInterest = wider(this.openInterest);
    this.openInterestHigh = wider(this.openInterestHigh);
    this.openInterestLow = wider(this.openInterestLow);
    this.exchangeTimeMs = wider(this.exchangeTimeMs);
    this.lastTradeTimeMs = wider(this.lastTradeTimeMs);
    this.receivedAtMs = wider(this.receivedAtMs);
    this.depthQuantity = wider(this.depthQuantity);
    this.depthPrice = wider(this.depthPrice);
    this.depthOrders = wider(this.depthOrders);
  }
}

type Column =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

function wider<C extends Column>(column: C): C {
  const doubled = new (column.constructor as new (length: number) => C)(column.length * 2);
  doubled.set(column);
  return doubled;
}
