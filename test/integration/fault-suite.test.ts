import { expect, test } from 'vitest';
import type { DeskState, FeedState } from '../../src/contract/state.ts';
import { instantOf } from '../../src/market/ist.ts';
import type { Fault } from '../exchange/faults.ts';
import { watchState } from '../support/state-watch.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const NIFTY = 256265;
/** The desk runs undisturbed for so long before each fault. */
const BEFORE_MS = 40_000;
const OVER: Fault[] = [];

const socketRefused = (status: number, html = false): Fault[] => [
  { kind: 'refuse', where: 'socket', status, html },
  { kind: 'drop' },
];
const unreachable = (how: 'reset' | 'hang'): Fault[] => [{ kind: 'refuseConnections', how }, { kind: 'drop' }];

/** What a trader is told of a fault, and how it ends. */
interface TroubleRow {
  readonly fault: string;
  /** IST time of the fault: the phase it falls in. */
  readonly at: string;
  readonly apply: readonly Fault[];
  readonly shows: Partial<Pick<FeedState, 'state' | 'cause' | 'source'>>;
  readonly words: RegExp;
  /** From the fault to its being shown, and from its end to live prices; ms. */
  readonly noticedIn: number;
  readonly backIn: number;
  /** How long the fault lasts; ms. */
  readonly lasts?: number;
  /** What ends it besides the exchange's recovery. */
  readonly endedBy?: 'sign-in' | 'retry';
  /** Where prices come from while it lasts, after three seconds. */
  readonly meanwhile: FeedState['source'];
  /** Whether live data was due: then the outage is on record. */
  readonly isGap: boolean;
}

const lost = /^The connection to Kite was lost; reconnecting\.$/;
const mute = /^Kite kept the connection open without sending prices; reconnecting\.$/;
const silent = /^Nothing came from Kite any more, not even a sign of life; reconnecting\.$/;
const serverError = /^Kite's server reported an error of its own; trying again\.$/;

