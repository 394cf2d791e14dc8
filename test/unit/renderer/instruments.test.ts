import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleRows } from '../../../renderer/features/watchlist/visible-rows.ts';
import { bookOwner, cardOrder, indexPairs, listed, watchEntries } from '../../../renderer/state/instruments.ts';
import { madeUpInstruments } from '../../renderer-fixture/base-state.ts';

const all = listed(madeUpInstruments);

test('a retired instrument is not shown and leaves the others their slots', () => {
  const [first, ...others] = madeUpInstruments;
  if (first === undefined) throw new Error('no instruments');
  const rest = listed([{ ...first, retired: true }, ...others]);
  expect(rest.map(({ slot }) => slot)).toEqual(others.map((_, index) => index + 1));
});

test('the keys go through spot and future of the cards in their order, with a place for what is missing', () => {
  const withoutFuture = all.filter(({ key }) => key !== 'BFO:SENSEX26NOVFUT');
  expect(cardOrder(indexPairs(withoutFuture, ['SENSEX', 'NIFTY'])).map((one) => one?.title ?? null)).toEqual([
    'SENSEX',
    null,
    'NIFTY 50',
    'NIFTY NOV FUT',
  ]);
});

test('an index shows the order book of its future, everything else its own', () => {
  const owners = all.map((one) => bookOwner(all, one)?.title);
  expect(owners.slice(0, 3)).toEqual(['NIFTY NOV FUT', 'NIFTY NOV FUT', 'BANKNIFTY NOV FUT']);
  expect(owners.slice(6)).toEqual(['RELIANCE', 'HDFCBANK', 'BANKNIFTY 1 DEC 60500 CE']);
});

test('the watchlist stands in the trader’s order, and a key that no list of the day has keeps its line', () => {
  const entries = watchEntries(all, ['NSE:HDFCBANK', 'NSE:GONE', 'NSE:NIFTY BANK', 'NSE:RELIANCE']);
  expect(entries.map(({ key, instrument }) => [key, instrument?.title ?? null])).toEqual([
    ['NSE:HDFCBANK', 'HDFCBANK'],
    ['NSE:GONE', null],
    ['NSE:NIFTY BANK', 'NIFTY BANK'],
    ['NSE:RELIANCE', 'RELIANCE'],
  ]);
});

test('of a long list exactly the rows in view, and a margin, are built', () => {
  expect(visibleRows(0, 240, 24, 9000)).toEqual({ from: 0, to: 14 });
  expect(visibleRows(2400, 240, 24, 9000)).toEqual({ from: 96, to: 114 });
  fc.assert(
    fc.property(fc.nat(300_000), fc.nat(2000), fc.nat(9000), (top, height, count) => {
      const { from, to } = visibleRows(top, height, 24, count);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(from).toBeLessThanOrEqual(to);
      expect(to).toBeLessThanOrEqual(count);
      expect(to - from).toBeLessThanOrEqual(height / 24 + 10);
    }),
  );
});
