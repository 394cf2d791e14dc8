import { expect, test } from 'vitest';
import { polledKeys } from '../../../src/feed/polled-keys.ts';
import type { BookInstrument } from '../../../src/feed/quote-book.ts';
import { nifty, niftyFuture } from './instruments.ts';

const watched = (number: number): BookInstrument => ({
  ...nifty,
  key: `NSE:SHARE${number}`,
  token: number * 256 + 1,
  role: 'watch',
});
const shares = Array.from({ length: 400 }, (_, index) => watched(index + 1));
const all = [nifty, niftyFuture, ...shares];

test('indices, futures and what is shown are asked for every time, the rest in turns', () => {
  const [third] = shares.slice(2, 3);
  const { first, rest } = polledKeys(all, new Set(all.map(({ token }) => token)), (token) => token === third?.token);
  expect(first).toEqual([nifty.key, niftyFuture.key, 'NSE:SHARE3']);
  expect(rest).toHaveLength(399);
  expect(rest).not.toContain('NSE:SHARE3');
});

test('only what has lost its socket is asked for, and no more than 250 shown ones every time', () => {
  const lost = new Set(shares.slice(0, 300).map(({ token }) => token));
  const { first, rest } = polledKeys(all, lost, () => true);
  expect([first.length, rest.length]).toEqual([250, 50]);
  expect([...first, ...rest]).not.toContain(nifty.key);
});
