/** Work that is long as a whole: how much of it is done between two turns of the event loop, and that none is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/contract/settings.ts';
import { InstrumentSearch } from '../../../src/desk/instrument-search.ts';
import { DeskInstruments } from '../../../src/desk/instruments.ts';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import { indexing, resolveDesk, resolving } from '../../../src/kite/instruments.ts';
import { candlesOf, quotesOf } from '../../../src/kite/rest-schemas.ts';
import type { KiteInstrument } from '../../../src/kite/session.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import type { Stretches } from '../../../src/turn.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const calendar = bundledCalendar();
const OPTIONS = 100_000;

/** An option of the NFO whose every look-at is counted. */
function option(number: number, look: () => void): KiteInstrument {
  const tradingSymbol = `NIFTY26NOV${10_000 + number}CE`;
  return {
    get key() {
      look();
      return `NFO:${tradingSymbol}`;
    },
    token: (number + 1) * 256 + 2,
    exchange: 'NFO',
    get tradingSymbol() {
      look();
      return tradingSymbol;
    },
    get name() {
      look();
      // As many names as there are shares with options, and shares without.
      return `NAME${number % 20_000}`;
    },
    expiry: '2026-11-24',
    strike: 10_000 + number,
    tickSize: 0.05,
    lotSize: 65,
    type: 'CE',
    segment: 'NFO-OPT',
    hours: 'NFO_OPT',
  };
}

function counter() {
  let looks = 0;
  let most = 0;
  return {
    look: () => {
      looks++;
      most = Math.max(most, looks);
    },
    /** Plays work to its end. */
    play: <T>(work: Stretches<T>): { readonly value: T; readonly most: number; readonly stretches: number } => {
      looks = 0;
      most = 0;
      for (let stretches = 1; ; stretches++) {
        const { done, value } = work.next();
        if (done === true) return { value, most, stretches };
        looks = 0;
      }
    },
  };
}

describe('between two turns of the event loop', () => {
  const count = counter();
  const rows = Array.from({ length: OPTIONS }, (_, number) => option(number, count.look));
  /** Looks at a row: a few each. */
  const MOST = 20_000;

  it('a list is made ready for look-ups some thousand rows at a time', () => {
    const { value, most, stretches } = count.play(indexing(rows));
    expect(value.byKey.size).toBe(OPTIONS);
    expect([most <= MOST, stretches >= 20]).toEqual([true, true]);
  });

  it('9,000 names are resolved a thousand at a time, to what they are all at once', () => {
    const question = {
      underlyings: ['NIFTY' as const],
      watchlist: rows.slice(500, 9_500).map(({ key }) => key),
      dumps: new Map([['NFO', rows]]),
      today: '2026-11-23',
      calendar,
    };
    const { value, most, stretches } = count.play(resolving(question));
    expect(value).toEqual(resolveDesk(question));
    expect(value.instruments).toHaveLength(9_001);
    expect([most <= OPTIONS * 2, stretches]).toEqual([true, 9]);
  });

  it('100,000 rows are made searchable, and searched, a few thousand at a time, with the same answers', () => {
    const built = count.play(InstrumentSearch.stretches([rows.slice(0, 60_000), rows.slice(60_000)]));
    expect(built.most).toBeLessThanOrEqual(MOST);
    const atOnce = new InstrumentSearch([rows]);
    for (const text of ['n', 'name 26000 ce', 'NIFTY26NOV1', 'NFO:NIFTY26NOV12345CE', '26', 'ce', 'zzz']) {
      const { value, most } = count.play(built.value.finding(text, 20));
      expect(most).toBeLessThanOrEqual(MOST);
      expect(value).toEqual(atOnce.find(text, 20));
    }
  });

  it('quotes are read a hundred, and candles five hundred at a time', () => {
    const quote = (number: number): object => ({
      instrument_token: number + 1,
      get last_price() {
        count.look();
        return 1.5;
      },
      ohlc: { open: 1, high: 1, low: 1, close: 1 },
    });
    const quotes = Object.fromEntries(Array.from({ length: 1_000 }, (_, number) => [`NFO:${number}`, quote(number)]));
    const read = count.play(quotesOf(quotes));
    expect([read.value?.size, read.most, read.stretches]).toEqual([1_000, 100, 10]);

    const start = Date.parse('2026-11-23T09:15:00+05:30');
    const candles = Array.from({ length: 22_500 }, (_, minute) => {
      const time = new Date(start + (minute % 375) * 60_000 + 19_800_000).toISOString().slice(0, 19);
      return Object.defineProperty([`${time}+0530`, 1, 2, 1, 2, 3], 2, {
        get: () => {
          count.look();
          return 2;
        },
      });
    });
    const kept = count.play(candlesOf({ candles }));
    expect([kept.value?.candles.length, kept.most, kept.stretches]).toEqual([22_500, 500, 45]);
  });
});