const troubles: readonly TroubleRow[] = [
  // Nothing at all comes any more, from 8 s without a heartbeat, or from 5 s where data is due.
  ...['08:57', '09:03', '11:00', '15:20', '15:37'].map(
    (at): TroubleRow => ({
      fault: 'silent',
      at,
      apply: [{ kind: 'stall' }],
      shows: { state: 'stale', cause: 'silent' },
      words: silent,
      noticedIn: 5_000,
      backIn: 23_000,
      meanwhile: 'rest',
      isGap: true,
    }),
  ),
  {
    fault: 'silent',
    at: '15:42',
    apply: [{ kind: 'stall' }],
    shows: { state: 'stale', cause: 'silent' },
    words: silent,
    noticedIn: 8_000,
    backIn: 30_000,
    meanwhile: 'rest',
    isGap: false,
  },
  // Heartbeats without data, where data is due.
  ...['08:57', '09:03', '09:15', '11:00', '15:20', '15:37'].map(
    (at): TroubleRow => ({
      fault: 'mute',
      at,
      apply: [{ kind: 'mute' }],
      shows: { state: 'stale', cause: 'mute' },
      words: mute,
      noticedIn: 5_000,
      backIn: 15_000,
      meanwhile: 'rest',
      isGap: true,
    }),
  ),
  {
    fault: 'every frame six seconds late',
    at: '11:00',
    apply: [{ kind: 'delay', ms: 6_000 }],
    shows: { state: 'stale' },
    words: /Nothing came from Kite|without sending prices/,
    noticedIn: 5_000,
    backIn: 15_000,
    lasts: 60_000,
    meanwhile: 'rest',
    isGap: true,
  },
  // The login.
  ...(['killToken', 'masterLogout'] as const).flatMap((kind) =>
    ['08:57', '11:00', '15:20'].map(
      (at): TroubleRow => ({
        fault: kind,
        at,
        apply: [{ kind }],
        shows: { state: 'blocked', cause: 'logged-in-elsewhere', source: 'none' },
        words: /^Another login has ended this one/,
        noticedIn: 2_000,
        backIn: 300,
        endedBy: 'sign-in',
        meanwhile: 'none',
        isGap: true,
      }),
    ),
  ),
  {
    fault: 'a plan that has lost its data',
    at: '11:00',
    apply: [{ kind: 'wrongPlan' }, { kind: 'drop' }],
    shows: { state: 'blocked', cause: 'unknown', source: 'none' },
    words: /^Kite refused the connection without a reason that could be confirmed/,
    noticedIn: 2_000,
    backIn: 61_000,
    meanwhile: 'none',
    isGap: true,
  },
  {
    fault: 'a refused login that Kite calls good',
    at: '11:00',
    apply: socketRefused(403),
    shows: { state: 'blocked', cause: 'unknown' },
    words: /^Kite refused the connection without a reason/,
    noticedIn: 2_000,
    backIn: 61_000,
    meanwhile: 'rest',
    isGap: true,
  },
  // The server.
  ...['08:57', '11:00'].map(
    (at): TroubleRow => ({
      fault: 'too many connections',
      at,
      apply: socketRefused(429),
      shows: { state: 'backoff', cause: 'too-many-connections' },
      words: /^Another program holds the live connections Kite allows this app; close it\./,
      noticedIn: 1_000,
      backIn: 61_500,
      meanwhile: 'rest',
      isGap: true,
    }),
  ),
  ...[500, 502, 503, 504].map(
    (status): TroubleRow => ({
      fault: `HTTP ${status}, a page in HTML`,
      at: '11:00',
      apply: socketRefused(status, true),
      shows: { state: 'backoff', cause: 'server-error' },
      words: serverError,
      noticedIn: 1_000,
      backIn: 12_000,
      meanwhile: 'rest',
      isGap: true,
    }),
  ),
  {
    fault: 'HTTP 400, which says nothing',
    at: '11:00',
    apply: socketRefused(400),
    shows: { state: 'backoff', cause: 'unknown' },
    words: /^Kite refused the connection without a reason/,
    noticedIn: 1_000,
    backIn: 12_000,
    meanwhile: 'rest',
    isGap: true,
  },
  {
    fault: 'a proxy that asks for its password',
    at: '11:00',
    apply: socketRefused(407),
    shows: { state: 'backoff', cause: 'network' },
    words: /^A proxy or the sign-in page of a network answered/,
    noticedIn: 1_000,
    backIn: 12_000,
    meanwhile: 'rest',
    isGap: true,
  },
  {
    fault: 'a captive portal',
    at: '09:03',
    apply: socketRefused(511),
    shows: { state: 'backoff', cause: 'network' },
    words: /^A proxy or the sign-in page of a network answered/,
    noticedIn: 1_000,
    backIn: 12_000,
    meanwhile: 'rest',
    isGap: true,
  },
  {
    fault: 'everything answers 503',
    at: '11:00',
    apply: [{ kind: 'refuse', where: 'both', status: 503 }, { kind: 'drop' }],
    shows: { state: 'backoff', cause: 'server-error', source: 'none' },
    words: serverError,
    noticedIn: 1_000,
    backIn: 12_000,
    meanwhile: 'none',
    isGap: true,
  },
  // The network.
  ...['08:57', '09:03', '11:00', '15:20', '15:37'].map(
    (at): TroubleRow => ({
      fault: 'connections are reset',
      at,
      apply: unreachable('reset'),
      shows: { cause: 'network', source: 'none' },
      words: lost,
      noticedIn: 1_000,
      backIn: 12_000,
      meanwhile: 'none',
      isGap: true,
    }),
  ),
  {
    fault: 'connections are never answered',
    at: '11:00',
    apply: unreachable('hang'),
    shows: { cause: 'network', source: 'none' },
    words: /^Kite's server did not answer in time|^The connection to Kite was lost/,
    noticedIn: 1_000,
    backIn: 18_000,
    meanwhile: 'none',
    isGap: true,
  },
  {
    fault: 'the network comes back and the trader asks',
    at: '11:00',
    apply: unreachable('reset'),
    shows: { cause: 'network' },
    words: lost,
    noticedIn: 1_000,
    backIn: 500,
    endedBy: 'retry',
    meanwhile: 'none',
    isGap: true,
  },
];

async function floorBefore(at: string): Promise<Floor> {
  const start = new Date(instantOf(date, at) - BEFORE_MS + 19_800_000).toISOString().slice(11, 19);
  const floor = await openFloor({ date, at: start });
  await floor.to(at);
  return floor;
}

