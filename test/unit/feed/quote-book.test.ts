import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DirtySet } from '../../../src/feed/dirty-set.ts';
import { QuoteBook, QuoteBookError } from '../../../src/feed/quote-book.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { quote } from './feed-bench.ts';
import { at, infosys, nifty, niftyCall, niftyFuture } from './instruments.ts';
import { frameOf } from './packets.ts';

const calendar = bundledCalendar();
const noon = at('12:00:00');

function bookOf(...instruments: Parameters<QuoteBook['add']>[0][]): QuoteBook {
  const book = new QuoteBook(calendar);
  for (const instrument of instruments) book.add(instrument);
  return book;
}

function drained(dirty: DirtySet): number[] {
  const slots: number[] = [];
  dirty.drain((slot) => slots.push(slot));
  return slots;
}

describe('a quote book', () => {
  it('gives slots in the order of adding, beyond any first capacity, and the old one to what is known', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      ...niftyCall,
      key: `NFO:OPTION${index}`,
      token: (index + 1) * 256 + 2,
    }));
    const book = bookOf(nifty);
    expect(many.map((instrument) => book.add(instrument))).toEqual(many.map((_, index) => index + 1));
    expect(book.add(nifty)).toBe(0);
    book.applyFrame(frameOf([{ token: 100 * 256 + 2, lastPrice: 12.35, exchangeTimeMs: noon }]), noon);
    expect(book.row(100, false)).toMatchObject({ slot: 100, lastPrice: 12.35, kind: 'live' });
  });

  it('refuses a token that another instrument listens to', () => {
    const book = bookOf(niftyFuture);
    expect(() => book.add({ ...niftyFuture, key: 'NFO:NIFTY26DECFUT' })).toThrow(QuoteBookError);
    expect(book.size).toBe(1);
  });

  it('lets a retired instrument give its token up, and shows no price of the one under the name of the other', () => {
    const book = bookOf(niftyCall);
    const tick = (lastPrice: number, atMs: number): number =>
      book.applyFrame(frameOf([{ token: niftyCall.token, lastPrice, exchangeTimeMs: atMs }]), atMs);
    tick(120, noon);
    book.retire(0);
    const later = { ...niftyCall, key: 'NFO:BANKNIFTY26D0152000PE' };
    expect(book.add(later)).toBe(1);
    expect(book.row(1, false)).toBeNull();
    tick(7, noon + 1_000);
    expect([book.row(0, false)?.lastPrice, book.row(1, false)?.lastPrice]).toEqual([120, 7]);

    book.retire(1);
    expect(book.add(niftyCall)).toBe(0);
    tick(121, noon + 2_000);
    expect([book.row(0, false)?.lastPrice, book.row(1, false)?.lastPrice]).toEqual([121, 7]);
  });

  it('takes no quote that was asked for under a token the name no longer has', () => {
    const book = bookOf(niftyCall);
    const asked = quote(niftyCall, 50, noon);
    book.retire(0);
    book.add({ ...niftyCall, token: niftyCall.token + 256 });
    expect(book.applyQuotes([asked], noon)).toBe(0);
    expect(book.row(1, false)).toBeNull();
    expect(book.applyQuotes([{ ...asked, token: niftyCall.token + 256 }], noon)).toBe(1);
    expect(book.row(1, false)?.lastPrice).toBe(50);
  });

  it('shows rupees, depth on request, and nothing before the first price', () => {
    const book = bookOf(nifty, niftyFuture);
    expect(book.row(1, true)).toBeNull();
    book.applyFrame(
      frameOf([
        { token: nifty.token, lastPrice: 26_015.35, high: 26_100.05, low: 25_900, exchangeTimeMs: noon },
        { token: niftyFuture.token, lastPrice: 26_050.1, volume: 3_000_000_000, exchangeTimeMs: noon },
      ]),
      noon + 300,
    );
    expect(book.row(0, false)).toMatchObject({ lastPrice: 26_015.35, high: 26_100.05, low: 25_900, depth: null });
    const future = book.row(1, true);
    expect(future).toMatchObject({
      volume: 3_000_000_000,
      exchangeTime: noon,
      receivedAt: noon + 300,
      fromRest: false,
    });
    expect(future?.depth).toHaveLength(10);
    expect(future?.depth?.[0]).toEqual({ price: 26_050.05, quantity: 130, orders: 3 });
  });

  it('judges a kind on every tick, and all of them again when the phase changes without one', () => {
    const book = bookOf(nifty, niftyFuture, niftyCall);
    const tokens = [nifty.token, niftyFuture.token, niftyCall.token];
    const ticks = (timeMs: number) =>
      book.applyFrame(frameOf(tokens.map((token) => ({ token, lastPrice: 100, exchangeTimeMs: timeMs }))), timeMs);
    const kinds = () => [0, 1, 2].map((slot) => book.kind(slot));
    ticks(at('09:05:00'));
    expect(kinds()).toEqual(['indicative', 'indicative', 'previous-close']);
    ticks(at('09:15:00'));
    expect(kinds()).toEqual(['live', 'live', 'live']);
    using changes = book.trackPrices();
    book.refreshKinds(at('15:15:00'));
    expect(kinds()).toEqual(['frozen', 'live', 'live']);
    expect(drained(changes.dirty)).toEqual([0]);
    book.refreshKinds(at('15:40:00'));
    expect(kinds()).toEqual(['frozen', 'frozen', 'frozen']);
    book.refreshKinds(at('00:00:00', '2026-11-24'));
    expect(kinds()).toEqual(['previous-close', 'previous-close', 'previous-close']);
  });

  it('takes a REST quote only when it is newer, and marks it until the next tick', () => {
    const book = bookOf(nifty, infosys);
    book.applyFrame(frameOf([{ token: infosys.token, lastPrice: 1_500, exchangeTimeMs: noon }]), noon);
    expect(book.applyQuotes([quote(infosys, 1_400, noon - 1_000)], noon + 500)).toBe(0);
    expect(book.applyQuotes([quote(infosys, 1_400, noon)], noon + 600)).toBe(0);
    expect(book.applyQuotes([quote(infosys, 1_400, null)], noon + 700)).toBe(0);
    expect(book.row(1, false)).toMatchObject({ lastPrice: 1_500, receivedAt: noon, fromRest: false });

    const quotes = [quote(infosys, 1_510.55, noon + 1_000), quote(niftyFuture, 1, noon + 1_000)];
    expect(book.applyQuotes(quotes, noon + 1_500)).toBe(1);
    expect(book.row(1, true)).toMatchObject({
      lastPrice: 1_510.55,
      volume: 250,
      kind: 'live',
      fromRest: true,
      receivedAt: noon + 1_500,
      depth: expect.arrayContaining([{ price: 1_509.55, quantity: 65, orders: 2 }]),
    });
    expect(book.firstTickAt(0)).toBeNull();
    book.applyFrame(frameOf([{ token: infosys.token, lastPrice: 1_511, exchangeTimeMs: noon + 2_000 }]), noon + 2_000);
    expect(book.row(1, false)).toMatchObject({ lastPrice: 1_511, fromRest: false });
  });

  it('knows since when a price stands, but not of the first one', () => {
    const book = bookOf(nifty);
    const tick = (lastPrice: number, timeMs: number) => {
      book.applyFrame(frameOf([{ token: nifty.token, lastPrice, exchangeTimeMs: timeMs }]), timeMs + 200);
      return book.row(0, false)?.changedAt;
    };
    expect(tick(26_000, noon)).toBe(0);
    expect(tick(26_000, noon + 1_000)).toBe(0);
    expect(tick(26_010, noon + 2_000)).toBe(noon + 2_200);
    expect(tick(26_010, noon + 3_000)).toBe(noon + 2_200);
    book.applyQuotes([quote(nifty, 26_020, noon + 4_000)], noon + 4_500);
    expect(book.row(0, false)?.changedAt).toBe(noon + 4_500);
  });

  describe('in quote mode, where nothing has a time', () => {
    const full = (timeMs: number, volume: number, lastPrice = 100) =>
      frameOf([{ token: niftyCall.token, lastPrice, exchangeTimeMs: timeMs, volume }]);
    const timeless = (lastPrice: number, volume: number) =>
      frameOf([{ token: niftyCall.token, lastPrice, exchangeTimeMs: 0, volume, mode: 'quote' }]);

    it('takes a price for live once the volume shows a trade, and for what it was until then', () => {
      const book = bookOf(niftyCall);
      book.applyFrame(full(at('15:00:00', '2026-11-20'), 500), noon);
      expect(book.kind(0)).toBe('previous-close');
      book.applyFrame(timeless(100, 500), noon + 1_000);
      expect(book.kind(0)).toBe('previous-close');
      book.applyFrame(timeless(101, 575), noon + 2_000);
      expect(book.row(0, false)).toMatchObject({ kind: 'live', lastPrice: 101, volume: 575, receivedAt: noon + 2_000 });
      book.refreshKinds(at('15:41:00'));
      expect(book.kind(0)).toBe('frozen');
    });

    it('proves nothing by the first volume of all, or of a day', () => {
      const book = bookOf(niftyCall);
      book.applyFrame(timeless(101, 575), noon);
      expect(book.kind(0)).toBe('previous-close');
      book.refreshKinds(at('00:00:01', '2026-11-25'));
      book.applyFrame(timeless(101, 900), at('09:20:00', '2026-11-25'));
      expect(book.kind(0)).toBe('previous-close');
    });

    it('shows no exchange time: the one that is held is of an earlier price', () => {
      const book = bookOf(niftyCall);
      book.applyFrame(full(noon, 500), noon);
      expect(book.row(0, false)?.exchangeTime).toBe(noon);
      book.applyFrame(timeless(101, 575), noon + 60_000);
      expect(book.row(0, false)?.exchangeTime).toBe(0);
    });

    it('takes the time of what it has already for no news, and a later one for news', () => {
      const book = bookOf(niftyCall);
      book.applyFrame(full(noon, 500), noon);
      book.applyFrame(timeless(101, 575), noon + 60_000);
      book.applyFrame(full(noon + 59_000, 575, 101), noon + 70_000);
      expect(book.lastFrame.advances).toBe(0);
      book.applyFrame(full(noon + 71_000, 600), noon + 71_500);
      expect(book.lastFrame.advances).toBe(1);
    });
  });

  it('tells of each frame what advances in it, what is outdated, and the least lag of what streams', () => {
    const book = bookOf(nifty, niftyFuture);
    const ticks = (timeMs: number, receivedAtMs: number) =>
      book.applyFrame(
        frameOf([nifty, niftyFuture].map(({ token }) => ({ token, lastPrice: 1, exchangeTimeMs: timeMs }))),
        receivedAtMs,
      );
    ticks(noon, noon + 400);
    expect(book.lastFrame).toMatchObject({ advances: 2, outdated: 0, leastLagMs: Number.NaN });
    ticks(noon, noon + 650);
    expect(book.lastFrame).toMatchObject({ advances: 0, outdated: 0 });
    ticks(noon + 1_000, noon + 1_500);
    expect(book.lastFrame).toMatchObject({ advances: 2, leastLagMs: 500 });
    ticks(noon - 5_000, noon + 1_700);
    expect(book.lastFrame).toMatchObject({ advances: 0, outdated: 2 });
    expect(book.lags.samples).toBe(2);
  });

  it('notes the first tick of the day, and forgets it with the day', () => {
    const book = bookOf(nifty);
    using status = book.trackStatus();
    const tick = (timeMs: number) =>
      book.applyFrame(frameOf([{ token: nifty.token, lastPrice: 1, exchangeTimeMs: timeMs }]), timeMs);
    tick(at('08:55:01'));
    tick(at('08:55:02'));
    expect(book.firstTickAt(0)).toBe(at('08:55:01'));
    expect(drained(status.dirty)).toEqual([0]);
    book.refreshKinds(at('00:00:01', '2026-11-24'));
    expect(book.firstTickAt(0)).toBeNull();
    expect(drained(status.dirty)).toEqual([0]);
    tick(at('08:55:03', '2026-11-25'));
    expect(book.firstTickAt(0)).toBe(at('08:55:03', '2026-11-25'));
  });

  it('lets each consumer drain what changed for it, however often the others do', () => {
    const book = bookOf(nifty, niftyFuture);
    using fast = book.trackPrices();
    using slow = book.trackPrices();
    book.applyFrame(frameOf([{ token: nifty.token, lastPrice: 1, exchangeTimeMs: noon }]), noon);
    expect(drained(fast.dirty)).toEqual([0]);
    expect(drained(fast.dirty)).toEqual([]);
    book.applyFrame(frameOf([{ token: niftyFuture.token, lastPrice: 1, exchangeTimeMs: noon }]), noon);
    expect(drained(fast.dirty)).toEqual([1]);
    expect(drained(slow.dirty)).toEqual([0, 1]);
  });

  it('becomes stale by time and fresh by a tick, and only a time stamp that moves counts', () => {
    const book = bookOf(nifty, niftyCall);
    const tick = (timeMs: number, receivedAtMs: number) =>
      book.applyFrame(frameOf([{ token: nifty.token, lastPrice: 1, exchangeTimeMs: timeMs }]), receivedAtMs);
    tick(noon, noon);
    book.refreshStale(noon + 4_000, () => 0, 1);
    expect(book.isStale(0)).toBe(false);
    tick(noon, noon + 5_000);
    book.refreshStale(noon + 5_500, () => 0, 1);
    expect([0, 1].map((slot) => book.isStale(slot))).toEqual([true, false]);
    tick(noon + 6_000, noon + 6_000);
    expect(book.isStale(0)).toBe(false);
    book.retire(0);
    book.refreshStale(noon + 60_000, () => 60_000, 1);
    expect([0, 1].map((slot) => book.isStale(slot))).toEqual([false, true]);
  });

  it('takes nothing from a damaged frame, and counts it', () => {
    const book = bookOf(nifty);
    const whole = frameOf([{ token: nifty.token, lastPrice: 1, exchangeTimeMs: noon }]);
    expect(book.applyFrame(whole.subarray(0, 20), noon)).toBe(0);
    expect(book.dropped).toBeGreaterThan(0);
    expect(book.row(0, false)).toBeNull();
  });
});

describe('a dirty set', () => {
  it('hands out exactly what was marked, once, in ascending order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000)), (marks) => {
        const dirty = new DirtySet();
        for (const slot of marks) dirty.mark(slot);
        expect(dirty.isEmpty).toBe(marks.length === 0);
        expect(marks.every((slot) => dirty.has(slot))).toBe(true);
        expect(drained(dirty)).toEqual([...new Set(marks)].sort((a, b) => a - b));
        expect(dirty.isEmpty).toBe(true);
      }),
    );
  });

  it('does not lose a mark made while it is drained', () => {
    const dirty = new DirtySet();
    dirty.mark(5);
    const seen: number[] = [];
    const visit = (slot: number): void => {
      seen.push(slot);
      if (seen.length === 1) for (const again of [3, 5, 900]) dirty.mark(again);
    };
    dirty.drain(visit);
    dirty.drain(visit);
    expect(seen.sort((a, b) => a - b)).toEqual([3, 5, 5, 900]);
  });
});