describe('following as many instruments as Kite allows', () => {
  const rows = Array.from({ length: 9_500 }, (_, number) => option(number, () => undefined));

  /** Instruments whose book counts what it is asked to add between two turns. */
  function follower() {
    const clock = new VirtualClock('2026-11-23T11:00:00+05:30');
    const book = new QuoteBook(calendar);
    const work = { since: 0, most: 0, turns: 0 };
    const add = book.add.bind(book);
    book.add = (instrument) => {
      work.most = Math.max(work.most, ++work.since);
      return add(instrument);
    };
    const settings = { ...defaultSettings, underlyings: ['NIFTY' as const], watchlist: [] as string[] };
    const instruments = new DeskInstruments({
      clock,
      realClock: clock,
      calendar,
      book,
      settings: () => settings,
      log: () => undefined,
      changed: () => undefined,
      rest: { instruments: async (exchange) => (exchange === 'NFO' ? rows : []) },
    });
    /** Lets the event loop turn until `promise` is settled; `between` is called in each. */
    const turnUntil = async (promise: Promise<unknown>, between: (turn: number) => void = () => undefined) => {
      let isSettled = false;
      void promise.finally(() => {
        isSettled = true;
      });
      for (let turn = 0; !isSettled; turn++) {
        work.since = 0;
        work.turns++;
        between(turn);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    return { clock, book, work, settings, instruments, turnUntil };
  }

  it('begins with a thousand a turn', async () => {
    const { work, settings, instruments, turnUntil } = follower();
    using _open = instruments;
    settings.watchlist = rows.slice(0, 8_994).map(({ key }) => key);
    await turnUntil(instruments.resolve());
    expect(instruments.active).toHaveLength(8_995);
    expect(work.most).toBeLessThanOrEqual(1_000);
  });

  it('ends with what the settings say last, whatever was changed while it was at it', async () => {
    const lists = fc.tuple(fc.nat(5_000), fc.integer({ min: 1, max: 4_000 }));
    const changes = fc.array(fc.tuple(fc.nat(12), lists), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lists, changes, async ([from, count], later) => {
        const { settings, instruments, turnUntil } = follower();
        using _open = instruments;
        settings.watchlist = rows.slice(from, from + count).map(({ key }) => key);
        const running: Promise<unknown>[] = [instruments.resolve()];
        await turnUntil(running[0] ?? Promise.resolve(), (turn) => {
          for (const [at, [nextFrom, nextCount]] of later) {
            if (at !== turn) continue;
            settings.watchlist = rows.slice(nextFrom, nextFrom + nextCount).map(({ key }) => key);
            running.push(instruments.applySettings());
          }
        });
        await turnUntil(Promise.all(running));
        const followed = instruments.active.filter(({ role }) => role === 'watch').map(({ key }) => key);
        expect(followed.toSorted()).toEqual(settings.watchlist.toSorted());
      }),
      { numRuns: 15 },
    );
  });
});
