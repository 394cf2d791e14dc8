import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/contract/settings.ts';
import { instrumentAlerts } from '../../../src/desk/alert-rules.ts';
import { DeskInstruments } from '../../../src/desk/instruments.ts';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import type { InstrumentList } from '../../../src/instruments/instrument-lists.ts';
import { KiteError } from '../../../src/kite/errors.ts';
import { parseInstrumentDump } from '../../../src/kite/instrument-dump.ts';
import type { KiteInstrument } from '../../../src/kite/session.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { frameOf } from '../feed/packets.ts';

const columns =
  'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';
const listOf = (...rows: readonly string[]): readonly KiteInstrument[] =>
  parseInstrumentDump(`${columns}\n${rows.join('\n')}\n`).instruments;

const nifty50 = '256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE';
const sensexIndex = '265,1,SENSEX,SENSEX,0,,0,0,0,EQ,INDICES,BSE';
const niftyDec = '12683010,1,NIFTY26DECFUT,"NIFTY",0,2026-12-29,0,0.1,65,FUT,NFO-FUT,NFO';
const sensexDec = '221330181,1,SENSEX26DECFUT,"SENSEX",0,2026-12-31,0,0.05,20,FUT,BFO-FUT,BFO';
const share = (symbol: string, token: number): string => `${token},1,${symbol},${symbol} LTD,0,,0,0.05,1,EQ,NSE,NSE`;

/** Lets promises that wait for nothing outside run to their end. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

/** Kite's lists as a test sets them, and the instruments of a desk that reads them. */
function bench(at = '2026-12-01T12:00:00+05:30') {
  const clock = new VirtualClock(at);
  const calendar = bundledCalendar();
  const book = new QuoteBook(calendar);
  const kite = {
    lists: {
      NSE: listOf(nifty50),
      NFO: listOf(niftyDec),
      BSE: listOf(sensexIndex),
      BFO: listOf(sensexDec),
    } as Record<string, readonly KiteInstrument[]>,
    failing: new Set<string>(),
    hanging: new Set<string>(),
    asked: [] as string[],
  };
  const world = {
    clock,
    book,
    kite,
    kept: new Map<string, InstrumentList>(),
    settings: { ...defaultSettings, underlyings: ['NIFTY'], watchlist: [] as string[] },
    isUnneeded: false,
    lines: [] as string[],
  };
  const open = (): DeskInstruments =>
    new DeskInstruments({
      clock,
      realClock: clock,
      calendar,
      book,
      settings: () => world.settings as typeof defaultSettings,
      isUnneeded: () => world.isUnneeded,
      log: (_level, _area, text) => world.lines.push(text),
      changed: () => undefined,
      lists: {
        load: async (exchange) => world.kept.get(exchange) ?? null,
        save: async (list) => void world.kept.set(list.exchange, list),
      },
      rest: {
        instruments: async (exchange) => {
          kite.asked.push(exchange);
          if (kite.hanging.has(exchange)) await new Promise<void>(() => undefined);
          if (kite.failing.has(exchange)) throw new KiteError('server-error', 'HTTP 503');
          return kite.lists[exchange] ?? [];
        },
      },
    });
  return { ...world, world, open };
}

const keysOf = (instruments: DeskInstruments): string[] => instruments.active.map(({ key }) => key);
const all = ['NSE', 'NFO', 'BSE', 'BFO'] as const;

describe('two names with one token', () => {
  it.each([
    ['the name that comes second', ['NSE:INFYX', 'NSE:INFY'], [], 'NSE:INFYX', 'NSE:INFY'],
    ['the name that is not followed yet', ['NSE:INFYX', 'NSE:INFY'], ['NSE:INFY'], 'NSE:INFY', 'NSE:INFYX'],
  ])('are told once, and %s is not followed', async (_name, watchlist, before, kept, leftOut) => {
    const { clock, kite, world, open } = bench();
    world.settings = { ...world.settings, watchlist: before };
    kite.lists.NSE = listOf(nifty50, share('INFY', 408_065), share('INFYX', 408_065), share('TCS', 2_953_217));
    using instruments = open();
    await instruments.resolve();
    world.settings = { ...world.settings, watchlist: [...watchlist, 'NSE:TCS'] };
    await instruments.applySettings();
    await clock.advance(1, settle);
    await instruments.resolve(clock.now());
    expect(keysOf(instruments).toSorted()).toEqual(['NFO:NIFTY26DECFUT', 'NSE:NIFTY 50', 'NSE:TCS', kept].toSorted());
    const text = `${leftOut} cannot be followed: Kite's list gives it the same number as ${kept}.`;
    expect(instruments.problems).toEqual([
      { code: 'shared-token', severity: 'error', subject: leftOut, message: text },
    ]);
    expect(world.lines.filter((line) => line.includes('INFY'))).toEqual([text]);
    expect(instrumentAlerts(instruments.problems)).toMatchObject([{ alert: { id: 'instruments', title: text } }]);
  });
});

