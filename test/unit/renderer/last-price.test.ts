import { expect, test } from 'vitest';
import { lastPriceThen, lastPriceToday } from '../../../renderer/features/chart/last-price.ts';
import { ist, sessionsOf, TODAY } from '../../renderer-fixture/day-plan.ts';
import { quoteOf } from './quote-of.ts';

const spot = sessionsOf(TODAY).filter(({ segment }) => segment === 'NSE_INDEX');
const future = sessionsOf(TODAY).filter(({ segment }) => segment === 'NFO_FUT');
const at = (time: string): number => ist(TODAY, time);
const frozen = quoteOf({ kind: 'frozen', lastPrice: 27_619.1, close: 27_518.95, changedAt: at('15:14:59') });

test('a live price moves, a stale or frozen one stands', () => {
  expect(lastPriceToday(quoteOf({ kind: 'live' }), spot, at('11:00'))).toEqual({ kind: 'moving' });
  expect(lastPriceToday(quoteOf({ kind: 'live', stale: true }), spot, at('11:00'))).toEqual({ kind: 'standing' });
  expect(lastPriceToday(undefined, spot, at('11:00'))).toEqual({ kind: 'standing' });
  expect(lastPriceToday(quoteOf({ kind: 'previous-close' }), spot, at('08:56'))).toEqual({ kind: 'standing' });
  expect(lastPriceToday(frozen, spot, at('15:20'))).toEqual({ kind: 'standing' });
});

test('after the close it is the official one, as the card has it', () => {
  const close = { kind: 'close', price: 27_619.1 };
  expect(lastPriceToday({ ...frozen, changedAt: at('15:29:10') }, spot, at('15:29:20'))).toEqual(close);
  expect(lastPriceToday(frozen, spot, at('15:37'))).toEqual(close);
});

test('a future’s close is its own, when it has stopped too', () => {
  const live = quoteOf({ kind: 'live', lastPrice: 27_700 });
  expect(lastPriceToday(live, future, at('15:37'))).toEqual({ kind: 'moving' });
  expect(lastPriceToday({ ...live, kind: 'frozen' }, future, at('15:46'))).toMatchObject({ kind: 'close' });
});

test('a past day has its own close, and none where Kite has not told it', () => {
  expect(lastPriceThen({ close: 100, previousClose: 101 })).toEqual({ kind: 'close', price: 100 });
  expect(lastPriceThen({ close: 100, previousClose: null })).toEqual({ kind: 'close', price: 100 });
  expect(lastPriceThen({ close: null, previousClose: 101 })).toEqual({ kind: 'standing' });
  expect(lastPriceThen(null)).toEqual({ kind: 'standing' });
});
