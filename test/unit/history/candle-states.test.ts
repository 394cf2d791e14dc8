/** Whatever happens to the feed, the PC, Kite and the app: what the desk says of a minute's state is true. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CandleRow } from '../../../src/contract/commands.ts';
import type { BookInstrument } from '../../../src/feed/quote-book.ts';
import type { KiteCandle } from '../../../src/kite/session.ts';
import { randomFrom } from '../../support/random.ts';
import { nifty, niftyCall, niftyFuture } from '../feed/instruments.ts';
import { BackfillBench, minuteText } from './backfill-bench.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const instruments: readonly BookInstrument[] = [nifty, niftyFuture, niftyCall];
const call = 2;
/** After the last trouble: the longest back-off, and two minutes more. */
const RECOVERY_MS = 180 * SECOND_MS;
/** Long enough for a minute to end, and for the next one's row. */
const BAD_ROW_SECONDS = 130;
const OPEN_UNTIL_MS = 45 * SECOND_MS;

const kinds = [
  'calm',
  'outage',
  'pause',
  'rest',
  'restart',
  'sleep',
  'history fails',
  'bad row',
  'clock',
  'late frames',
] as const;
type Kind = (typeof kinds)[number];
interface Event {
  readonly kind: Kind;
  readonly seconds: number;
}
/** What costs ticks, so that no minute it touches may be called provisional afterwards. */
const costly: ReadonlySet<Kind> = new Set(['outage', 'pause', 'rest', 'restart', 'sleep']);
const without: ReadonlySet<Kind> = new Set(['outage', 'pause', 'sleep']);
const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom(...kinds),
  seconds: fc.integer({ min: 1, max: 150 }),
});

function minuteOf(instantMs: number): number {
  return Math.floor(instantMs / MINUTE_MS) * MINUTE_MS;
}

/** The exchange: its rows, and ticks that see only some of them. */
class Market {
  readonly bench = new BackfillBench('10:00:20');
  private readonly random: () => number;
  /** Starts of minutes in which ticks were lost. */
  private readonly touched = new Set<number>();
  private readonly truth = instruments.map(() => new Map<number, KiteCandle>());

  constructor(seed: number) {
    this.random = randomFrom(seed);
    for (const [slot, { token }] of instruments.entries()) {
      this.bench.history.list(token, '09:15:00', '11:30:00', (startMs) => {
        // Some minutes of a contract pass without a trade.
        if (slot > 0 && this.random() < 0.15) return undefined;
        const low = 100 + Math.floor(this.random() * 1_000);
        const high = low + 2 + Math.floor(this.random() * 20);
        const inside = (): number => low + Math.floor(this.random() * (high - low));
        const row = { startMs, open: inside(), high, low, close: inside(), volume: slot * 65, openInterest: null };
        this.truth[slot]?.set(startMs, row);
        return row;
      });
    }
  }

  async play({ kind, seconds }: Event): Promise<void> {
    const { bench } = this;
    const beganMs = bench.clock.now();
    if (kind === 'restart') bench.restart();
    if (kind === 'outage' || kind === 'history fails') bench.failure = 'network';
    if (kind === 'clock') bench.pcAheadMs = (seconds - 75) * 10 * SECOND_MS;
    if (kind === 'bad row') this.spoil(minuteOf(beganMs));
    if (kind === 'sleep') bench.clock.jump(seconds * 4 * SECOND_MS);
    if (without.has(kind) || kind === 'clock' || kind === 'rest') bench.candles.interrupted();
    await this.pass(kind === 'sleep' ? 1 : kind === 'bad row' ? seconds + BAD_ROW_SECONDS : seconds, kind);
    bench.failure = null;
    bench.pcAheadMs = 0;
    if (kind === 'bad row') this.spoil(null);
    if (!costly.has(kind)) return;
    const endMs = kind === 'restart' ? beganMs : bench.clock.now();
    for (let startMs = minuteOf(beganMs); startMs < endMs; startMs += MINUTE_MS) this.touched.add(startMs);
  }

