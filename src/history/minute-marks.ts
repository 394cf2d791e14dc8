const MINUTES_A_DAY = 1_440;
const ANSWERED = 1;
const DOUBT = 2;
const KEPT = 4;

/** What is known of each minute of one instrument's day, whether it has a candle or not. Minutes are counted from 00:00 IST. */
export class MinuteMarks {
  /** Made when the first is set: most of thousands of instruments never need one. */
  private bits: Uint8Array | null = null;
  /** Minutes before this one were not seen by this run from their beginning. */
  private seenFrom = 0;
  /** Since this minute no unbroken stream has been seen; null while there is one. */
  private unseenFrom: number | null = 0;

  /** Kite has answered for the minute, with a row or without. */
  answer(minute: number): void {
    this.set(minute, ANSWERED);
  }

  /** An earlier run has kept Kite's row of the minute. */
  keep(minute: number): void {
    this.set(minute, KEPT);
  }

  doubt(minute: number): void {
    this.set(minute, DOUBT);
  }

  loseSight(minute: number): void {
    this.unseenFrom ??= minute;
  }

  /** The stream goes on within `minute`: that one and all since the sight was lost are in doubt. */
  catchSight(minute: number): void {
    if (this.unseenFrom === null) return;
    if (this.seenFrom === 0) this.seenFrom = minute + 1;
    else for (let each = this.unseenFrom; each <= minute; each++) this.set(each, DOUBT);
    this.unseenFrom = null;
  }

  isAnswered(minute: number): boolean {
    return (this.at(minute) & ANSWERED) !== 0;
  }

  isSettled(minute: number): boolean {
    return (this.at(minute) & (ANSWERED | KEPT)) !== 0;
  }

  isDoubtful(minute: number): boolean {
    const bits = this.at(minute);
    if ((bits & ANSWERED) !== 0) return false;
    return (bits & DOUBT) !== 0 || minute < this.seenFrom || (this.unseenFrom !== null && minute >= this.unseenFrom);
  }

  private at(minute: number): number {
    return this.bits?.[minute] ?? 0;
  }

  private set(minute: number, bit: number): void {
    if (minute < 0 || minute >= MINUTES_A_DAY) return;
    this.bits ??= new Uint8Array(MINUTES_A_DAY);
    this.bits[minute] = (this.bits[minute] ?? 0) | bit;
  }
}
