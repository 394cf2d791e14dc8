import { describe, expect, test } from 'vitest';
import type { InstrumentState } from '../../../src/contract/state.ts';
import { feedStopAlert } from '../../../src/desk/feed-stop-alert.ts';
import { silentAlert } from '../../../src/desk/silent-alert.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { deskState } from '../electron/desk-state.ts';

const date = '2026-11-23';
const at = (time: string): number => instantOf(date, time);

function instrument(change: Partial<InstrumentState>): InstrumentState {
  return {
    key: 'NSE:NIFTY 50',
    token: 256265,
    role: 'spot',
    underlying: 'NIFTY',
    title: 'NIFTY 50',
    segment: 'NSE_INDEX',
    expiry: null,
    lotSize: 0,
    tickSize: 0.05,
    firstTickAt: at('08:55:01'),
    stale: false,
    retired: false,
    followedSince: at('08:30'),
    ...change,
  };
}

const nifty = instrument({});
const gold = instrument({ key: 'MCX:GOLD26DECFUT', role: 'watch', title: 'GOLD DEC FUT', segment: null });
const gift = instrument({ key: 'NSEIX:GIFT NIFTY', role: 'watch', title: 'GIFT NIFTY', segment: null });
const live = { desired: 'on', state: 'live', source: 'websocket', since: at('08:55') } as const;

describe('the end of the feed is said before it comes, where something followed trades on', () => {
  test.each([
    ['15:29:59', [nifty, gold], null],
    ['15:30:00', [nifty, gold], 'GOLD DEC FUT'],
    ['15:44:59', [nifty, gold, gift], 'GOLD DEC FUT and GIFT NIFTY'],
    ['15:45:00', [nifty, gold], null],
    ['15:40:00', [nifty], null],
    ['15:40:00', [nifty, { ...gold, retired: true }], null],
  ] as const)('at %s', (time, instruments, named) => {
    const alert = feedStopAlert({ ...deskState({ feed: live }), instruments }, at(time));
    if (named === null) expect(alert).toBeNull();
    else expect(alert?.title).toBe(`The feed stops at 15:45: no prices of ${named} after that.`);
  });

  test('and not of a feed that is off', () => {
    const state = { ...deskState({ feed: { ...live, desired: 'off', state: 'off' } }), instruments: [gold] };
    expect(feedStopAlert(state, at('15:40:00'))).toBeNull();
  });
});

test('many silent instruments are named in part, and what REST brings is told from what nobody does', () => {
  const instruments = ['A', 'B', 'C', 'D'].map((name) => instrument({ key: `NSE:${name}`, title: name }));
  const silent = instruments.map(({ key }) => ({ key, since: at('11:00:02'), evidence: 'newer-by-rest' as const }));
  const found = silentAlert({ ...deskState({ feed: { ...live, silent } }), instruments }, at('11:00:20'));
  expect(found?.alert).toMatchObject({
    title: 'The live feed sends no prices of A, B and 2 more, while the others come.',
    body: expect.stringContaining('REST'),
  });
  const unknown = [{ ...silent[0], key: 'NSE:A', since: at('11:00:02'), evidence: 'no-answer' as const }];
  const told = silentAlert({ ...deskState({ feed: { ...live, silent: unknown } }), instruments }, at('11:00:20'));
  expect(told?.alert.body).toBe(
    'Since 11:00:02, and Kite gives no newer price when asked. Trying again automatically.',
  );
  const mixed = silent.map((one, index) => (index === 2 ? { ...one, evidence: 'no-answer' as const } : one));
  const both = silentAlert({ ...deskState({ feed: { ...live, silent: mixed } }), instruments }, at('11:00:20'));
  expect(both?.alert.body).toBe(
    'Since 11:00:02. Kite gives no newer price of C when asked; the rest come by REST about once a second.',
  );
});
