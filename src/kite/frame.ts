/**
 * Decodes the ticker's binary frames straight into columns: no object per tick, none per frame.
 *
 *   frame   u16 count · count x ( u16 length · packet )          all big-endian
 *   8       u32 token · i32 last price
 *   28/32   … · i32 high, low, open, close, change [· u32 exchange time]                       indices: quote/full
 *   44/184  … · u32 last quantity · i32 average price · u32 volume, buy and sell quantity · i32 open, high, low, close
 *           [· u32 last trade time, oi, oi high, oi low, exchange time · 5 bids, 5 asks]       the others: quote/full
 *   level   u32 quantity · i32 price · u16 orders · u16 padding
 *
 * Times are seconds since the epoch (UTC). Source: https://kite.trade/docs/connect/v3/websocket/; quantities are read
 * unsigned as in the official Go and Python clients (the JavaScript one turns 2^31 and more negative).
 */
import type { DropCounts } from './drop-counts.ts';
import { DEPTH_LEVELS, packetModes, type TickColumns } from './tick-columns.ts';
import type { TouchedSlots } from './touched-slots.ts';

const COUNT_BYTES = 2;
const LENGTH_BYTES = 2;
const LTP_BYTES = 8;
const INDEX_QUOTE_BYTES = 28;
const INDEX_FULL_BYTES = 32;
const QUOTE_BYTES = 44;
const FULL_BYTES = 184;
const LEVEL_BYTES = 12;
const DEPTH_CELLS = DEPTH_LEVELS * 2;
/** Shorter frames (the one-byte heartbeat among them) carry no packet. */
export const SHORTEST_FRAME_BYTES = 4;

const LTP = packetModes.indexOf('ltp');
const QUOTE = packetModes.indexOf('quote');
const FULL = packetModes.indexOf('full');

/** Says which exchange times cannot be true; one that cannot is dropped with its packet. Times in ms since the epoch. */
export interface TimeCheck {
  /** Of a packet's own time. */
  isImpossible(slot: number, exchangeTimeMs: number): boolean;
  /** Of a time that is held, or that stands beside the packet's own. */
  isAhead(slot: number, timeMs: number): boolean;
}

/** A held exchange time further ahead of the desk's clock than this proves nothing about the order of ticks. */
const PLAUSIBLE_LEAD_MS = 60_000;

/** Frames are copied here: one view for all of them instead of a new one each. Never held across calls. */
let scratch = new Uint8Array(64 * 1024);
let scratchView = new DataView(scratch.buffer);

/**
 * Writes the ticks of one frame into `columns` and lists their slots in `touched` (cleared first). Whatever cannot be
 * taken is counted in `drops`; nothing is thrown, and packets before any damage are kept. `receivedAtMs`: ms since the
 * epoch by the desk's clock; `times` judges exchange times, null: all are believed. Returns the number of ticks taken.
 */
export function decodeFrame(
  bytes: Uint8Array,
  columns: TickColumns,
  receivedAtMs: number,
  touched: TouchedSlots,
  drops: DropCounts,
  times: TimeCheck | null = null,
): number {
  touched.clear();
  const length = bytes.byteLength;
  if (length < SHORTEST_FRAME_BYTES) {
    drops['short-frame']++;
    return 0;
  }
  const view = load(bytes);
  const announced = view.getUint16(0);
  const absurd = COUNT_BYTES + announced * (LENGTH_BYTES + LTP_BYTES) > length;
  if (absurd) drops['absurd-count']++;

  let at = COUNT_BYTES;
  for (let packet = 0; packet < announced; packet++) {
    const start = at + LENGTH_BYTES;
    const size = start <= length ? view.getUint16(at) : 0;
    if (start + size > length) {
      if (!absurd) drops.truncated++;
      return touched.count;
    }
    decodePacket(view, start, size, columns, receivedAtMs, touched, drops, times);
    at = start + size;
  }
  if (at < length) drops['trailing-bytes']++;
  return touched.count;
}

function load(bytes: Uint8Array): DataView {
  if (bytes.byteLength > scratch.byteLength) {
    scratch = new Uint8Array(2 ** Math.ceil(Math.log2(bytes.byteLength)));
    scratchView = new DataView(scratch.buffer);
  }
  scratch.set(bytes);
  return scratchView;
}

