import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseInstrumentDump } from '../../../src/kite/instrument-dump.ts';
import {
  type DeskQuestion,
  exchangesOf,
  resolveDesk,
  resolveFrontMonth,
  titleOf,
} from '../../../src/kite/instruments.ts';
import type { KiteInstrument } from '../../../src/kite/session.ts';
import type { Underlying } from '../../../src/market/calendar.ts';
import { NOT_HERE, sharedPath } from './shared-data.ts';

const header =
  'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';

const nfo = dump(`${header}
1001,1,NIFTYNXT5026NOVFUT,"NIFTYNXT50",0,2026-11-23,0,0.1,25,FUT,NFO-FUT,NFO
1002,1,NIFTY26DECFUT,"NIFTY",0,2026-12-29,0,0.1,65,FUT,NFO-FUT,NFO
1003,1,NIFTY26NOVFUT,"NIFTY",0,2026-11-23,0,0.1,65,FUT,NFO-FUT,NFO
1004,1,NIFTY26NOV26000CE,"NIFTY",0,2026-11-23,26000,0.05,65,CE,NFO-OPT,NFO
1005,1,BANKNIFTY26NOVFUT,"BANKNIFTY",0,2026-11-23,0,0.2,30,FUT,NFO-FUT,NFO
1006,1,RELIANCE26NOVFUT,"RELIANCE",0,2026-11-23,0,0.1,500,FUT,NFO-FUT,NFO
1007,1,NIFTY26OCTFUT,"NIFTY",0,2026-10-27,0,0.1,65,FUT,NFO-FUT,NFO
`);
const bfo = dump(`${header}
2001,1,SENSEX5026NOVFUT,"SENSEX50",0,2026-11-24,0,0.05,75,FUT,BFO-FUT,BFO
2002,1,SENSEX26NOVFUT,"SENSEX",0,2026-11-26,0,0.05,20,FUT,BFO-FUT,BFO
`);
const nse = dump(`${header}
256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE
260105,1016,NIFTY BANK,NIFTY BANK,0,,0,0,0,EQ,INDICES,NSE
738561,2885,RELIANCE,RELIANCE INDUSTRIES,0,,0,0.1,1,EQ,NSE,NSE
3813889,14898,CENTRALBK-BE,CENTRAL BANK OF INDIA,0,,0,0.05,1,EQ,NSE,NSE
`);
const bse = dump(`${header}
265,1,SENSEX,SENSEX,0,,0,0,0,EQ,INDICES,BSE
128083204,500325,RELIANCE,RELIANCE INDUSTRIES,0,,0,0.05,1,EQ,BSE,BSE
`);

function dump(csv: string): readonly KiteInstrument[] {
  return parseInstrumentDump(csv).instruments;
}

/** The real rule moves 24 November 2026, a holiday, to the day before. */
const rule: DeskQuestion['calendar'] = {
  monthlyExpiry: (underlying: Underlying, _, month) => {
    if (month === 11) return underlying === 'SENSEX' ? '2026-11-26' : '2026-11-23';
    return underlying === 'SENSEX' ? '2026-12-31' : '2026-12-29';
  },
};
const dumps = new Map([
  ['NFO', nfo],
  ['BFO', bfo],
  ['NSE', nse],
  ['BSE', bse],
]);
const question: DeskQuestion = {
  underlyings: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  watchlist: [],
  dumps,
  today: '2026-11-23',
  calendar: rule,
};

