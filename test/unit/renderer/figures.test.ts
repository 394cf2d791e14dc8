import { describe, expect, test } from 'vitest';
import { figuresOf } from '../../../renderer/features/detail/figures.ts';
import { worstAge } from '../../../renderer/format/worst-age.ts';
import { quoteOf } from './quote-of.ts';

const valuesOf = (...args: Parameters<typeof figuresOf>): Record<string, string> =>
  Object.fromEntries(figuresOf(...args).map(({ name, value }) => [name, value]));

describe('figures', () => {
  test('of an index are its own and no contract’s', () => {
    expect(Object.keys(valuesOf('spot', quoteOf()))).toEqual(['Open', 'High', 'Prev. close', 'Low', 'Updated']);
  });

  test('of a contract come from its one quote', () => {
    expect(valuesOf('future', quoteOf({ averagePrice: 26_080, high: 26_150 }))).toMatchObject({
      High: '26,150.00',
      Average: '26,080.00',
      'Prev. close': '26,000.00',
    });
  });

  test('before the open tell the last session’s close, and nothing of it as today’s', () => {
    const quote = quoteOf({ kind: 'previous-close', lastPrice: 27_518.95, close: 27_518.95 });
    expect(valuesOf('future', quote)).toMatchObject({
      'Prev. close': '27,518.95',
      Open: '–',
      High: '–',
      Low: '–',
      Volume: '–',
      Average: '–',
    });
  });

  test('of a contract nobody has traded today tell the close as it is sent', () => {
    const quote = quoteOf({ kind: 'previous-close', lastPrice: 120, close: 118, open: 0, high: 0, low: 0 });
    expect(valuesOf('watch', quote)['Prev. close']).toBe('118.00');
  });
});

describe('the last trade', () => {
  const at = (time: string, date = '2026-11-23'): number => Date.parse(`${date}T${time}+05:30`);

  test('is the trade’s own time, not the packet’s', () => {
    const quote = quoteOf({ exchangeTime: at('15:44:59'), receivedAt: at('15:45:00'), lastTradedAt: at('15:39:58') });
    expect(valuesOf('future', quote)).toMatchObject({ 'Last traded': '15:39:58', Updated: '15:44:59' });
  });

  test('has its date where it was on an earlier day, and is blank where there was none', () => {
    const earlier = quoteOf({ receivedAt: at('08:56:00'), lastTradedAt: at('15:39:58', '2026-11-20') });
    expect(valuesOf('watch', earlier)['Last traded']).toBe('20 Nov 15:39');
    expect(valuesOf('watch', quoteOf({ lastTradedAt: 0 }))['Last traded']).toBe('–');
    expect(valuesOf('watch', undefined)['Last traded']).toBe('–');
  });

  test('is none of an index', () => {
    expect(valuesOf('spot', quoteOf({ lastTradedAt: at('15:39:58') }))).not.toHaveProperty('Last traded');
  });
});

describe('the data’s age', () => {
  const six = ['NIFTY 50', 'NIFTY DEC FUT', 'SENSEX'].map((title) => ({ title, stale: false }));

  test('is the worst one’s, by name', () => {
    const ages = [20_000, 100, 900];
    const followed = six.map((one, index) => ({
      ...one,
      stale: index === 0,
      quote: quoteOf({ receivedAt: 100_000 - (ages[index] ?? 0) }),
    }));
    expect(worstAge(followed, 100_000)).toEqual({ title: 'NIFTY 50', ageMs: 20_000, stale: 1 });
  });

  test('names nobody while all are of the same moment, and counts what is stale', () => {
    const followed = six.map((one) => ({ ...one, quote: quoteOf({ receivedAt: 99_500, stale: true }) }));
    expect(worstAge(followed, 100_000)).toEqual({ title: null, ageMs: 500, stale: 3 });
    expect(worstAge([{ title: 'NIFTY 50', stale: false, quote: undefined }], 1)).toMatchObject({ ageMs: null });
  });

  test.each(['previous-close', 'frozen'] as const)('is none of a price that does not age: %s', (kind) => {
    const resting = six.map((one) => ({ ...one, quote: quoteOf({ receivedAt: 94_000, kind }) }));
    expect(worstAge(resting, 100_000)).toEqual({ title: null, ageMs: null, stale: 0 });
    const live = { title: 'SENSEX', stale: false, quote: quoteOf({ receivedAt: 95_000 }) };
    expect(worstAge([...resting, live], 100_000)).toEqual({ title: 'SENSEX', ageMs: 5_000, stale: 0 });
    // While prices are missed it does.
    const missed = six.map((one) => ({ ...one, quote: quoteOf({ receivedAt: 94_000, kind, stale: true }) }));
    expect(worstAge(missed, 100_000)).toMatchObject({ title: 'NIFTY 50', ageMs: 6_000, stale: 3 });
  });
});