  /** So many seconds with the ticks a kind of event leaves. */
  async pass(seconds: number, kind: Kind): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.bench.run(SECOND_MS);
      if (without.has(kind)) continue;
      const nowMs = this.bench.clock.now() - (kind === 'late frames' ? 12 * SECOND_MS : 0);
      for (const [slot, instrument] of instruments.entries()) {
        const row = this.truth[slot]?.get(minuteOf(nowMs));
        if (row === undefined || this.random() < 0.6) continue;
        const price = row.low + Math.floor(this.random() * (row.high - row.low + 1));
        this.bench.tick(instrument, price, { origin: kind === 'rest' ? 'rest' : 'websocket', atMs: nowMs });
      }
    }
  }

  /** The index's row of a minute cannot be one; null: all are right again. */
  private spoil(startMs: number | null): void {
    const rows = this.bench.history.rows.get(nifty.token);
    for (const [known, row] of this.truth[0] ?? []) rows?.set(known, known === startMs ? null : row);
  }

  /** Rows called settled that are not the exchange's, a sentence each. */
  lies(): readonly string[] {
    return this.rows().flatMap(([slot, row]) => {
      const isTrue = row[7] !== 'settled' || this.isTruth(slot, row);
      return isTrue ? [] : [`${slot} ${minuteText(row[0])} ${row.slice(1, 5).join(' ')}`];
    });
  }

  /** What is still wrong when the network has been well for a while, a sentence each. */
  leftOpen(): readonly string[] {
    const untilMs = this.bench.clock.now() - MINUTE_MS - OPEN_UNTIL_MS;
    const closed = this.rows().filter(([, [startMs]]) => startMs < untilMs);
    const missing = [0, 1].flatMap((slot) =>
      [...(this.truth[slot]?.keys() ?? [])]
        .filter((startMs) => startMs < untilMs && !closed.some(([of, row]) => of === slot && row[0] === startMs))
        .map((startMs) => `${slot} ${minuteText(startMs)} missing`),
    );
    const isOpen = ([slot, [startMs, , , , , , , state]]: readonly [number, CandleRow]): boolean =>
      state !== 'settled' && (slot !== call || state === 'doubtful' || this.touched.has(startMs));
    const wrong = closed.filter(isOpen).map(([slot, row]) => `${slot} ${minuteText(row[0])} ${row[7]}`);
    return [...missing, ...wrong];
  }

  private isTruth(slot: number, [startMs, open, high, low, close]: CandleRow): boolean {
    const row = this.truth[slot]?.get(startMs);
    return row?.open === open && row.high === high && row.low === low && row.close === close;
  }

  private rows(): readonly (readonly [number, CandleRow])[] {
    return instruments.flatMap((_, slot) =>
      this.bench.candles
        .rows(slot, 0, Number.POSITIVE_INFINITY)
        .map((row): readonly [number, CandleRow] => [slot, row]),
    );
  }
}

test('what is called settled is the exchange’s row, doubt ends once all is well, and history is not asked for too often', {
  timeout: 300_000,
}, async () => {
  const story = fc.record({ seed: fc.integer(), events: fc.array(event, { minLength: 1, maxLength: 8 }) });
  await fc.assert(
    fc.asyncProperty(story, async ({ seed, events }) => {
      const market = new Market(seed);
      using bench = market.bench;
      const startMs = bench.clock.now();
      const follow = () => void bench.backfill.bringUpToDate(call);
      follow();
      for (const each of events) {
        await market.play(each);
        // A chart or a program asks again after a restart.
        if (each.kind === 'restart') follow();
        expect(market.lies()).toEqual([]);
      }
      await market.pass(RECOVERY_MS / SECOND_MS, 'calm');
      expect(market.lies()).toEqual([]);
      expect(market.leftOpen()).toEqual([]);
      const minutes = (bench.clock.now() - startMs) / MINUTE_MS;
      for (const instrument of instruments) {
        expect(bench.askedOf(instrument).length).toBeLessThanOrEqual(4 * minutes + 6 * events.length + 6);
      }
    }),
    { numRuns: process.env.MDTS_LONG === '1' ? 300 : 40 },
  );
});