test.each(troubles)('$fault at $at', async (row) => {
  await using floor = await floorBefore(row.at);
  const faultAt = floor.clock.now();
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', source: 'websocket', cause: null });
  using watch = watchState(floor.desk, floor.clock);
  for (const fault of row.apply) floor.exchange.control.apply(fault);
  await floor.run(row.lasts ?? 15_000);

  const shown = watch.seen.find(
    ({ at, state: { feed } }) =>
      at >= faultAt && Object.entries(row.shows).every(([name, value]) => feed[name as keyof FeedState] === value),
  );
  expect(shown, JSON.stringify(watch.seen.at(-1)?.state.feed)).toBeDefined();
  expect((shown?.at ?? 0) - faultAt).toBeLessThanOrEqual(row.noticedIn);
  expect(shown?.state.feed.causeText).toMatch(row.words);
  expect(floor.desk.state.feed.source).toBe(row.meanwhile);
  expect(floor.desk.health().status).not.toBe('ok');

  floor.exchange.control.clear();
  const endedAt = floor.clock.now();
  if (row.endedBy === 'sign-in') await floor.signIn();
  if (row.endedBy === 'retry') await floor.desk.invoke('feed.retry', {});
  await floor.run(row.backIn + 1_000);
  const backAt = watch.firstAt(({ feed }) => feed.state === 'live' && feed.source === 'websocket', endedAt);
  expect((backAt ?? Number.POSITIVE_INFINITY) - endedAt).toBeLessThanOrEqual(row.backIn);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', source: 'websocket', cause: null, attempt: 0 });

  const whole = floor.journal().gaps.filter(({ keys }) => keys.length === 0);
  expect(whole).toHaveLength(row.isGap ? 1 : 0);
  for (const { from, to } of whole) {
    expect(from).toBeLessThanOrEqual(faultAt + 1_000);
    expect(Math.abs((to ?? 0) - (backAt ?? 0))).toBeLessThanOrEqual(1_000);
  }
});

/** A fault that costs the trader nothing, and of which nothing is said. */
interface CalmRow {
  readonly fault: string;
  readonly at: string;
  readonly apply: readonly Fault[];
}

const calm: readonly CalmRow[] = [
  ...['08:57', '09:03', '09:13', '11:00', '15:20', '15:37'].map((at) => ({
    fault: 'nothing',
    at,
    apply: OVER,
  })),
  { fault: 'three seconds without a frame', at: '11:00', apply: [{ kind: 'stall', forMs: 3_000 }] },
  { fault: 'three seconds without data', at: '11:00', apply: [{ kind: 'mute', forMs: 3_000 }] },
  { fault: 'frames two seconds late', at: '11:00', apply: [{ kind: 'delay', ms: 2_000 }] },
  { fault: 'no data after the last close', at: '15:42', apply: [{ kind: 'mute' }] },
  { fault: 'every frame twice', at: '11:00', apply: [{ kind: 'duplicate' }] },
  { fault: 'frames out of order', at: '11:00', apply: [{ kind: 'outOfOrder' }] },
  ...(['truncated', 'absurd-count', 'unknown-length', 'random-bytes', 'text-garbage'] as const).map(
    (sort): CalmRow => ({ fault: `malformed frames (${sort})`, at: '11:00', apply: [{ kind: 'malformed', sort }] }),
  ),
  { fault: 'REST answers 500', at: '11:00', apply: [{ kind: 'refuse', where: 'rest', status: 500, forMs: 20_000 }] },
  { fault: 'an index that stops', at: '09:03', apply: [{ kind: 'quiet', token: NIFTY }] },
  { fault: 'an index that stops', at: '15:20', apply: [{ kind: 'quiet', token: NIFTY }] },
];

test.each(calm)('$fault at $at: nothing is said', async ({ at, apply }) => {
  await using floor = await floorBefore(at);
  using watch = watchState(floor.desk, floor.clock);
  const upgrades = floor.exchange.stats.upgrades.length;
  for (const fault of apply) floor.exchange.control.apply(fault);
  await floor.run(45_000);
  expect(watch.seen.filter(({ state: { feed } }) => feed.state !== 'live' || feed.cause !== null)).toEqual([]);
  expect(watch.seen.filter(({ state }) => state.alerts.length > 0)).toEqual([]);
  expect(watch.seen.filter(({ state }) => state.instruments.some(({ stale }) => stale))).toEqual([]);
  expect(floor.journal()).toMatchObject({ gaps: [], reconnects: 0 });
  expect(floor.exchange.stats.upgrades).toHaveLength(upgrades);
});

