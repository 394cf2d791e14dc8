import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TickPace } from '../../../src/desk/tick-pace.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A pace whose batches are noted with the ms since the start; nothing is there to be sent when `isEmpty`. */
class Bench implements Disposable {
  readonly clock = new VirtualClock('2026-11-23T11:00:00+05:30');
  readonly sent: { readonly seq: number; readonly atMs: number }[] = [];
  isEmpty = false;
  answersAtOnce = false;
  readonly pace = new TickPace(this.clock, (seq) => {
    if (this.isEmpty) return false;
    this.sent.push({ seq, atMs: this.clock.monotonic() });
    if (this.answersAtOnce) this.pace.acknowledge(seq);
    return true;
  });

  get times(): readonly number[] {
    return this.sent.map(({ atMs }) => atMs);
  }

  [Symbol.dispose](): void {
    this.pace[Symbol.dispose]();
  }
}

describe('the pace of tick batches', () => {
  it('sends two at once after a pause, then one a display frame', async () => {
    using bench = new Bench();
    bench.answersAtOnce = true;
    for (let step = 0; step < 100; step++) {
      bench.pace.changed();
      await bench.clock.advance(1);
    }
    expect(bench.times).toEqual([0, 1, 16, 32, 48, 64, 80, 96]);
    await bench.clock.advance(1_000);
    bench.pace.changed();
    expect(bench.times.at(-1)).toBe(1_100);
  });

  it('holds the next batch until the last is acknowledged, and sends it then', async () => {
    using bench = new Bench();
    bench.pace.changed();
    for (let step = 0; step < 50; step++) {
      bench.pace.changed();
      await bench.clock.advance(100);
    }
    expect(bench.times).toEqual([0]);
    bench.pace.acknowledge(0);
    expect(bench.times).toEqual([0]);
    bench.pace.acknowledge(1);
    expect(bench.sent).toEqual([
      { seq: 1, atMs: 0 },
      { seq: 2, atMs: 5_000 },
    ]);
    // One answer is good for one batch.
    bench.pace.acknowledge(1);
    bench.pace.changed();
    await bench.clock.advance(1_000);
    expect(bench.sent).toHaveLength(2);
  });

  it('sends nothing, and waits for no answer, when nothing has gathered', async () => {
    using bench = new Bench();
    bench.isEmpty = true;
    bench.pace.changed();
    await bench.clock.advance(100);
    bench.isEmpty = false;
    bench.pace.changed();
    expect(bench.sent).toEqual([{ seq: 1, atMs: 100 }]);
  });

  it('sends once a second while hidden, and at once again when it is shown', async () => {
    using bench = new Bench();
    bench.answersAtOnce = true;
    bench.pace.hidden = true;
    for (let step = 0; step < 250; step++) {
      bench.pace.changed();
      await bench.clock.advance(10);
    }
    expect(bench.times).toEqual([0, 1_000, 2_000]);
    bench.pace.hidden = false;
    expect(bench.times.at(-1)).toBe(2_500);
  });

  it('leaves no timer behind', async () => {
    const bench = new Bench();
    bench.answersAtOnce = true;
    for (let change = 0; change < 3; change++) bench.pace.changed();
    expect(bench.clock.pending).toBe(1);
    bench[Symbol.dispose]();
    expect(bench.clock.pending).toBe(0);
  });

  it('never has two batches on the way nor three within a frame, and loses no change, whatever comes', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant('change' as const) },
      { weight: 2, arbitrary: fc.constant('answer' as const) },
      { weight: 1, arbitrary: fc.constantFrom('hide' as const, 'show' as const) },
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 1_500 }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        using bench = new Bench();
        let answered = 0;
        let changedAt = -1;
        for (const each of steps) {
          if (each === 'change') {
            changedAt = bench.clock.monotonic();
            bench.pace.changed();
          } else if (each === 'answer') {
            answered = bench.sent.at(-1)?.seq ?? 0;
            bench.pace.acknowledge(answered);
          } else if (each === 'hide' || each === 'show') bench.pace.hidden = each === 'hide';
          else await bench.clock.advance(each);
          expect((bench.sent.at(-1)?.seq ?? 0) - answered).toBeLessThanOrEqual(1);
        }
        // Everything answered and shown, what changed last has been sent after it changed.
        bench.pace.hidden = false;
        for (let round = 0; round < 3; round++) {
          bench.pace.acknowledge(bench.sent.at(-1)?.seq ?? 0);
          await bench.clock.advance(16);
        }
        if (changedAt >= 0) expect(bench.times.at(-1)).toBeGreaterThanOrEqual(changedAt);
        const tooSoon = bench.times.filter((atMs, index) => index > 1 && atMs - (bench.times[index - 2] ?? 0) < 16);
        expect(tooSoon).toEqual([]);
        expect(bench.sent.map(({ seq }) => seq)).toEqual(bench.sent.map((_batch, index) => index + 1));
      }),
      { examples: [[['change', 'answer', 'change', 'change', 'hide']]] },
    );
  });
});