describe('parseInstrumentDump', () => {
  it('reads quoted names and symbols with commas and colons, and finds columns by name', () => {
    const { instruments, badRows } = parseInstrumentDump(
      'exchange,segment,instrument_type,lot_size,tick_size,strike,expiry,name,tradingsymbol,instrument_token,new\n' +
        'BSE,INDICES,EQ,0,0,0,,"BSE SENSEX SIXTY, 65:35",BSE SENSEX SIXTY 65:35,777,x\n',
    );
    expect(badRows).toBe(0);
    expect(instruments).toEqual([
      {
        key: 'BSE:BSE SENSEX SIXTY 65:35',
        token: 777,
        exchange: 'BSE',
        tradingSymbol: 'BSE SENSEX SIXTY 65:35',
        name: 'BSE SENSEX SIXTY, 65:35',
        expiry: null,
        strike: 0,
        tickSize: 0,
        lotSize: 0,
        type: 'EQ',
        segment: 'INDICES',
        hours: 'BSE_INDEX',
      },
    ]);
  });

  it('counts rows that are no instrument and keeps the others', () => {
    const bad = [
      'x,1,A,A,0,,0,0,0,EQ,NSE,NSE',
      '-5,1,A,A,0,,0,0,0,EQ,NSE,NSE',
      '5,1,,A,0,,0,0,0,EQ,NSE,NSE',
      '5,1,A,A,0,31-12-2026,0,0,0,EQ,NSE,NSE',
      '5,1,A,A,0,2026-02-30,0,0,0,EQ,NSE,NSE',
      '5,1,A,A,0,,nan,0,0,EQ,NSE,NSE',
      '5,1,A',
      '<html>',
    ];
    const good = '5,1,A,A,0,2026-12-31,0,,0,EQ,NSE,NSE';
    const { instruments, badRows } = parseInstrumentDump([header, ...bad, good, '', ''].join('\n'));
    expect([instruments.length, badRows]).toEqual([1, bad.length]);
  });

  it('takes a list that broke off anywhere within a line for none', () => {
    const rows = ['1,1,A,A,0,,0,0.05,1,EQ,NSE,NSE', '256265,1,NIFTY 50,"NIFTY, 50",0,,0,0,0,EQ,INDICES,NSE'];
    const csv = `${[header, ...rows, '3,1,C,NSE,0,,0,0.05,1,EQ,NSE,NSE'].join('\r\n')}\r\n`;
    for (let end = 0; end < csv.length; end++) {
      const part = csv.slice(0, end);
      const isBetweenLines = /(^|\n)$/.test(part) || (end > csv.indexOf('NIFTY') && /(INDICES|NSE),NSE\r?$/.test(part));
      const lines = part.split('\r\n').filter((line) => line.length > 3);
      // At the end of a line, or but for its line break.
      const expected = isBetweenLines ? Math.max(0, lines.length - 1) : 0;
      expect([end, parseInstrumentDump(part).instruments.length]).toEqual([end, expected]);
    }
    const namedLast = csv.replaceAll('\r\n', ',SOME NAME\n').replace('exchange,SOME NAME', 'exchange,remark');
    expect(parseInstrumentDump(namedLast).instruments).toHaveLength(3);
    expect(parseInstrumentDump(namedLast.slice(0, -1)).instruments).toEqual([]);
  });

  it.each(['', html(), 'instrument_token,name\n1,A\n'])('finds no instruments without the header: %j', (text) => {
    expect(parseInstrumentDump(text)).toEqual({ instruments: [], badRows: 0 });
  });

  it("reads Zerodha's published dump whole", ({ skip }) => {
    const path = sharedPath('kite-mocks/instruments_all.csv');
    if (path === null) return skip(NOT_HERE);
    const csv = readFileSync(path, 'utf8');
    const { instruments, badRows } = parseInstrumentDump(csv);
    expect(badRows).toBe(0);
    expect(instruments).toHaveLength(csv.trim().split('\n').length - 1);
    expect(instruments.find(({ key }) => key === 'NSE:CENTRALBK-BE')).toMatchObject({
      token: 3_813_889,
      expiry: null,
      hours: 'NSE_CASH_NONCAS',
    });
  });
});

