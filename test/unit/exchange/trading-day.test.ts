import { describe, expect, it } from 'vitest';
import { type IstDate, instantOf, istDateOf, istTimeOf } from '../../../src/market/ist.ts';
import { emptyTick, type MarketTick } from '../../exchange/market/market-tick.ts';
import { AUCTION_DAY, feedOf, marketModel, PLAIN_DAY, tickAt, ticksBetween } from './market-bench.ts';

const model = marketModel();
const NIFTY_KEY = 'NSE:NIFTY 50';
const FRONT = 'NFO:NIFTY26NOVFUT';

/** Every tick between two times, each a copy. */
function seen(key: string, date: IstDate, from: string, to: string): { atMs: number; tick: MarketTick }[] {
  const ticks: { atMs: number; tick: MarketTick }[] = [];
  for (const { atMs, tick } of ticksBetween(feedOf(model, key, date), date, from, to)) {
    ticks.push({ atMs, tick: structuredClone(tick) });
  }
  return ticks;
}

function perSecond(key: string, from: string, to: string): number {
  return seen(key, AUCTION_DAY, from, to).length / ((instantOf(AUCTION_DAY, to) - instantOf(AUCTION_DAY, from)) / 1000);
}

describe('before the open', () => {
  it('an index ticks 2.33 times a second with an unchanged value and a timestamp that advances', () => {
    const ticks = seen(NIFTY_KEY, AUCTION_DAY, '08:30', '08:40');
    expect(ticks.length / 600).toBeCloseTo(7 / 3, 2);
    expect(new Set(ticks.map(({ tick }) => tick.lastPrice)).size).toBe(1);
    expect(new Set(ticks.map(({ tick }) => tick.exchangeTimeS)).size).toBe(600);
  });

  it('a tradable shows the last packet of the session before', () => {
    for (const key of [FRONT, 'NSE:INFY']) {
      const feed = feedOf(model, key, AUCTION_DAY);
      expect(feed.lastTickAt(instantOf(AUCTION_DAY, '08:59:59'))).toBe(Number.NEGATIVE_INFINITY);
      const cached = tickAt(feed, AUCTION_DAY, '08:59:59');
      expect(istDateOf(cached.exchangeTimeS * 1000)).toBe('2026-11-20');
      expect(cached).toEqual(tickAt(feedOf(model, key, '2026-11-20'), '2026-11-20', '23:59:59'));
    }
  });

  it.each([NIFTY_KEY, FRONT, 'NSE:RELIANCE'])('%s has an indicative price that moves until a random close', (key) => {
    const ticks = seen(key, AUCTION_DAY, '09:00', '09:08');
    expect(new Set(ticks.map(({ tick }) => tick.lastPrice)).size).toBeGreaterThan(50);
    for (const { tick } of ticks) {
      expect(tick.open).toBe(0);
      expect(tick.lastTradeTimeS).toBeLessThan(instantOf(AUCTION_DAY, '09:00') / 1000);
    }
  });

  it('closes entry for cash and for futures at different moments between 09:08 and 09:10, then trades once', () => {
    const matchOf = (key: string): MarketTick[] =>
      seen(key, AUCTION_DAY, '09:08', '09:15')
        .map(({ tick }) => tick)
        .filter(({ open }) => open > 0);
    const [share, ...moreOfShare] = matchOf('NSE:RELIANCE');
    const [future, ...moreOfFuture] = matchOf(FRONT);
    expect(moreOfShare).toEqual([]);
    expect(moreOfFuture).toEqual([]);
    expect(future?.exchangeTimeS).not.toBe(share?.exchangeTimeS);
    for (const tick of [share, future]) {
      expect(istTimeOf((tick?.exchangeTimeS ?? 0) * 1000)).toMatch(/^09:0[89]:/);
      expect(tick?.lastTradeTimeS).toBe(tick?.exchangeTimeS);
      expect(tick?.volume).toBeGreaterThan(0);
      expect(tick?.open).toBe(tick?.lastPrice);
    }
  });

  it('leaves options, later futures and VIX out of the pre-open', () => {
    const option = model.instruments(AUCTION_DAY).all.find(({ type }) => type === 'PE');
    const optionKey = `${option?.exchange}:${option?.tradingSymbol}`;
    for (const key of ['BFO:SENSEX27JANFUT', 'NFO:NIFTY27JANFUT', optionKey]) {
      expect(seen(key, AUCTION_DAY, '09:00', '09:15')).toEqual([]);
      expect(seen(key, AUCTION_DAY, '09:15', '09:16').length).toBeGreaterThan(5);
    }
    const vix = seen('NSE:INDIA VIX', AUCTION_DAY, '09:00', '09:15').map(({ tick }) => tick.lastPrice);
    expect(new Set(vix).size).toBe(1);
  });

  it('takes the next month in for the last five sessions of the front month', () => {
    const joins = (date: IstDate): boolean => seen('NFO:NIFTY26DECFUT', date, '09:00', '09:05').length > 0;
    // 2026-11-23 is the expiry; 17, 18, 19 and 20 are the sessions before, and 16 the sixth.
    expect(['2026-11-16', '2026-11-17', '2026-11-20', '2026-11-23'].map(joins)).toEqual([false, true, true, true]);
  });

  it('has no futures pre-open before the rule of December 2025', () => {
    expect(seen('NFO:NIFTY25DECFUT', '2025-12-05', '09:00', '09:15')).toEqual([]);
    expect(seen('NFO:NIFTY25DECFUT', '2025-12-08', '09:00', '09:05').length).toBeGreaterThan(200);
  });
});

