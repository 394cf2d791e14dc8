import { expect, test } from 'vitest';
import { decodeTickBatch, encodeTickBatch } from '../../../src/contract/tick-lane.ts';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { at, nifty } from './instruments.ts';
import { frameOf } from './packets.ts';

const MUHURAT = '2026-11-08';
const friday = { open: 27_517.4, high: 27_630.95, low: 27_507.45, lastPrice: 27_562.75, close: 27_497.45 };

/** NIFTY on a day with a session that nobody has timed, after ticks at these times with these prices, rupees. */
function seen(...ticks: readonly (readonly [time: string, lastPrice: number])[]) {
  const book = new QuoteBook(bundledCalendar());
  book.add(nifty);
  for (const [time, lastPrice] of ticks) {
    const stamp = at(time, MUHURAT);
    book.applyFrame(frameOf([{ token: nifty.token, ...friday, lastPrice, exchangeTimeMs: stamp }]), stamp);
  }
  const held = book.row(0, false);
  if (held === null) throw new Error('there is a quote');
  const [row = held] = decodeTickBatch(encodeTickBatch({ seq: 1, sentAt: 0, quotes: [held], candles: [] })).quotes;
  return { kind: row.kind, lastPrice: row.lastPrice, previousClose: row.close };
}

test('an index that ticks its last close before an untimed session shows that, and itself as the previous close', () => {
  expect(seen(['17:50:00', 27_562.75], ['17:50:01', 27_562.75])).toEqual({
    kind: 'previous-close',
    lastPrice: 27_562.75,
    previousClose: 27_562.75,
  });
});

test('it is indicative from its first move', () => {
  expect(seen(['17:50:00', 27_562.75], ['18:16:00', 27_570])).toMatchObject({ kind: 'indicative', lastPrice: 27_570 });
});
