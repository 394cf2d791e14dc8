const SECOND_MS = 1_000;

/** The indicative prices of one instrument's pre-open: `[ms, rupees]`, at most one a second, only where they change. */
export class IndicativeLine {
  private readonly line: (readonly [number, number])[] = [];

  get points(): readonly (readonly [number, number])[] {
    return this.line;
  }

  /** Takes a price; one of the same second replaces the last, an older one is left out. */
  add(timeMs: number, rupees: number): void {
    const last = this.line.at(-1);
    const secondMs = Math.floor(timeMs / SECOND_MS) * SECOND_MS;
    if (last !== undefined && (secondMs < last[0] || rupees === last[1])) return;
    if (last !== undefined && secondMs === last[0]) this.line.pop();
    this.line.push([secondMs, rupees]);
  }
}