test.each(['08:57', '09:03', '11:00', '15:20', '15:37'])('a cut line at %s is mended within 250 ms', async (at) => {
  await using floor = await floorBefore(at);
  const faultAt = floor.clock.now();
  using watch = watchState(floor.desk, floor.clock);
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(1_000);
  const backAt = watch.firstAt(({ feed }) => feed.state === 'live' && feed.reconnects === 1, faultAt);
  expect((backAt ?? Number.POSITIVE_INFINITY) - faultAt).toBeLessThanOrEqual(250);
  expect(floor.journal()).toMatchObject({ gaps: [], reconnects: 1 });
});

test.each([1011, 1012, 1013])('a line closed with %i is a server in trouble, and mended as fast', async (code) => {
  await using floor = await floorBefore('11:00');
  using watch = watchState(floor.desk, floor.clock);
  floor.exchange.control.apply({ kind: 'drop', code });
  await floor.run(1_000);
  expect(watch.seen.some(({ state }) => state.feed.cause === 'server-error')).toBe(true);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', reconnects: 1 });
});

test.each([
  ['an index', NIFTY, 6_500],
  ['a future', null, 17_000],
])('%s that stops at 11:00 is stale alone, told of alone, and on record alone', async (_, token, noticedIn) => {
  await using floor = await floorBefore('11:00');
  const slot = floor.desk.state.instruments.findIndex((each) =>
    token === null ? each.role === 'future' : each.token === token,
  );
  const instrument = floor.desk.state.instruments[slot];
  const faultAt = floor.clock.now();
  using watch = watchState(floor.desk, floor.clock);
  floor.exchange.control.apply({ kind: 'quiet', token: instrument?.token ?? 0, forMs: 60_000 });
  await floor.run(90_000);
  const staleAt = watch.firstAt(({ instruments }) => instruments[slot]?.stale === true, faultAt);
  expect((staleAt ?? Number.POSITIVE_INFINITY) - faultAt).toBeLessThanOrEqual(noticedIn);
  const isOnlySilent = ({ feed, alerts }: DeskState): boolean =>
    feed.state === 'live' && alerts.every(({ id }) => id === 'silent-instruments');
  expect(watch.seen.filter(({ state }) => !isOnlySilent(state))).toEqual([]);
  const toldAt = watch.firstAt(({ alerts }) => alerts.length > 0, faultAt);
  expect((toldAt ?? Number.POSITIVE_INFINITY) - faultAt).toBeLessThanOrEqual(noticedIn + 2_000);
  expect(floor.desk.state.alerts).toEqual([]);
  expect(floor.desk.state.instruments.filter(({ stale }) => stale)).toEqual([]);
  expect(floor.journal().gaps).toMatchObject([
    { cause: 'exchange-quiet', keys: [instrument?.key], to: expect.any(Number) },
  ]);
  const candles = await floor.command('candles.get', { key: instrument?.key ?? '', date: null });
  expect(candles.gaps).toMatchObject([{ cause: 'exchange-quiet', to: expect.any(Number) }]);
  const other = await floor.command('candles.get', { key: 'BSE:SENSEX', date: null });
  expect(other.gaps).toEqual([]);
});

test.each([
  ['a token that died overnight', 'dead', [], 'token-expired', /^The Kite login has expired/],
  ['a plan without data', 'alive', [{ kind: 'wrongPlan' }], 'plan-without-data', /plan may not include market data/],
  ['an unreachable Kite', 'alive', [{ kind: 'refuseConnections', how: 'reset' }], 'network', /lost; reconnecting/],
] as const)('%s when the feed starts at 08:55', async (_, login, faults, cause, words) => {
  await using floor = await openFloor({ date, at: '08:54:30', login });
  for (const fault of faults) floor.exchange.control.apply(fault);
  using watch = watchState(floor.desk, floor.clock);
  await floor.to('08:55:20');
  const at = watch.firstAt(({ feed }) => feed.cause === cause && words.test(feed.causeText ?? ''));
  expect((at ?? Number.POSITIVE_INFINITY) - instantOf(date, '08:55')).toBeLessThanOrEqual(2_000);
  expect(floor.desk.state.feed.source).toBe('none');
  const sockets = floor.exchange.stats.upgrades.length;
  if (cause !== 'network') {
    await floor.run(60_000);
    expect(floor.exchange.stats.upgrades).toHaveLength(sockets);
  }
});