describe('continuous trading', () => {
  it('ticks futures one to four times a second and options less often, at most once a frame', () => {
    const option = model.instruments(AUCTION_DAY).all.find(({ type }) => type === 'CE');
    expect(perSecond(FRONT, '10:00', '10:30')).toBeGreaterThan(1.5);
    expect(perSecond(FRONT, '10:00', '10:30')).toBeLessThan(4);
    expect(perSecond(`${option?.exchange}:${option?.tradingSymbol}`, '10:00', '10:30')).toBeLessThan(1);
    const times = seen(FRONT, AUCTION_DAY, '10:00', '10:10').map(({ atMs }) => atMs);
    expect(times.every((atMs, n) => n === 0 || atMs - (times[n - 1] ?? 0) >= 250)).toBe(true);
    expect(times.every((atMs, n) => n === 0 || atMs - (times[n - 1] ?? 0) < 2000)).toBe(true);
  });

  it('keeps the day of a future consistent: extremes, volume in lots, average, open interest in steps, an ordered book', () => {
    let previous = emptyTick();
    const interest = new Set<number>();
    for (const { tick } of seen(FRONT, AUCTION_DAY, '09:15', '10:15')) {
      expect(tick.volume).toBeGreaterThan(previous.volume);
      expect(tick.volume % 65).toBe(0);
      expect(tick.lastPrice % 10).toBe(0);
      expect(tick.high).toBeGreaterThanOrEqual(Math.max(tick.lastPrice, previous.high, tick.open));
      expect(tick.low).toBeLessThanOrEqual(Math.min(tick.lastPrice, tick.open));
      expect(tick.averagePrice).toBeGreaterThanOrEqual(tick.low);
      expect(tick.averagePrice).toBeLessThanOrEqual(tick.high);
      expect(tick.openInterest).toBeGreaterThanOrEqual(tick.openInterestLow);
      expect(tick.openInterest).toBeLessThanOrEqual(tick.openInterestHigh);
      const bids = [...tick.bookPrice.subarray(0, 5)];
      const asks = [...tick.bookPrice.subarray(5)];
      expect(bids).toEqual(bids.toSorted((a, b) => b - a));
      expect(asks).toEqual(asks.toSorted((a, b) => a - b));
      expect(asks[0]).toBeGreaterThan(bids[0] ?? 0);
      interest.add(tick.openInterest);
      previous = tick;
    }
    expect(interest.size).toBeGreaterThan(15);
    expect(interest.size).toBeLessThan(23);
  });

  it('keeps a future about a basis above spot that is gone at its expiry, with a spread of about two points', () => {
    const basisAt = (key: string): number =>
      tickAt(feedOf(model, key, AUCTION_DAY), AUCTION_DAY, '12:00').lastPrice -
      tickAt(feedOf(model, NIFTY_KEY, AUCTION_DAY), AUCTION_DAY, '12:00').lastPrice;
    expect(Math.abs(basisAt(FRONT))).toBeLessThan(1000);
    expect(basisAt('NFO:NIFTY26DECFUT')).toBeGreaterThan(8000);
    expect(basisAt('NFO:NIFTY27JANFUT')).toBeGreaterThan(basisAt('NFO:NIFTY26DECFUT'));
    const spreads = seen(FRONT, AUCTION_DAY, '12:00', '12:05').map(
      ({ tick }) => (tick.bookPrice[5] ?? 0) - (tick.bookPrice[0] ?? 0),
    );
    const meanSpread = spreads.reduce((sum, spread) => sum + spread, 0) / spreads.length;
    expect(meanSpread).toBeGreaterThan(150);
    expect(meanSpread).toBeLessThan(300);
  });
});