describe('resolveFrontMonth', () => {
  it.each([
    ['NIFTY', '2026-11-20', 'NIFTY26NOVFUT'],
    ['NIFTY', '2026-11-23', 'NIFTY26NOVFUT'],
    ['NIFTY', '2026-11-24', 'NIFTY26DECFUT'],
    ['NIFTY', '2026-10-27', 'NIFTY26OCTFUT'],
    ['BANKNIFTY', '2026-11-23', 'BANKNIFTY26NOVFUT'],
  ] as const)('gives the nearest %s future that trades on %s: %s', (underlying, today, symbol) => {
    const front = resolveFrontMonth(nfo, underlying, today);
    expect(front).toMatchObject({ found: true, instrument: { tradingSymbol: symbol } });
  });

  it('takes SENSEX for SENSEX, not SENSEX50, even when that expires sooner', () => {
    expect(resolveFrontMonth(bfo, 'SENSEX', '2026-11-23')).toMatchObject({ found: true, expiry: '2026-11-26' });
  });

  it('says whether there is no such future or only expired ones', () => {
    expect(resolveFrontMonth(bfo, 'NIFTY', '2026-11-23')).toMatchObject({ found: false, code: 'no-contract' });
    expect(resolveFrontMonth(nfo, 'NIFTY', '2027-01-04')).toMatchObject({ found: false, code: 'all-expired' });
  });

  it('resolves the recorded dump of 2026-08-18, today and after the August expiry', ({ skip }) => {
    const path = sharedPath('market-data/instruments/kite_instruments_NFO_BFO_2026-08-18.csv.gz');
    if (path === null) return skip(NOT_HERE);
    const { instruments, badRows } = parseInstrumentDump(gunzipSync(readFileSync(path)).toString());
    expect([instruments.length, badRows]).toEqual([39_941, 0]);
    const symbol = (underlying: Underlying, today: string): string => {
      const front = resolveFrontMonth(instruments, underlying, today);
      return front.found ? `${front.instrument.tradingSymbol} ${front.expiry} ${front.instrument.lotSize}` : front.code;
    };
    expect(symbol('NIFTY', '2026-08-18')).toBe('NIFTY26AUGFUT 2026-08-25 65');
    expect(symbol('BANKNIFTY', '2026-08-18')).toBe('BANKNIFTY26AUGFUT 2026-08-25 30');
    expect(symbol('SENSEX', '2026-08-18')).toBe('SENSEX26AUGFUT 2026-08-27 20');
    expect(symbol('NIFTY', '2026-08-26')).toBe('NIFTY26SEPFUT 2026-09-29 65');
    expect(symbol('SENSEX', '2026-08-27')).toBe('SENSEX26AUGFUT 2026-08-27 20');
  });
});

