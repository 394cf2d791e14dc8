import { expect, it } from 'vitest';
import { InstrumentSearch } from '../../../src/desk/instrument-search.ts';
import type { KiteInstrument } from '../../../src/kite/session.ts';
import { marketModel } from '../exchange/market-bench.ts';

/** The whole simulated list, as the desk reads it. */
const rows: readonly KiteInstrument[] = marketModel()
  .instruments('2026-11-23')
  .all.map(({ exchange, tradingSymbol, name, token, expiry, strike, lotSize, tickPaise, type, segment }) => ({
    key: `${exchange}:${tradingSymbol}`,
    token,
    exchange,
    tradingSymbol,
    name,
    expiry,
    strike,
    tickSize: tickPaise / 100,
    lotSize,
    type,
    segment,
    hours: null,
  }));
const search = new InstrumentSearch([rows]);
const first = (text: string): string | undefined => search.find(text, 1)[0]?.key;

it('finds every symbol of the list first when it is written as Kite writes it, in any case, with or without its exchange', () => {
  const keys = new Set(rows.map(({ key }) => key));
  const symbols = new Map<string, number>();
  for (const { tradingSymbol } of rows) symbols.set(tradingSymbol, (symbols.get(tradingSymbol) ?? 0) + 1);
  const wrong: string[] = [];
  for (const { key, tradingSymbol } of rows) {
    const isAlone = symbols.get(tradingSymbol) === 1;
    const written = [key, key.toLowerCase(), ...(isAlone ? [tradingSymbol, ` ${tradingSymbol.toLowerCase()} `] : [])];
    for (const text of written) if (first(text) !== key) wrong.push(`${text}: ${first(text)}`);
  }
  expect(wrong).toEqual([]);
  expect(keys.size).toBe(rows.length);
});

it('marks the options of a week as such, and no others', () => {
  const isWeekly = (key: string): boolean => search.find(key, 1)[0]?.weekly === true;
  const options = rows.filter(({ type }) => type === 'CE' || type === 'PE');
  // A month's options end with its future.
  const months = new Set(rows.filter(({ type }) => type === 'FUT').map(({ name, expiry }) => `${name} ${expiry}`));
  const wrong = options.filter(({ key, name, expiry }) => isWeekly(key) === months.has(`${name} ${expiry}`));
  expect(wrong.map(({ key }) => key)).toEqual([]);
  expect(options.some(({ key }) => isWeekly(key))).toBe(true);
  expect(rows.filter(({ key, type }) => type !== 'CE' && type !== 'PE' && isWeekly(key))).toEqual([]);
});

it.each([
  ['NIFTY26D', 'NFO:NIFTY26D'],
  ['nifty26d01', 'NFO:NIFTY26D01'],
  ['NFO:NIFTY26DECF', 'NFO:NIFTY26DECFUT'],
  ['BFO:SENSEX26D', 'BFO:SENSEX26D'],
])('finds what begins so while %j is being written', (text, beginning) => {
  expect(search.find(text, 5).map(({ key }) => key.startsWith(beginning))).not.toContain(false);
  expect(search.find(text, 5).length).toBeGreaterThan(0);
});

it('keeps to the exchange that was named', () => {
  expect(search.find('BSE:RELIANCE', 50).filter(({ key }) => !key.startsWith('BSE:'))).toEqual([]);
  expect(first('BSE:RELIANCE')).toBe('BSE:RELIANCE');
  expect(first('reliance')).toBe('NSE:RELIANCE');
});
