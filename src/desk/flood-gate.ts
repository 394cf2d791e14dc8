import type { Clock } from '../clock.ts';
import type { ActivityEntry } from '../contract/state.ts';

/** A line without its time. */
export type Line = Omit<ActivityEntry, 'at'>;

/** Lines are counted over this long; ms. */
const WINDOW_MS = 60_000;
/** As many lines of one kind, and of all kinds of one area and level, are said one by one in that time. */
const MOST_OF_A_KIND = 10;
const MOST_OF_AN_AREA = 100;
/** Kinds known at a time; a line of one more counts with its area. */
const MOST_KINDS = 200;

interface Tally {
  count: number;
  /** Lines kept back, and the last of them. */
  held: number;
  last: Line | null;
}

/**
 * Lets lines through as long as they are few. What is too many of a kind, or in all, is kept back and counted, and said
 * once a minute as the last of them with the number of the others.
 */
export class FloodGate implements Disposable {
  private readonly clock: Clock;
  private readonly say: (line: Line) => void;
  private readonly kinds = new Map<string, Tally>();
  private readonly areas = new Map<string, Tally>();
  private windowFromMs = Number.NEGATIVE_INFINITY;
  private timer: Disposable | null = null;

  /** `say`: gets the lines that stand for many. */
  constructor(clock: Clock, say: (line: Line) => void) {
    this.clock = clock;
    this.say = say;
  }

  /** Whether this line is said by itself. */
  lets(line: Line): boolean {
    if (this.timer === null && this.clock.monotonic() - this.windowFromMs >= WINDOW_MS) this.startWindow();
    const areaName = `${line.level} ${line.area}`;
    const area = tallyOf(this.areas, areaName);
    const kindName = `${areaName} ${kindOf(line.text)}`;
    const hasRoom = this.kinds.has(kindName) || this.kinds.size < MOST_KINDS;
    const kind = hasRoom ? tallyOf(this.kinds, kindName) : area;
    kind.count++;
    if (kind.count > MOST_OF_A_KIND && kind !== area) return this.hold(kind, line);
    if (kind !== area) area.count++;
    return area.count > MOST_OF_AN_AREA ? this.hold(area, line) : true;
  }

  [Symbol.dispose](): void {
    this.timer?.[Symbol.dispose]();
  }

  private hold(tally: Tally, line: Line): false {
    tally.held++;
    tally.last = line;
    this.timer ??= this.clock.setTimeout(() => this.tell(), WINDOW_MS);
    return false;
  }

  private tell(): void {
    this.timer = null;
    const tallies = [...this.kinds.values(), ...this.areas.values()];
    this.startWindow();
    for (const { held, last } of tallies) {
      if (last === null) continue;
      const others = held === 1 ? '' : ` (and ${(held - 1).toLocaleString('en-IN')} more like it)`;
      this.say({ ...last, text: `${last.text}${others}` });
    }
  }

  private startWindow(): void {
    this.kinds.clear();
    this.areas.clear();
    this.windowFromMs = this.clock.monotonic();
  }
}

function tallyOf(tallies: Map<string, Tally>, name: string): Tally {
  const known = tallies.get(name);
  if (known !== undefined) return known;
  const tally: Tally = { count: 0, held: 0, last: null };
  tallies.set(name, tally);
  return tally;
}

/** What a line is about: without its figures, instrument names, and whatever follows a colon. */
function kindOf(text: string): string {
  return text
    .replace(/: .*$/, '')
    .replace(/\b[A-Z]{2,6}:\S+/g, '*')
    .replace(/\d+/g, '#');
}
