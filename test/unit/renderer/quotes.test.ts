import { expect, test } from 'vitest';
import { QuoteBook } from '../../../renderer/state/quotes.ts';
import { quoteOf } from './quote-of.ts';

function bookWithFrames() {
  const paints: (() => void)[] = [];
  const painted = { times: 0 };
  const book = new QuoteBook({ before: (paint) => paints.push(paint), after: (tell) => tell() }, () => painted.times++);
  return {
    book,
    paints,
    painted,
    frame: () => {
      for (const paint of paints.splice(0)) paint();
    },
  };
}

test('many batches within a frame are painted once, and only for the slots that changed', () => {
  const { book, paints, painted, frame } = bookWithFrames();
  const told: number[] = [];
  book.subscribe(0, () => told.push(0));
  book.subscribe(1, () => told.push(1));
  book.apply([quoteOf({ slot: 0, lastPrice: 1 })]);
  book.apply([quoteOf({ slot: 0, lastPrice: 2 }), quoteOf({ slot: 7 })]);
  expect([paints.length, painted.times, told]).toEqual([1, 0, []]);
  frame();
  expect([told, painted.times, book.get(0)?.lastPrice]).toEqual([[0], 1, 2]);
});

test('a row is its own snapshot: the same object until its slot changes', () => {
  const { book } = bookWithFrames();
  book.apply([quoteOf({ slot: 3 })]);
  const before = book.get(3);
  book.apply([quoteOf({ slot: 4 })]);
  expect(book.get(3)).toBe(before);
});

test('an unsubscribed listener is not told, also when it goes while a paint is waiting', () => {
  const { book, frame } = bookWithFrames();
  let told = 0;
  const stop = book.subscribe(0, () => told++);
  book.apply([quoteOf({ slot: 0 })]);
  stop();
  frame();
  expect(told).toBe(0);
});

test('clearing forgets every price and tells those who watch', () => {
  const { book, frame } = bookWithFrames();
  let told = 0;
  book.subscribe(0, () => told++);
  book.apply([quoteOf({ slot: 0, receivedAt: 5_000 })]);
  frame();
  book.clear();
  frame();
  expect([told, book.get(0), book.lastReceivedAt]).toEqual([2, undefined, 0]);
});

test('the newest arrival is known whatever order quotes come in', () => {
  const { book } = bookWithFrames();
  book.apply([quoteOf({ slot: 0, receivedAt: 9_000 }), quoteOf({ slot: 1, receivedAt: 4_000 })]);
  expect(book.lastReceivedAt).toBe(9_000);
});