describe('lists that fail', () => {
  it('take nothing away that is followed, and what they lacked is added by itself when they are back', async () => {
    const { clock, kite, world, open } = bench();
    using instruments = open();
    await instruments.resolve();
    expect(keysOf(instruments)).toEqual(['NSE:NIFTY 50', 'NFO:NIFTY26DECFUT']);
    for (const exchange of all) kite.failing.add(exchange);
    world.settings = { ...world.settings, underlyings: ['NIFTY', 'SENSEX'] };
    await instruments.applySettings();
    expect(keysOf(instruments)).toEqual(['NSE:NIFTY 50', 'NFO:NIFTY26DECFUT', 'BSE:SENSEX']);
    expect(instruments.listTrouble).toMatchObject({ without: 1, olderDate: null });

    kite.failing.clear();
    await clock.advance(6_000, settle);
    expect(keysOf(instruments)).toEqual(['NSE:NIFTY 50', 'NFO:NIFTY26DECFUT', 'BSE:SENSEX', 'BFO:SENSEX26DECFUT']);
    expect(instruments.listTrouble).toBeNull();
  });

  it.each([
    ['of fewer than half the rows', 4, false],
    ['of half the rows', 5, true],
    ['of more rows', 12, true],
  ])('or come back %s: the list at hand stays where most is missing', async (_name, count, isTaken) => {
    const { clock, kite, world, open } = bench();
    const shares = (length: number) => Array.from({ length }, (_, index) => share(`S${index}`, 1_000 + index));
    world.settings = { ...world.settings, watchlist: ['NSE:S8'] };
    kite.lists.NSE = listOf(nifty50, ...shares(9));
    using instruments = open();
    await instruments.resolve();
    const before = keysOf(instruments);
    expect(before).toContain('NSE:S8');
    kite.lists.NSE = listOf(nifty50, ...shares(count - 1));
    await clock.advance(1, settle);
    expect(await instruments.resolve(clock.now())).toMatchObject({ ok: isTaken });
    expect(instruments.listTrouble === null).toBe(isTaken);
    if (isTaken) return;
    expect(keysOf(instruments)).toEqual(before);
    expect(world.lines.join()).toMatch(/NSE instrument list could not be loaded: what came is not Kite's whole list/);
    const asked = kite.asked.length;
    kite.lists.NSE = listOf(nifty50, ...shares(9));
    await clock.advance(6_000, settle);
    expect([kite.asked.length, instruments.listTrouble]).toEqual([asked + 1, null]);
  });

  it('leave the spots with their documented tokens when there is none at all', async () => {
    const { kite, world, open } = bench();
    world.settings = { ...world.settings, underlyings: ['NIFTY', 'BANKNIFTY', 'SENSEX'] };
    for (const exchange of all) kite.failing.add(exchange);
    using instruments = open();
    expect(await instruments.resolve()).toMatchObject({ ok: false });
    expect(instruments.active.map(({ key, token }) => [key, token])).toEqual([
      ['NSE:NIFTY 50', 256265],
      ['NSE:NIFTY BANK', 260105],
      ['BSE:SENSEX', 265],
    ]);
    expect(instruments.unlisted).toBe(3);
  });

  it('cost only their own exchange when they hang', async () => {
    const { clock, kite, world, open } = bench();
    world.settings = { ...world.settings, underlyings: ['NIFTY', 'SENSEX'] };
    kite.hanging.add('NFO');
    using instruments = open();
    void instruments.resolve();
    await clock.advance(2_000, settle);
    expect(kite.asked.toSorted()).toEqual(['BFO', 'BSE', 'NFO', 'NSE']);
    expect(keysOf(instruments)).toEqual(['NSE:NIFTY 50', 'BSE:SENSEX', 'BFO:SENSEX26DECFUT']);
  });

  it('are one line an outage, and are asked for at most once in two minutes in the long run', async () => {
    const { clock, kite, lines, open } = bench();
    using instruments = open();
    for (const exchange of all) kite.failing.add(exchange);
    void instruments.resolve();
    await clock.advance(3_600_000, settle);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^Kite's NSE instrument list could not be loaded: .*Trying again by itself\.$/);
    expect(kite.asked.length).toBeLessThanOrEqual(2 * (3_600 / 120 + 6));
    kite.failing.clear();
    await clock.advance(130_000, settle);
    expect(instruments.listTrouble).toBeNull();
    kite.failing.add('NFO');
    await instruments.resolve(clock.now());
    expect(lines).toHaveLength(2);
  });

  it('are not spoken of before anybody can use them', async () => {
    const { clock, kite, world, lines, open } = bench();
    world.isUnneeded = true;
    for (const exchange of all) kite.failing.add(exchange);
    using instruments = open();
    void instruments.resolve();
    await clock.advance(300_000, settle);
    expect(lines).toEqual([]);
    expect(instruments.listTrouble).toBeNull();
  });

  it('are asked for by what is wanted now, and not by what was wanted when the last question began', async () => {
    const { clock, world, open } = bench();
    using instruments = open();
    const first = instruments.resolve();
    world.settings = { ...world.settings, underlyings: ['NIFTY', 'SENSEX'] };
    const second = instruments.resolve();
    await clock.advance(100, settle);
    await Promise.all([first, second]);
    expect(keysOf(instruments)).toContain('BFO:SENSEX26DECFUT');
  });
});

describe('lists of the disk', () => {
  it('start a desk without Kite: those of today whole, older ones with what keeps its token', async () => {
    const today = bench();
    today.kite.lists.NSE = listOf(nifty50, share('INFY', 408065));
    today.world.settings = { ...today.world.settings, watchlist: ['NSE:INFY'] };
    using before = today.open();
    await before.resolve();
    await settle();
    for (const exchange of all) today.kite.failing.add(exchange);
    today.kite.asked.length = 0;
    using again = today.open();
    expect(await again.resolve()).toMatchObject({ ok: true });
    expect(keysOf(again)).toEqual(['NSE:NIFTY 50', 'NFO:NIFTY26DECFUT', 'NSE:INFY']);
    expect(today.kite.asked).toEqual([]);

    today.clock.jump(Date.parse('2026-12-02T11:00:00+05:30') - today.clock.now());
    using nextDay = today.open();
    await nextDay.resolve();
    expect(keysOf(nextDay)).toEqual(['NSE:NIFTY 50', 'NFO:NIFTY26DECFUT']);
    expect(nextDay.listTrouble).toMatchObject({ without: 1, olderDate: '2026-12-01' });

    today.clock.jump(Date.parse('2026-12-30T11:00:00+05:30') - today.clock.now());
    using expired = today.open();
    await expired.resolve();
    expect(keysOf(expired)).toEqual(['NSE:NIFTY 50']);
  });
});

describe('identity', () => {
  const follow = async (rows: readonly string[], watchlist: readonly string[], on = bench()) => {
    on.kite.lists.NSE = listOf(nifty50, ...rows);
    on.world.settings = { ...on.world.settings, watchlist: [...watchlist] };
    return on;
  };

  it.each([
    ['the same token under a new name', [share('DAAWAT', 3536897)], [share('LTFOODS', 3536897)]],
    ['a new token under the same name', [share('LTFOODS', 3536897)], [share('LTFOODS', 3536641)]],
    [
      'a swap',
      [share('DAAWAT', 3536897), share('LTFOODS', 3536641)],
      [share('DAAWAT', 3536641), share('LTFOODS', 3536897)],
    ],
  ])('%s is followed without a restart, and begins without a price', async (_, before, after) => {
    const world = await follow(before, ['NSE:DAAWAT', 'NSE:LTFOODS']);
    using instruments = world.open();
    await instruments.resolve();
    const old = instruments.active.filter(({ role }) => role === 'watch');
    tick(
      world,
      old.map(({ token }) => [token, 100]),
    );
    world.kite.lists.NSE = listOf(nifty50, ...after);
    world.clock.jump(1_000);
    await instruments.resolve(world.clock.now());
    const now = instruments.active.filter(({ role }) => role === 'watch');
    expect(now.map(({ key, token }) => `${token} ${key}`).sort()).toEqual(
      listOf(...after)
        .map(({ key, token }) => `${token} ${key}`)
        .sort(),
    );
    for (const { key } of now) expect(world.book.row(world.book.slotOf(key), false)).toBeNull();
    tick(
      world,
      now.map(({ token }) => [token, 200]),
    );
    for (const { key } of now) expect(world.book.row(world.book.slotOf(key), false)?.lastPrice).toBe(200);
  });

  it('follows every list there may be, and never shows a price under a name that was not its token’s', async () => {
    const symbols = ['A', 'B', 'C', 'D'];
    const tokens = [1, 2, 3, 4].map((number) => number * 256 + 1);
    const listing = fc
      .shuffledSubarray(tokens, { minLength: 0 })
      .chain((some) =>
        fc
          .shuffledSubarray(symbols, { minLength: some.length, maxLength: some.length })
          .map((names) => names.map((name, index) => [name, some[index] ?? 0] as const)),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(listing, { minLength: 2, maxLength: 6 }), async (days) => {
        const world = await follow(
          [],
          symbols.map((symbol) => `NSE:${symbol}`),
        );
        using instruments = world.open();
        /** The last price of each name and token, as the exchange had them. */
        const model = new Map<string, number>();
        let price = 1;
        for (const day of days) {
          world.kite.lists.NSE = listOf(nifty50, ...day.map(([name, token]) => share(name, token)));
          world.clock.jump(1_000);
          await instruments.resolve(world.clock.now());
          const watched = instruments.active.filter(({ role }) => role === 'watch');
          expect(watched.map(({ key }) => key).sort()).toEqual(day.map(([name]) => `NSE:${name}`).sort());
          for (const [name, token] of day.slice(0, 2)) {
            model.set(`${token} NSE:${name}`, ++price);
            tick(world, [[token, price]]);
          }
          for (const [slot, { key, token }] of instruments.states.entries()) {
            if (key === 'NSE:NIFTY 50') continue;
            expect(world.book.row(slot, false)?.lastPrice ?? null).toBe(model.get(`${token} ${key}`) ?? null);
          }
          for (const { key, token } of watched) {
            const row = world.book.row(world.book.slotOf(key), false);
            expect(row?.lastPrice ?? null).toBe(model.get(`${token} ${key}`) ?? null);
          }
        }
      }),
    );
  });

  function tick({ book, clock }: ReturnType<typeof bench>, prices: readonly (readonly [number, number])[]): void {
    const nowMs = clock.now();
    const packets = prices.map(([token, lastPrice]) => ({ token, lastPrice, exchangeTimeMs: nowMs }));
    if (packets.length > 0) book.applyFrame(frameOf(packets), nowMs);
  }
});

