import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { previousCloseLevel } from '../../../renderer/features/chart/last-price.ts';
import { figuresOf } from '../../../renderer/features/detail/figures.ts';
import { dayChange } from '../../../renderer/format/change.ts';
import { formatPrice } from '../../../renderer/format/numbers.ts';
import { decodeTickBatch, encodeTickBatch, type QuoteRow } from '../../../src/contract/tick-lane.ts';
import { type BookInstrument, QuoteBook } from '../../../src/feed/quote-book.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import '../../support/property-seed.ts';
import { quote } from './feed-bench.ts';
import { at, nifty, niftyCall, niftyFuture } from './instruments.ts';
import { frameOf } from './packets.ts';

/** Friday's session has ended at `friday`, Thursday's at `thursday`; Monday the 23rd trades. */
interface Closes {
  readonly thursday: number;
  readonly friday: number;
}

const calendar = bundledCalendar();
const closes: Closes = { thursday: 27_580.1, friday: 27_518.95 };
const FRIDAY = '2026-11-20';

/** What Kite may send of Friday's session, or of Monday's with Friday's figures not cleared yet. */
type Sent = 'friday' | 'uncleared' | 'cleared' | 'first-tick' | 'trading';

function figuresSent(sent: Sent, { thursday, friday }: Closes) {
  switch (sent) {
    case 'friday':
    case 'uncleared':
      return { lastPrice: friday, open: thursday, high: friday + 60, low: friday - 60, close: thursday };
    case 'cleared':
      return { lastPrice: friday, open: 0, high: 0, low: 0, close: friday };
    // Of today, and still with the close of the day before the last.
    case 'first-tick':
      return { lastPrice: friday + 40, open: friday + 40, high: friday + 40, low: friday + 40, close: thursday };
    case 'trading':
      return { lastPrice: friday + 70, open: friday + 40, high: friday + 90, low: friday, close: friday };
  }
}

interface Event {
  readonly sent: Sent;
  readonly by: 'socket' | 'rest';
  /** The packet's own time, and when it came. */
  readonly stamp: number;
  readonly at: number;
}

function playedRow(instrument: BookInstrument, events: readonly Event[], of: Closes): QuoteRow {
  const book = new QuoteBook(calendar);
  book.add(instrument);
  for (const { sent, by, stamp, at: receivedAt } of events) {
    const figures = figuresSent(sent, of);
    const lastTradeTimeMs = sent === 'trading' || sent === 'first-tick' ? stamp : at('15:39:59', FRIDAY);
    if (by === 'socket') {
      const packet = { token: instrument.token, ...figures, volume: 10, exchangeTimeMs: stamp, lastTradeTimeMs };
      book.applyFrame(frameOf([packet]), receivedAt);
    } else {
      book.applyQuotes([{ ...quote(instrument, figures.lastPrice, stamp), ...figures, lastTradeTimeMs }], receivedAt);
    }
  }
  const row = book.row(0, false);
  if (row === null) throw new Error('nothing came');
  return decodeTickBatch(encodeTickBatch({ seq: 1, sentAt: 0, quotes: [row], candles: [] })).quotes[0] ?? row;
}

/** What the figures panel, the card's change and the chart's level say. */
function surfacesOf(instrument: BookInstrument, row: QuoteRow): readonly string[] {
  const panel = figuresOf(instrument.role, row).find(({ name }) => name === 'Prev. close')?.value ?? '';
  const change = dayChange(row);
  const card = change === null ? row.close : row.lastPrice - change.points;
  return [panel, formatPrice(card), formatPrice(previousCloseLevel({ isToday: true, quote: row }))];
}

const friday = (sent: Sent = 'friday'): Event => ({
  sent,
  by: 'rest',
  stamp: at('15:39:59', FRIDAY),
  at: at('08:51:00'),
});
const monday = (sent: Sent, time: string): Event => ({ sent, by: 'socket', stamp: at(time), at: at(time) + 300 });

const moments: readonly (readonly [string, readonly Event[]])[] = [
  ['at 08:52, by REST', [friday()]],
  ['on a Sunday', [{ ...friday(), at: at('11:00:00', '2026-11-22') }]],
  ['on Friday evening after midnight', [{ ...friday(), by: 'socket', at: at('00:10:00', '2026-11-21') }]],
  ['at 08:56, with a stamp of today and Friday’s figures', [monday('uncleared', '08:56:00')]],
  ['at 09:03, cleared', [friday(), monday('cleared', '09:03:00')]],
  ['at 09:07, with the old close', [monday('uncleared', '08:57:00'), monday('first-tick', '09:07:00')]],
  ['at 09:15:00, first tick with the old close', [friday(), monday('first-tick', '09:15:00')]],
  ['at 09:15:05', [friday(), monday('first-tick', '09:15:00'), monday('trading', '09:15:05')]],
  ['at 11:00, started then', [monday('trading', '11:00:00')]],
  ['at 15:46', [friday(), monday('trading', '15:39:00')]],
];

