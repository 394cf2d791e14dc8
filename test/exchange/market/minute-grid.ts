/** A stretch of time, ms since the epoch, `endMs` exclusive. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

export const MINUTE_MS = 60_000;

/** The minutes of a day's trading windows, numbered through breaks: minute 0 starts the first window. */
export class MinuteGrid {
  readonly windows: readonly Window[];
  /** Start of each minute, ms since the epoch. */
  readonly starts: readonly number[];
  private readonly firstMinutes: readonly number[];

  /** `windows` may overlap and come in any order; they are merged. */
  constructor(windows: readonly Window[]) {
    this.windows = merge(windows);
    const starts: number[] = [];
    const firstMinutes: number[] = [];
    for (const { startMs, endMs } of this.windows) {
      firstMinutes.push(starts.length);
      for (let start = startMs; start < endMs; start += MINUTE_MS) starts.push(start);
    }
    this.starts = starts;
    this.firstMinutes = firstMinutes;
  }

  get length(): number {
    return this.starts.length;
  }

  /** Start of trading; infinite on a day without any. */
  get startMs(): number {
    return this.windows[0]?.startMs ?? Number.POSITIVE_INFINITY;
  }

  /** End of trading; infinite on a day without any. */
  get endMs(): number {
    return this.windows.at(-1)?.endMs ?? Number.POSITIVE_INFINITY;
  }

  /** Number of the minute that contains the instant, -1 outside trading. */
  at(instantMs: number): number {
    for (let w = this.windows.length - 1; w >= 0; w--) {
      const window = this.windows[w];
      if (window === undefined || instantMs < window.startMs) continue;
      if (instantMs >= window.endMs) return -1;
      return (this.firstMinutes[w] ?? 0) + Math.floor((instantMs - window.startMs) / MINUTE_MS);
    }
    return -1;
  }

  /** How many minutes are over at the instant. */
  completedBy(instantMs: number): number {
    for (let w = this.windows.length - 1; w >= 0; w--) {
      const window = this.windows[w];
      if (window === undefined || instantMs < window.startMs) continue;
      const end = Math.min(instantMs, window.endMs);
      return (this.firstMinutes[w] ?? 0) + Math.floor((end - window.startMs) / MINUTE_MS);
    }
    return 0;
  }
}

function merge(windows: readonly Window[]): Window[] {
  const merged: Window[] = [];
  for (const window of [...windows].sort((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1);
    if (last === undefined || window.startMs > last.endMs) merged.push(window);
    else merged[merged.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, window.endMs) };
  }
  return merged;
}