it('says of thousands of names that are in no list one line with their number', async () => {
  const { world, lines, open } = bench();
  world.settings = { ...world.settings, watchlist: Array.from({ length: 8_577 }, (_, index) => `NSE:GONE${index}`) };
  using instruments = open();
  await instruments.resolve();
  expect(lines).toEqual(['8,577 instruments cannot be followed: NSE:GONE0, NSE:GONE1, NSE:GONE2 and 8,574 more.']);
  await instruments.resolve();
  expect(lines).toHaveLength(1);
});

describe('since when an instrument is followed', () => {
  it('is kept while it is, and begins anew when it comes back', async () => {
    const { clock, kite, world, open } = bench();
    kite.lists.NSE = listOf(nifty50, share('RELIANCE', 738_561));
    using instruments = open();
    await instruments.resolve();
    const began = clock.now();
    const since = (key: string): number | undefined =>
      instruments.active.find((instrument) => instrument.key === key)?.followedSince;
    await clock.advance(60_000);
    world.settings = { ...world.settings, watchlist: ['NSE:RELIANCE'] };
    await instruments.applySettings();
    expect([since('NSE:NIFTY 50'), since('NSE:RELIANCE')]).toEqual([began, began + 60_000]);
    world.settings = { ...world.settings, watchlist: [] };
    await instruments.applySettings();
    await clock.advance(60_000);
    world.settings = { ...world.settings, watchlist: ['NSE:RELIANCE'] };
    await instruments.applySettings();
    expect([since('NSE:NIFTY 50'), since('NSE:RELIANCE')]).toEqual([began, began + 120_000]);
  });
});
