import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IstDate } from '../../../src/market/ist.ts';

/** One recorded minute; prices in paise, start in ms since the epoch. */
export interface RecordedBar {
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Recorded sessions of the indices: bars in order of time, null for a date that was not recorded. */
export interface RecordedDays {
  dates(path: string): readonly IstDate[];
  bars(path: string, date: IstDate): readonly RecordedBar[] | null;
}

/** A recording that cannot be read as one-minute bars. */
export class RecordingError extends Error {
  readonly code = 'recording';
}

/** File-name stem of each recorded index. */
const stems: ReadonlyMap<string, string> = new Map([
  ['NIFTY 50', 'NIFTY50'],
  ['NIFTY BANK', 'NIFTYBANK'],
  ['SENSEX', 'SENSEX'],
]);

export const noRecordings: RecordedDays = { dates: () => [], bars: () => null };

/**
 * The recordings under `<dataDir>/spot_1min/<STEM>_1min_<date>.csv`, columns `date,open,high,low,close,volume,oi`. A
 * directory without them is an empty set; files are read when first asked for.
 */
export function recordingsIn(dataDir: string): RecordedDays {
  const directory = join(dataDir, 'spot_1min');
  const files = filesIn(directory);
  const read = new Map<string, readonly RecordedBar[]>();
  const dates = (path: string): readonly IstDate[] => {
    const stem = stems.get(path);
    if (stem === undefined) return [];
    const prefix = `${stem}_1min_`;
    return files
      .filter((file) => file.startsWith(prefix) && file.endsWith('.csv'))
      .map((file) => file.slice(prefix.length, -4))
      .sort();
  };
  const bars = (path: string, date: IstDate): readonly RecordedBar[] | null => {
    const file = `${stems.get(path)}_1min_${date}.csv`;
    if (!files.includes(file)) return null;
    const known = read.get(file);
    if (known !== undefined) return known;
    const parsed = parseBars(readFileSync(join(directory, file), 'utf8'), file);
    read.set(file, parsed);
    return parsed;
  };
  return { dates, bars };
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function parseBars(text: string, file: string): RecordedBar[] {
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line, row) => {
      const [time = '', ...columns] = line.split(',');
      const [open = Number.NaN, high = Number.NaN, low = Number.NaN, close = Number.NaN] = columns
        .slice(0, 4)
        .map((rupees) => Math.round(Number(rupees) * 100));
      const startMs = Date.parse(time.replace(' ', 'T'));
      if (!(startMs % 60_000 === 0 && low <= Math.min(open, close) && high >= Math.max(open, close))) {
        throw new RecordingError(`${file}, bar ${row + 1} is not a one-minute bar`);
      }
      return { startMs, open, high, low, close };
    });
}
