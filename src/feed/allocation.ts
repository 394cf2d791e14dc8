/** Kite's limits (https://kite.trade/docs/connect/v3/websocket/). */
export const TOKENS_PER_CONNECTION = 3_000;
export const CONNECTIONS = 3;
export const MOST_TOKENS = TOKENS_PER_CONNECTION * CONNECTIONS;

/** A connection is given up only when the others have this much room besides: a list at the limit must not flap. */
const ROOM_TO_SPARE = 150;
/** Connections this unequal are evened out; moving a token costs its data for a moment. */
const TOLERATED_DIFFERENCE = 300;

/**
 * Which token goes over which connection. The indices and futures go over the first; the others are spread evenly and
 * stay where they are as long as that is fair.
 */
export class TokenAllocation {
  private homes: ReadonlyMap<number, number> = new Map();
  private connections = 1;

  /** Takes the tokens in the order of their importance, none twice; returns each connection's, in that order. */
  assign(first: readonly number[], others: readonly number[]): readonly (readonly number[])[] {
    const fixed = first.slice(0, TOKENS_PER_CONNECTION);
    const spread = others.slice(0, MOST_TOKENS - fixed.length);
    this.connections = connectionsFor(fixed.length + spread.length, this.connections);
    const loads = new Array<number>(this.connections).fill(0);
    loads[0] = fixed.length;
    const homes = new Map<number, number>();
    const give = (token: number, connection: number): void => {
      homes.set(token, connection);
      loads[connection] = (loads[connection] ?? 0) + 1;
    };
    const homeless: number[] = [];
    for (const token of spread) {
      const home = this.homes.get(token);
      if (home !== undefined && (loads[home] ?? TOKENS_PER_CONNECTION) < TOKENS_PER_CONNECTION) give(token, home);
      else homeless.push(token);
    }
    for (const token of homeless) give(token, leastLoaded(loads));
    evenOut(spread, homes, loads);
    this.homes = homes;
    return loads.map((_, connection) => [
      ...(connection === 0 ? fixed : []),
      ...spread.filter((token) => homes.get(token) === connection),
    ]);
  }
}

function connectionsFor(tokens: number, before: number): number {
  const needed = Math.max(1, Math.ceil(tokens / TOKENS_PER_CONNECTION));
  const neededWithRoom = Math.max(1, Math.ceil((tokens + ROOM_TO_SPARE) / TOKENS_PER_CONNECTION));
  return Math.max(needed, Math.min(before, neededWithRoom));
}

function leastLoaded(loads: readonly number[]): number {
  return loads.indexOf(Math.min(...loads));
}

/** Moves the least important tokens of the fullest connection to the emptiest while they differ too much. */
function evenOut(tokens: readonly number[], homes: Map<number, number>, loads: number[]): void {
  if (Math.max(...loads) - Math.min(...loads) <= TOLERATED_DIFFERENCE) return;
  const fairShare = Math.ceil(loads.reduce((sum, load) => sum + load, 0) / loads.length);
  for (const token of tokens.toReversed()) {
    const home = homes.get(token) ?? 0;
    if ((loads[home] ?? 0) <= fairShare) continue;
    const to = leastLoaded(loads);
    loads[home] = (loads[home] ?? 0) - 1;
    loads[to] = (loads[to] ?? 0) + 1;
    homes.set(token, to);
  }
}
