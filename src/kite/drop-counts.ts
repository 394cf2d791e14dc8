/** Why a frame, or a packet of it, was not taken. */
export const dropReasons = [
  /** Too few bytes for a count and one packet. */
  'short-frame',
  /** The frame announces more packets than its bytes can hold; those it has are taken. */
  'absurd-count',
  /** A packet runs past the end of the frame; what came before it is taken. */
  'truncated',
  /** Bytes are left after the last announced packet. */
  'trailing-bytes',
  /** Not one of the five packet lengths. */
  'unknown-length',
  /** Nobody subscribed to this token. */
  'unknown-token',
  /** Older, by the exchange's time, than what is held. */
  'stale-order',
] as const;

/** Why a packet that can be read is not believed; only where somebody judges it. */
export const disbeliefReasons = [
  /** Its time stamp is ahead of all other instruments' and of Kite's own time. */
  'impossible-time',
  /** Of a packet that has a time: none is in it, although one is held. Its place in the order is not known. */
  'no-time',
  /** A last price that is 0 or less. */
  'no-price',
] as const;

/** Why a REST quote is not believed that a packet could not be: its numbers have any size. */
export const quoteReasons = [
  /** A price or a quantity that is beyond all there can be. */
  'impossible-figure',
] as const;

export type DropReason =
  | (typeof dropReasons)[number]
  | (typeof disbeliefReasons)[number]
  | (typeof quoteReasons)[number];

/** Counted up in place by the decoder. The first four count frames, the others packets. */
export type DropCounts = Record<DropReason, number>;

export function noDrops(): DropCounts {
  return {
    'short-frame': 0,
    'absurd-count': 0,
    truncated: 0,
    'trailing-bytes': 0,
    'unknown-length': 0,
    'unknown-token': 0,
    'stale-order': 0,
    'impossible-time': 0,
    'no-time': 0,
    'no-price': 0,
    'impossible-figure': 0,
  };
}

export function totalDrops(drops: DropCounts): number {
  return [...dropReasons, ...disbeliefReasons, ...quoteReasons].reduce((sum, reason) => sum + drops[reason], 0);
}