describe('the close', () => {
  it('freezes the index for the closing auction while its future goes on, then jumps to the auction close', () => {
    const auction = seen(NIFTY_KEY, AUCTION_DAY, '15:15', '15:30');
    const index = auction.map(({ tick }) => tick.lastPrice);
    expect(index.length).toBeGreaterThan(2000);
    const close = feedOf(model, NIFTY_KEY, AUCTION_DAY).closingPrice;
    expect([...new Set(index)]).toEqual([index[0], close]);
    const closed = auction.find(({ tick }) => tick.lastPrice === close);
    expect(istTimeOf(closed?.atMs ?? 0)).toMatch(/^15:2[89]:/);
    expect(index[0]).toBe(tickAt(feedOf(model, NIFTY_KEY, AUCTION_DAY), AUCTION_DAY, '15:15').lastPrice);
    const future = seen(FRONT, AUCTION_DAY, '15:15', '15:40').map(({ tick }) => tick.lastPrice);
    expect(new Set(future).size).toBeGreaterThan(100);
    expect(seen(FRONT, AUCTION_DAY, '15:40', '16:00')).toEqual([]);
    const discovery = seen(NIFTY_KEY, AUCTION_DAY, '15:30', '15:35').map(({ tick }) => tick.lastPrice);
    // On its expiry day the future ends where the index closes.
    expect(Math.abs((future.at(-1) ?? 0) / close - 1)).toBeLessThan(0.0002);
    expect([...new Set(discovery)]).toEqual([close]);
  });

  it('trades a share once in the closing auction, at a random moment from 15:28 to 15:30', () => {
    const [match, ...more] = seen('NSE:RELIANCE', AUCTION_DAY, '15:15', '16:00');
    expect(more).toEqual([]);
    expect(istTimeOf(match?.atMs ?? 0)).toMatch(/^15:2[89]:/);
    expect(match?.tick.lastPrice).toBe(feedOf(model, 'NSE:RELIANCE', AUCTION_DAY).closingPrice);
  });

  it('has no auction and no jump in the regime before', () => {
    const late = seen(NIFTY_KEY, PLAIN_DAY, '15:29:59', '15:45').map(({ tick }) => tick.lastPrice);
    expect(new Set(late.slice(2)).size).toBe(1);
    expect(late.at(-1)).toBe(feedOf(model, NIFTY_KEY, PLAIN_DAY).closingPrice);
  });

  it.each([
    ['a holiday', '2026-11-24'],
    ['a Saturday', '2026-11-21'],
    ['a special session without published hours', '2026-11-08'],
  ])('repeats the last session on %s', (_name, date) => {
    const index = seen(NIFTY_KEY, date, '11:00', '11:10');
    expect(index.length).toBeGreaterThan(1300);
    expect(new Set(index.map(({ tick }) => tick.lastPrice)).size).toBe(1);
    expect(istDateOf((index[0]?.tick.exchangeTimeS ?? 0) * 1000)).toBe(date);
    const key = `NFO:NIFTY26DECFUT`;
    expect(seen(key, date, '09:00', '16:00')).toEqual([]);
    expect(tickAt(feedOf(model, key, date), date, '12:00').lastPrice).toBe(
      feedOf(model, key, model.previousSession(date) ?? '').closingPrice,
    );
  });

  it('trades by the last known hours on a weekday beyond the calendar, and on a Sunday with a session', () => {
    for (const date of ['2027-01-04', '2026-02-01']) {
      const values = seen(NIFTY_KEY, date, '12:00', '12:10').map(({ tick }) => tick.lastPrice);
      expect(new Set(values).size).toBeGreaterThan(50);
    }
  });

  it('keeps the break of a two-part session: values stand still between the parts', () => {
    const breakValues = seen(NIFTY_KEY, '2024-03-02', '10:00:01', '11:30').map(({ tick }) => tick.lastPrice);
    expect(new Set(breakValues).size).toBe(1);
    expect(
      new Set(seen(NIFTY_KEY, '2024-03-02', '11:30', '11:40').map(({ tick }) => tick.lastPrice)).size,
    ).toBeGreaterThan(20);
  });
});
