import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StateStore } from '../../../src/desk/state-store.ts';
import { AttachedInterface } from '../../../src/desk/ui-attachment.ts';
import { DirtySet } from '../../../src/feed/dirty-set.ts';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import type { CandleBook } from '../../../src/history/candles.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { deskState } from '../electron/desk-state.ts';

const FOLLOWED = 6;

/** An interface at a book of six instruments, and every slot that anything was marked for. */
function attached() {
  const clock = new VirtualClock('2026-11-23T11:00:00+05:30');
  const book = new QuoteBook(bundledCalendar());
  for (let slot = 0; slot < FOLLOWED; slot++) {
    book.add({ key: `NSE:S${slot}`, token: slot * 256 + 1, role: 'watch', segment: null });
  }
  const marked: number[] = [];
  const nothing = (): Disposable => ({ [Symbol.dispose]: () => undefined });
  const candles = {
    trackChanges: () => ({ ...nothing(), markWhole: (slot: number) => marked.push(slot), drain: () => undefined }),
    onClosedChange: nothing,
  } as unknown as CandleBook;
  const state = new StateStore(clock, deskState({}));
  const ports = { clock, uiClock: clock, state, book, candles };
  const page = new AttachedInterface(ports, { state: () => undefined, ticks: () => undefined });
  return { page, marked };
}

it('an interface is shown what there is, whatever it says it shows', () => {
  const slot = fc.oneof(
    fc.integer({ min: -2, max: 12 }),
    fc.constantFrom(2 ** 31, 2 ** 32 - 1, 2 ** 53, 1e300, 0.5, Number.NaN, '3', null),
  );
  const slots = fc.oneof(fc.array(slot, { maxLength: 8 }), fc.constantFrom(null, 'all', {}, Array(10_001).fill(1)));
  const interests = fc.oneof(fc.record({ slots, depth: slots, candles: slots, hidden: fc.boolean() }), fc.anything());
  const mark = DirtySet.prototype.mark;
  let highest = 0;
  DirtySet.prototype.mark = function (this: DirtySet, each: number) {
    highest = Math.max(highest, each);
    mark.call(this, each);
  };
  try {
    fc.assert(
      fc.property(fc.array(interests, { maxLength: 6 }), (sequence) => {
        const { page, marked } = attached();
        using _page = page;
        for (const interest of sequence) page.setInterest(interest);
        expect([...page.interest, ...marked].every((each) => each >= 0 && each < FOLLOWED)).toBe(true);
      }),
    );
    expect(highest).toBeLessThan(FOLLOWED);
  } finally {
    DirtySet.prototype.mark = mark;
  }
});
