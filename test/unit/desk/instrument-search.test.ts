import { describe, expect, it } from 'vitest';
import { InstrumentSearch } from '../../../src/desk/instrument-search.ts';
import type { KiteInstrument } from '../../../src/kite/session.ts';

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function row(exchange: string, tradingSymbol: string, parts: Partial<KiteInstrument>): KiteInstrument {
  return {
    key: `${exchange}:${tradingSymbol}`,
    token: 1,
    exchange,
    tradingSymbol,
    name: tradingSymbol,
    expiry: null,
    strike: 0,
    tickSize: 0.05,
    lotSize: 1,
    type: 'EQ',
    segment: exchange,
    hours: null,
    ...parts,
  };
}

function contractsOf(name: string, exchange: 'NFO' | 'BFO', expiries: readonly string[], strikes: readonly number[]) {
  return expiries.flatMap((expiry) => {
    const stem = `${name}${expiry.slice(2, 4)}${months[Number(expiry.slice(5, 7)) - 1]}`;
    const options = strikes.flatMap((strike) =>
      (['CE', 'PE'] as const).map((type) =>
        row(exchange, `${stem}${strike}${type}`, { name, expiry, strike, type, segment: `${exchange}-OPT` }),
      ),
    );
    return [row(exchange, `${stem}FUT`, { name, expiry, type: 'FUT', segment: `${exchange}-FUT` }), ...options];
  });
}

const expiries = ['2026-11-24', '2026-12-29', '2027-01-26'];
const strikes = Array.from({ length: 41 }, (_, index) => 25_000 + index * 50);
const shares = [
  row('BSE', 'RELIANCE', { name: 'RELIANCE INDUSTRIES' }),
  row('NSE', 'RELIANCE', { name: 'RELIANCE INDUSTRIES' }),
  row('NSE', 'RELINFRA', { name: 'RELIANCE INFRASTRUCTURE' }),
  row('NSE', 'TCS', { name: 'TATA CONSULTANCY SERV LT' }),
  row('NSE', 'TATAMOTORS', { name: 'TATA MOTORS' }),
  row('NSE', 'CEATLTD', { name: 'CEAT' }),
  row('NSE', 'M&M', { name: 'MAHINDRA & MAHINDRA' }),
  row('NSE', 'HDFCBANK', { name: 'HDFC BANK' }),
  row('NSE', 'INFY', { name: 'INFOSYS' }),
];
const indices = [
  row('NSE', 'NIFTY 50', { segment: 'INDICES' }),
  row('NSE', 'NIFTY BANK', { segment: 'INDICES' }),
  row('NSE', 'INDIA VIX', { segment: 'INDICES' }),
];
const search = new InstrumentSearch([
  [...indices, ...shares],
  [
    ...contractsOf('NIFTY', 'NFO', expiries, strikes),
    ...contractsOf('BANKNIFTY', 'NFO', expiries, strikes),
    ...contractsOf('NIFTYNXT50', 'NFO', expiries, strikes),
  ],
]);
const keys = (text: string, limit = 5): readonly string[] => search.find(text, limit).map(({ key }) => key);

describe('a search of the instrument dump', () => {
  it.each<[string, readonly string[]]>([
    ['nifty', ['NSE:NIFTY 50', 'NFO:NIFTY26NOVFUT', 'NFO:NIFTY26DECFUT', 'NFO:NIFTY27JANFUT']],
    ['banknifty', ['NSE:NIFTY BANK', 'NFO:BANKNIFTY26NOVFUT']],
    ['bank nifty', ['NSE:NIFTY BANK', 'NFO:BANKNIFTY26NOVFUT']],
    ['nifty 50', ['NSE:NIFTY 50']],
    ['vix', ['NSE:INDIA VIX']],
    ['nifty fut', ['NFO:NIFTY26NOVFUT', 'NFO:NIFTY26DECFUT', 'NFO:NIFTY27JANFUT']],
    ['bank nifty', ['NSE:NIFTY BANK', 'NFO:BANKNIFTY26NOVFUT']],
    ['nifty26nov', ['NFO:NIFTY26NOVFUT', 'NFO:NIFTY26NOV25000CE']],
    ['nifty 26000', ['NFO:NIFTY26NOV26000CE', 'NFO:NIFTY26NOV26000PE', 'NFO:NIFTY26DEC26000CE']],
    ['26000 nifty call', ['NFO:NIFTY26NOV26000CE', 'NFO:NIFTY26DEC26000CE', 'NFO:NIFTY27JAN26000CE']],
    ['nifty26000ce', ['NFO:NIFTY26NOV26000CE']],
    ['NIFTY26DEC26000PE', ['NFO:NIFTY26DEC26000PE']],
    ['nifty dec 26000 put', ['NFO:NIFTY26DEC26000PE']],
    ['nifty 29 december 25500 ce', ['NFO:NIFTY26DEC25500CE']],
    ['banknifty jan 2027', ['NFO:BANKNIFTY27JANFUT']],
    ['nifty 2515', ['NFO:NIFTY26NOV25150CE', 'NFO:NIFTY26NOV25150PE']],
    ['reliance', ['NSE:RELIANCE', 'BSE:RELIANCE', 'NSE:RELINFRA']],
    ['rel infra', ['NSE:RELINFRA']],
    ['tata mot', ['NSE:TATAMOTORS']],
    ['tcs', ['NSE:TCS']],
    ['ceat', ['NSE:CEATLTD']],
    ['m&m', ['NSE:M&M']],
    ['hdfcbank', ['NSE:HDFCBANK']],
  ])('answers %j with %j first', (text, expected) => {
    expect(keys(text).slice(0, expected.length)).toEqual(expected);
  });

  it.each([
    ['relaince', 'NSE:RELIANCE'],
    ['reliamce', 'NSE:RELIANCE'],
    ['relance', 'NSE:RELIANCE'],
    ['infossys', 'NSE:INFY'],
    ['tatmtrs', 'NSE:TATAMOTORS'],
  ])('forgives a slip: %j finds %s', (text, key) => {
    expect(keys(text)[0]).toBe(key);
  });

  it('wants every word, and finds nothing for none', () => {
    expect(keys('nifty 99999')).toEqual([]);
    expect(keys('reliance fut')).toEqual([]);
    expect(keys('zzzz')).toEqual([]);
    expect(keys('  ')).toEqual([]);
    expect(keys('&')).toEqual([]);
  });

  it('keeps to its limit, names no instrument twice and gives titles and expiries', () => {
    const found = search.find('ce', 100);
    expect(found).toHaveLength(100);
    expect(new Set(found.map(({ key }) => key)).size).toBe(100);
    expect(search.find('nifty 24 nov 25000 pe', 1)).toEqual([
      { key: 'NFO:NIFTY26NOV25000PE', title: 'NIFTY 24 NOV 25000 PE', expiry: '2026-11-24' },
    ]);
  });

  it('finds a share before its futures, and those before its options', () => {
    const own = new InstrumentSearch([shares, contractsOf('RELIANCE', 'NFO', expiries.slice(0, 1), [1_800])]);
    const found = own.find('relia', 9).map(({ key }) => key);
    expect(found.slice(0, 3)).toEqual(['NSE:RELIANCE', 'BSE:RELIANCE', 'NFO:RELIANCE26NOVFUT']);
    expect(found.indexOf('NFO:RELIANCE26NOV1800CE')).toBeGreaterThan(2);
  });
});
