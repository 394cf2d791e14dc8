import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../../src/kite/csv.ts';
import { totalDrops } from '../../../src/kite/drop-counts.ts';
import { TickColumns } from '../../../src/kite/tick-columns.ts';
import { decode, FUTURE, fullTick, NIFTY, NOW_MS, NOW_S, officialTicks, tickAt, unsigned } from './decoded-ticks.ts';
import { NOT_HERE, sharedPath } from './shared-data.ts';
import { packet } from './ticker-arbitraries.ts';
import { frameOf, fullPacket, indexPacket } from './ticker-frames.ts';

describe('decodeFrame against the official client', () => {
  it('reads every kind of packet as KiteTicker.parseBinary does, but for its negative quantities', () => {
    fc.assert(
      fc.property(fc.uniqueArray(packet, { selector: ({ token }) => token, maxLength: 12 }), (packets) => {
        const frame = frameOf(packets.map(({ bytes }) => bytes));
        const { columns, touched, drops, accepted } = decode(
          frame,
          packets.map(({ token }) => token),
        );
        const ours = Array.from(touched.slots.subarray(0, touched.count), (slot) => tickAt(columns, slot));
        expect(ours).toEqual(officialTicks(frame).map(unsigned));
        expect(accepted).toBe(packets.length);
        // A frame without packets is shorter than any frame Kite sends.
        expect(totalDrops(drops)).toBe(packets.length === 0 ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('reads a volume of 3,000,000,000 where the official client reads a negative one', () => {
    const frame = frameOf([fullPacket({ ...fullTick, volume: 3_000_000_000 })]);
    expect(decode(frame, [FUTURE]).columns.volume[0]).toBe(3_000_000_000);
    expect(officialTicks(frame)[0]?.volume_traded).toBe(3_000_000_000 - 2 ** 32);
  });

  it('takes high, low, open, close from an index packet in that order', () => {
    const tick = {
      token: NIFTY,
      lastPrice: 5,
      high: 4,
      low: 1,
      open: 2,
      close: 3,
      change: 0,
      exchangeTime: NOW_S,
    };
    const { columns } = decode(frameOf([indexPacket(tick, 'full')]), [NIFTY]);
    expect([columns.open[0], columns.high[0], columns.low[0], columns.close[0]]).toEqual([2, 4, 1, 3]);
    expect(columns.exchangeTimeMs[0]).toBe(NOW_MS);
    expect(columns.receivedAtMs[0]).toBe(NOW_MS);
  });
});

describe('decodeFrame on recorded packets', () => {
  it.for(['quote', 'full'])("reads Zerodha's published %s packet as its published tick", (mode, { skip }) => {
    const [packetPath, tickPath] = [
      sharedPath(`kite-mocks/ticker_${mode}.packet`),
      sharedPath(`kite-mocks/ticker_${mode}.json`),
    ];
    if (packetPath === null || tickPath === null) return skip(NOT_HERE);
    const expected = JSON.parse(readFileSync(tickPath, 'utf8'));
    const frame = frameOf([Buffer.from(readFileSync(packetPath, 'utf8'), 'base64')]);
    const { columns } = decode(frame, [expected.instrument_token]);
    const tick = tickAt(columns, 0);
    expect(tick).toMatchObject({ mode, last_price: expected.last_price, ohlc: expected.ohlc });
    expect(tick.volume_traded).toBe(expected.volume);
    expect(tick.depth).toEqual(expected.depth);
    expect(tick.exchange_timestamp?.getTime()).toBe(expected.timestamp && Date.parse(expected.timestamp));
  });

  it('reads recorded NIFTY futures ticks as they were recorded, depth and times included', ({ skip }) => {
    const path = sharedPath('market-data/nifty_fut/kiteconnect_nifty_futures_ticks_2025-12-29_1247-1252.csv');
    if (path === null) return skip(NOT_HERE);
    const [header = [], ...rows] = [...parseCsv(readFileSync(path, 'utf8'))];
    const columns = new TickColumns();
    for (const row of rows) {
      const field = (name: string): string => row[header.indexOf(name)] ?? '';
      const number = (name: string): number => Number(field(name));
      const paise = (name: string): number => Math.round(number(name) * 100);
      const time = (name: string): number => Date.parse(field(name).replace(' ', 'T')) / 1000;
      const levels = ['bid', 'ask'].flatMap((side) =>
        [1, 2, 3, 4, 5].map((rank) => ({
          quantity: number(`${side}_qty_${rank}`),
          price: paise(`${side}_price_${rank}`),
          orders: number(`${side}_orders_${rank}`),
        })),
      );
      const frame = frameOf([
        fullPacket({
          token: number('instrument_token'),
          lastPrice: paise('last_price'),
          lastQuantity: number('last_traded_quantity'),
          averagePrice: paise('average_traded_price'),
          volume: number('volume_traded'),
          buyQuantity: number('total_buy_quantity'),
          sellQuantity: number('total_sell_quantity'),
          open: paise('day_open'),
          high: paise('day_high'),
          low: paise('day_low'),
          close: paise('day_close'),
          lastTradeTime: time('last_trade_time'),
          openInterest: number('oi'),
          openInterestHigh: number('oi'),
          openInterestLow: number('oi'),
          exchangeTime: time('time'),
          depth: levels,
        }),
      ]);
      const tick = tickAt(decode(frame, [FUTURE], columns).columns, 0);
      expect(tick).toEqual(officialTicks(frame).map(unsigned)[0]);
      expect(tick).toMatchObject({ last_price: number('last_price'), volume_traded: number('volume_traded') });
      expect(tick.depth?.buy[0]?.price).toBe(number('bid_price_1'));
      expect(tick.depth?.sell[4]?.orders).toBe(number('ask_orders_5'));
      expect(tick.exchange_timestamp?.getTime()).toBe(time('time') * 1000);
    }
    expect(rows).toHaveLength(271);
  });
});
