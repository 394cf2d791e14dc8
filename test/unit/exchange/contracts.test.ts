import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/market/ist.ts';
import { optionValue } from '../../exchange/market/option-value.ts';
import { marketModel } from './market-bench.ts';

const model = marketModel();

function futures(name: string, date: string): string[] {
  return model
    .instruments(date)
    .all.filter((instrument) => instrument.type === 'FUT' && instrument.name === name)
    .map(({ tradingSymbol, expiry }) => `${tradingSymbol} ${expiry}`);
}

describe('the instrument list', () => {
  it.each([
    ['NIFTY', '2026-11-23', ['NIFTY26NOVFUT 2026-11-23', 'NIFTY26DECFUT 2026-12-29', 'NIFTY27JANFUT 2027-01-26']],
    ['NIFTY', '2026-11-24', ['NIFTY26DECFUT 2026-12-29', 'NIFTY27JANFUT 2027-01-26', 'NIFTY27FEBFUT 2027-02-23']],
    ['SENSEX', '2026-11-24', ['SENSEX26NOVFUT 2026-11-26', 'SENSEX26DECFUT 2026-12-31', 'SENSEX27JANFUT 2027-01-28']],
    [
      'BANKNIFTY',
      '2026-03-30',
      ['BANKNIFTY26MARFUT 2026-03-30', 'BANKNIFTY26APRFUT 2026-04-28', 'BANKNIFTY26MAYFUT 2026-05-26'],
    ],
  ])('has the %s futures of %s', (name, date, expected) => {
    expect(futures(name, date)).toEqual(expected);
  });

  it('has lots, ticks and tokens as the exchanges do, and names that only an exact match tells apart', () => {
    const list = model.instruments('2026-11-23');
    expect(list.byKey('NFO:NIFTY26NOVFUT')).toMatchObject({ lotSize: 65, tickPaise: 10, segment: 'NFO-FUT' });
    expect(list.byKey('NFO:BANKNIFTY26NOVFUT')).toMatchObject({ lotSize: 30, tickPaise: 20 });
    expect(list.byKey('BFO:SENSEX26NOVFUT')).toMatchObject({ lotSize: 20, tickPaise: 5, segment: 'BFO-FUT' });
    for (const decoy of [
      'NFO:NIFTYNXT5026NOVFUT',
      'BFO:SENSEX5026NOVFUT',
      'BFO:BANKEX26NOVFUT',
      'NFO:FINNIFTY26NOVFUT',
    ]) {
      expect(list.byKey(decoy)).not.toBeNull();
    }
    expect(list.byKey('NSE:NIFTY 50')?.token).toBe(256265);
    expect(list.byKey('NSE:NIFTY BANK')?.token).toBe(260105);
    expect(list.byKey('BSE:SENSEX')?.token).toBe(265);
    expect(list.byKey('NSE:INDIA VIX')?.token).toBe(264969);
    const low = { NSE: 1, BSE: 4, NFO: 2, BFO: 5 } as const;
    for (const { token, exchangeToken, exchange, segment } of list.all) {
      expect(token >>> 8).toBe(exchangeToken);
      expect(token & 0xff).toBe(segment === 'INDICES' ? 9 : low[exchange]);
    }
  });

  it('has futures of every share that stops for the closing auction: by them an app knows', () => {
    const { all } = model.instruments('2026-11-23');
    const shares = all.filter(({ hours }) => hours.endsWith('_CASH_CAS')).map(({ tradingSymbol }) => tradingSymbol);
    const withFutures = new Set(all.filter(({ type }) => type === 'FUT').map(({ name }) => name));
    expect(shares.length).toBeGreaterThan(0);
    expect(shares.filter((symbol) => !withFutures.has(symbol))).toEqual([]);
  });

  it('never gives two instruments one token, nor a contract another token tomorrow', () => {
    const tokens = new Map<string, number>();
    for (let date = '2026-10-01'; date < '2026-12-20'; date = addDays(date, 5)) {
      const { all } = marketModel({ optionCount: 600 }).instruments(date);
      expect(new Set(all.map(({ token }) => token)).size).toBe(all.length);
      for (const { exchange, tradingSymbol, token } of all) {
        const key = `${exchange}:${tradingSymbol}`;
        expect(tokens.get(key) ?? token).toBe(token);
        tokens.set(key, token);
      }
    }
  });

  it('lists weekly and monthly options around the money under Kite’s symbols', () => {
    const symbols = model.instruments('2026-11-23').all.map(({ tradingSymbol }) => tradingSymbol);
    expect(symbols.some((symbol) => /^NIFTY26NOV\d{5}CE$/.test(symbol))).toBe(true);
    expect(symbols.some((symbol) => /^NIFTY26D01\d{5}PE$/.test(symbol))).toBe(true);
    expect(symbols.some((symbol) => /^SENSEX26D03\d{5}CE$/.test(symbol))).toBe(true);
    expect(
      marketModel({ optionCount: 0 })
        .instruments('2026-11-23')
        .all.some(({ type }) => type === 'CE'),
    ).toBe(false);
  });
});

describe('the value of an option', () => {
  const market = fc.record({
    forward: fc.double({ min: 1_000, max: 100_000, noNaN: true }),
    moneyness: fc.double({ min: 0.85, max: 1.15, noNaN: true }),
    years: fc.double({ min: 0, max: 0.25, noNaN: true }),
  });

  it('keeps put-call parity, stays above its intrinsic value, and moves at most as much as the forward', () => {
    fc.assert(
      fc.property(market, ({ forward, moneyness, years }) => {
        const strike = forward * moneyness;
        const call = optionValue('call', forward, strike, years);
        const put = optionValue('put', forward, strike, years);
        expect(call.value - put.value).toBeCloseTo(forward - strike, 4);
        expect(call.value).toBeGreaterThanOrEqual(Math.max(0, forward - strike) - forward * 1e-6);
        expect(call.delta).toBeGreaterThanOrEqual(0);
        expect(call.delta).toBeLessThanOrEqual(1);
        if (years > 0) expect(call.delta - put.delta).toBeCloseTo(1, 6);
      }),
    );
  });
});