describe('resolveDesk', () => {
  it('gives spot and future of each underlying with role, title and hours, and nothing to say', () => {
    const { instruments, problems } = resolveDesk(question);
    expect(instruments.map(({ key, token, role, title, segment }) => [key, token, role, title, segment])).toEqual([
      ['NSE:NIFTY 50', 256_265, 'spot', 'NIFTY 50', 'NSE_INDEX'],
      ['NFO:NIFTY26NOVFUT', 1003, 'future', 'NIFTY NOV FUT', 'NFO_FUT'],
      ['NSE:NIFTY BANK', 260_105, 'spot', 'NIFTY BANK', 'NSE_INDEX'],
      ['NFO:BANKNIFTY26NOVFUT', 1005, 'future', 'BANKNIFTY NOV FUT', 'NFO_FUT'],
      ['BSE:SENSEX', 265, 'spot', 'SENSEX', 'BSE_INDEX'],
      ['BFO:SENSEX26NOVFUT', 2002, 'future', 'SENSEX NOV FUT', 'BFO_FUT'],
    ]);
    expect(instruments[1]).toMatchObject({ underlying: 'NIFTY', expiry: '2026-11-23', lotSize: 65, tickSize: 0.1 });
    expect(problems).toEqual([]);
  });

  it('follows the list and warns where the calendar expects another expiry', () => {
    // The day's own contract is missing from the list.
    const stale = new Map(dumps).set(
      'NFO',
      nfo.filter(({ expiry }) => expiry !== '2026-11-23'),
    );
    const { instruments, problems } = resolveDesk({ ...question, underlyings: ['NIFTY'], dumps: stale });
    expect(instruments.map(({ key }) => key)).toEqual(['NSE:NIFTY 50', 'NFO:NIFTY26DECFUT']);
    expect(problems).toEqual([
      {
        code: 'expiry-mismatch',
        severity: 'warning',
        subject: 'NIFTY',
        message:
          "NIFTY26DECFUT expires on 29 Dec by Kite's list and on 23 Nov by the calendar's rule; the list is followed.",
      },
    ]);
    const unruled = resolveDesk({
      ...question,
      dumps: stale,
      underlyings: ['NIFTY'],
      calendar: { monthlyExpiry: () => null },
    });
    expect(unruled.problems).toEqual([]);
  });

  it('expects the next month once this one has expired, over the turn of the year too', () => {
    const asked: [number, number][] = [];
    const calendar: DeskQuestion['calendar'] = {
      monthlyExpiry: (_, year, month) => {
        asked.push([year, month]);
        return month === 12 ? '2026-12-29' : '2027-01-25';
      },
    };
    resolveDesk({ ...question, underlyings: ['NIFTY'], today: '2026-12-29', calendar });
    expect(asked).toEqual([[2026, 12]]);
    const january = dump(`${header}\n1,1,NIFTY27JANFUT,NIFTY,0,2027-01-25,0,0.1,65,FUT,NFO-FUT,NFO\n`);
    const rolled = { ...question, underlyings: ['NIFTY'] as const, today: '2026-12-30', calendar };
    expect(resolveDesk({ ...rolled, dumps: new Map([...dumps, ['NFO', january]]) }).problems).toEqual([]);
    expect(asked.slice(1)).toEqual([
      [2026, 12],
      [2027, 1],
    ]);
  });

  it('names what is missing while the others run', () => {
    const { instruments, problems } = resolveDesk({
      ...question,
      dumps: new Map([['NFO', nfo]]),
      watchlist: ['NFO:NIFTY26NOV26000CE', 'NFO:NOSUCH', 'NFO:NIFTY26OCTFUT', 'BSE:RELIANCE'],
    });
    expect(instruments.map(({ key }) => key)).toEqual([
      'NSE:NIFTY 50',
      'NFO:NIFTY26NOVFUT',
      'NSE:NIFTY BANK',
      'NFO:BANKNIFTY26NOVFUT',
      'BSE:SENSEX',
      'NFO:NIFTY26NOV26000CE',
    ]);
    expect(problems.map(({ code, severity, subject }) => [code, severity, subject])).toEqual([
      ['documented-token', 'info', 'NSE:NIFTY 50'],
      ['documented-token', 'info', 'NSE:NIFTY BANK'],
      ['documented-token', 'info', 'BSE:SENSEX'],
      ['missing-dump', 'error', 'SENSEX'],
      ['missing-instrument', 'error', 'NFO:NOSUCH'],
      ['expired', 'error', 'NFO:NIFTY26OCTFUT'],
      ['missing-dump', 'error', 'BSE:RELIANCE'],
    ]);
    expect(
      instruments
        .slice(0, 5)
        .filter(({ role }) => role === 'spot')
        .map(({ token }) => token),
    ).toEqual([256_265, 260_105, 265]);
  });

  it("takes an index's token from the list where the list has it", () => {
    const renumbered = nse.map((row) => (row.tradingSymbol === 'NIFTY 50' ? { ...row, token: 99 * 256 + 9 } : row));
    const { instruments } = resolveDesk({ ...question, dumps: new Map(dumps).set('NSE', renumbered) });
    expect(instruments[0]?.token).toBe(99 * 256 + 9);
  });

  it('gives shares with derivatives the hours of the closing auction, on both exchanges', () => {
    const watchlist = ['NSE:RELIANCE', 'BSE:RELIANCE', 'NSE:CENTRALBK-BE', 'NFO:NIFTY26NOVFUT', 'NSE:RELIANCE'];
    const { instruments } = resolveDesk({ ...question, watchlist });
    expect(instruments.slice(6).map(({ key, role, title, segment }) => [key, role, title, segment])).toEqual([
      ['NSE:RELIANCE', 'watch', 'RELIANCE', 'NSE_CASH_CAS'],
      ['BSE:RELIANCE', 'watch', 'RELIANCE', 'BSE_CASH_CAS'],
      ['NSE:CENTRALBK-BE', 'watch', 'CENTRALBK-BE', 'NSE_CASH_NONCAS'],
    ]);
    expect(instruments[6]?.underlying).toBe('RELIANCE INDUSTRIES');
  });

  it('titles an option by its date, strike and side', () => {
    const option = nfo.find(({ type }) => type === 'CE');
    expect(option && titleOf(option)).toBe('NIFTY 23 NOV 26000 CE');
  });

  it('names the lists it needs', () => {
    expect(exchangesOf(['NIFTY', 'BANKNIFTY'], [])).toEqual(['NSE', 'NFO']);
    expect(exchangesOf(['SENSEX'], ['NFO:NIFTY26NOV26000CE'])).toEqual(['BSE', 'BFO', 'NFO']);
    expect(exchangesOf(['NIFTY'], ['BSE:RELIANCE'])).toEqual(['NSE', 'NFO', 'BSE', 'BFO']);
  });
});

function html(): string {
  return '<html><body>Under maintenance</body></html>';
}