describe.each([
  ['an index', nifty],
  ['a future', niftyFuture],
  ['a watched option', niftyCall],
])('the previous close of %s', (_, instrument) => {
  test.each(moments)('%s is the last session’s on card, panel and chart alike', (_moment, events) => {
    const row = playedRow(instrument, events, closes);
    expect(surfacesOf(instrument, row)).toEqual(['27,518.95', '27,518.95', '27,518.95']);
  });
});

test('whatever comes in whatever order of the morning, the three say the same', () => {
  const price = fc.integer({ min: 20_000_00, max: 30_000_00 }).map((paise) => paise / 100);
  const minute = fc.integer({ min: 0, max: 55 });
  const by = fc.constantFrom('socket' as const, 'rest' as const);
  fc.assert(
    fc.property(
      fc.record({ thursday: price, friday: price }),
      fc.constantFrom(nifty, niftyFuture, niftyCall),
      fc.array(fc.tuple(fc.constantFrom('friday' as const, 'uncleared' as const), by), { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.constantFrom('first-tick' as const, 'trading' as const), by, minute), { maxLength: 4 }),
      (of, instrument, before, after) => {
        const early = before.map(
          ([sent, way], index): Event => ({
            sent,
            by: way,
            stamp: sent === 'friday' ? at('15:39:59', FRIDAY) : at('08:40:00') + index * 60_000,
            at: at('08:40:01') + index * 60_000,
          }),
        );
        const sorted = after.toSorted((a, b) => a[2] - b[2]);
        // Once Kite has gone over to the new day it does not go back.
        const turned = sorted.findIndex(([sent]) => sent === 'trading');
        const late = sorted.map(([sent, way, minutes], index): Event => {
          const stamp = at('09:15:00') + minutes * 60_000 + index * 1_000;
          return { sent: turned >= 0 && index > turned ? 'trading' : sent, by: way, stamp, at: stamp + 300 };
        });
        const row = playedRow(instrument, [...early, ...late], of);
        const right = formatPrice(of.friday);
        expect(surfacesOf(instrument, row)).toEqual([right, right, right]);
      },
    ),
  );
});

test('a trade’s time goes to the page with its price, and an index has none', () => {
  const traded = at('10:59:41');
  const rowOf = (instrument: BookInstrument): QuoteRow => {
    const book = new QuoteBook(calendar);
    book.add(instrument);
    const packet = { token: instrument.token, lastPrice: 100, exchangeTimeMs: at('11:00:00'), lastTradeTimeMs: traded };
    book.applyFrame(frameOf([packet]), at('11:00:00'));
    const row = book.row(0, false);
    if (row === null) throw new Error('nothing came');
    return decodeTickBatch(encodeTickBatch({ seq: 1, sentAt: 0, quotes: [row], candles: [] })).quotes[0] ?? row;
  };
  expect(rowOf(niftyFuture)).toMatchObject({ lastTradedAt: traded, exchangeTime: at('11:00:00') });
  expect(rowOf(nifty).lastTradedAt).toBe(0);
});

test('a packet without a time brings no trade’s time of an earlier price', () => {
  const book = new QuoteBook(calendar);
  book.add(niftyCall);
  const packet = { token: niftyCall.token, lastPrice: 100, exchangeTimeMs: at('11:00:00') };
  book.applyFrame(frameOf([packet]), at('11:00:00'));
  book.applyFrame(frameOf([{ ...packet, lastPrice: 101, mode: 'quote' }]), at('11:00:05'));
  expect(book.row(0, false)).toMatchObject({ lastPrice: 101, lastTradedAt: 0 });
});

test.each([
  ['an index', nifty],
  ['a future', niftyFuture],
])('figures of the session without a time of their own are not taken for the last session’s: %s', (_, instrument) => {
  const unstamped: Event = { sent: 'trading', by: 'socket', stamp: 0, at: at('11:00:00') };
  const row = playedRow(instrument, [unstamped, monday('trading', '11:00:01')], closes);
  expect(surfacesOf(instrument, row)).toEqual(['27,518.95', '27,518.95', '27,518.95']);
});