function decodePacket(
  view: DataView,
  at: number,
  size: number,
  columns: TickColumns,
  receivedAtMs: number,
  touched: TouchedSlots,
  drops: DropCounts,
  times: TimeCheck | null,
): void {
  const timeAt = timeOffset(size);
  if (timeAt < 0) {
    drops['unknown-length']++;
    return;
  }
  const slot = columns.slotOf(view.getUint32(at));
  if (slot < 0) {
    drops['unknown-token']++;
    return;
  }
  const lastPrice = view.getInt32(at + 4);
  // Nothing is traded at it; the plain reading of a frame, as in a recording, keeps what was sent.
  if (lastPrice <= 0 && times !== null) {
    drops['no-price']++;
    return;
  }
  if (timeAt > 0) {
    const exchangeTimeMs = view.getUint32(at + timeAt) * 1000;
    const reason = whyNot(exchangeTimeMs, columns.exchangeTimeMs[slot] ?? 0, receivedAtMs, slot, times);
    if (reason !== null) {
      drops[reason]++;
      return;
    }
    columns.exchangeTimeMs[slot] = exchangeTimeMs;
  }
  columns.receivedAtMs[slot] = receivedAtMs;
  columns.lastPrice[slot] = lastPrice;
  columns.mode[slot] = size === LTP_BYTES ? LTP : timeAt === 0 ? QUOTE : FULL;
  if (size >= QUOTE_BYTES) writeQuote(view, at, columns, slot);
  else if (size >= INDEX_QUOTE_BYTES) writeIndex(view, at, columns, slot);
  if (size === FULL_BYTES) writeFull(view, at, columns, slot, times);
  touched.push(slot);
}

/** Where a packet of this length has its exchange time; 0: nowhere, -1: no packet has this length. */
function timeOffset(size: number): number {
  switch (size) {
    case FULL_BYTES:
      return 60;
    case INDEX_FULL_BYTES:
      return 28;
    case LTP_BYTES:
    case INDEX_QUOTE_BYTES:
    case QUOTE_BYTES:
      return 0;
    default:
      return -1;
  }
}

/** Why a packet with this time, 0 for none, cannot follow what is held; null: it can. */
function whyNot(
  timeMs: number,
  heldMs: number,
  receivedAtMs: number,
  slot: number,
  times: TimeCheck | null,
): 'impossible-time' | 'no-time' | 'stale-order' | null {
  // Taken, it would wipe the order: the next packet could be of any age. The plain reading keeps what was sent.
  if (timeMs === 0) return times === null || heldMs === 0 || times.isAhead(slot, heldMs) ? null : 'no-time';
  if (times?.isImpossible(slot, timeMs) === true) return 'impossible-time';
  return isOlder(timeMs, heldMs, receivedAtMs) && times?.isAhead(slot, heldMs) !== true ? 'stale-order' : null;
}

/** Equal times are the same second, and the later packet counts. */
function isOlder(timeMs: number, heldMs: number, receivedAtMs: number): boolean {
  return timeMs < heldMs && heldMs <= receivedAtMs + PLAUSIBLE_LEAD_MS;
}

function writeIndex(view: DataView, at: number, columns: TickColumns, slot: number): void {
  columns.high[slot] = view.getInt32(at + 8);
  columns.low[slot] = view.getInt32(at + 12);
  columns.open[slot] = view.getInt32(at + 16);
  columns.close[slot] = view.getInt32(at + 20);
}

function writeQuote(view: DataView, at: number, columns: TickColumns, slot: number): void {
  columns.lastQuantity[slot] = view.getUint32(at + 8);
  columns.averagePrice[slot] = view.getInt32(at + 12);
  columns.volume[slot] = view.getUint32(at + 16);
  columns.buyQuantity[slot] = view.getUint32(at + 20);
  columns.sellQuantity[slot] = view.getUint32(at + 24);
  columns.open[slot] = view.getInt32(at + 28);
  columns.high[slot] = view.getInt32(at + 32);
  columns.low[slot] = view.getInt32(at + 36);
  columns.close[slot] = view.getInt32(at + 40);
}

function writeFull(view: DataView, at: number, columns: TickColumns, slot: number, times: TimeCheck | null): void {
  const tradeTimeMs = view.getUint32(at + 44) * 1000;
  // One that cannot be true leaves what was known of the last trade.
  if (times?.isAhead(slot, tradeTimeMs) !== true) columns.lastTradeTimeMs[slot] = tradeTimeMs;
  columns.openInterest[slot] = view.getUint32(at + 48);
  columns.openInterestHigh[slot] = view.getUint32(at + 52);
  columns.openInterestLow[slot] = view.getUint32(at + 56);
  const { depthQuantity, depthPrice, depthOrders } = columns;
  const firstCell = slot * DEPTH_CELLS;
  let level = at + 64;
  for (let cell = firstCell; cell < firstCell + DEPTH_CELLS; cell++) {
    depthQuantity[cell] = view.getUint32(level);
    depthPrice[cell] = view.getInt32(level + 4);
    depthOrders[cell] = view.getUint16(level + 8);
    level += LEVEL_BYTES;
  }
}
