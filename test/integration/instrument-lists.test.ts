/** Kite's instrument lists fail at the hour when everybody asks for them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AlertState } from '../../src/contract/state.ts';
import { KiteError } from '../../src/kite/errors.ts';
import type { KiteRest } from '../../src/kite/session.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';

/** A way to make the exchange's lists fail. */
function listFaults() {
  const faults = { isFailing: true, asked: 0 };
  const rest = (real: KiteRest): KiteRest => ({
    ...real,
    instruments: async (exchange) => {
      faults.asked++;
      if (faults.isFailing) throw new KiteError('server-error', 'Kite answered with HTTP 503.');
      return await real.instruments(exchange);
    },
  });
  return { faults, rest };
}

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mdts-lists-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const keys = (floor: Floor): readonly string[] =>
  floor.desk.state.instruments.filter(({ retired }) => !retired).map(({ key }) => key);
const warnings = (floor: Floor): readonly string[] =>
  floor.desk.state.activity
    .filter(({ area, level }) => area === 'instruments' && level !== 'info')
    .map(({ text }) => text);

test('a morning without any list: told by 08:50 and again at 09:00, the indices stream, and the rest follows by itself', async () => {
  const { faults, rest } = listFaults();
  const shown: { readonly at: string; readonly alert: AlertState }[] = [];
  let time = (): string => '';
  const channels = [
    { name: 'test', show: (alert: AlertState) => void shown.push({ at: time(), alert }), withdraw: () => undefined },
  ];
  await using floor = await openFloor({ date, at: '08:25:00', rest, channels });
  time = () => new Date(floor.clock.now() + 19_800_000).toISOString().slice(11, 16);
  await floor.to('08:31');
  expect(floor.desk.health().status).toBe('degraded');
  expect(shown).toEqual([]);
  await floor.to('09:01');
  expect(shown.map(({ at, alert }) => [at, alert.id])).toEqual([
    ['08:50', 'instruments'],
    ['09:00', 'instruments'],
  ]);
  expect(shown[0]?.alert.title).toMatch(/instrument lists \(.*\) could not be loaded: Kite's server reports an error/);
  await floor.to('09:16');
  const health = floor.desk.health();
  expect([health.status, health.feed.state, health.feed.cause]).toEqual(['degraded', 'live', 'no-instruments']);
  expect(floor.desk.state.feed.causeText).toMatch(/instrument lists could not be loaded/);
  expect(health.instruments.map(({ token, kind, stale }) => [token, kind, stale])).toEqual(
    [256265, 260105, 265].map((token) => [token, 'live', false]),
  );
  expect(warnings(floor)).toHaveLength(1);
  expect(faults.asked).toBeLessThanOrEqual(4 * 40);

  faults.isFailing = false;
  await floor.run(130_000);
  expect(keys(floor)).toHaveLength(6);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', cause: null });
  expect(floor.desk.state.alerts).toEqual([]);
  expect(floor.desk.health().status).toBe('ok');
  expect(warnings(floor)).toHaveLength(1);
});

test('a restart at 11:00 without Kite’s lists goes on with those of the morning', async () => {
  const folder = home();
  const before = await openFloor({ date, at: '08:35:00', home: folder });
  expect(keys(before)).toHaveLength(6);
  await before[Symbol.asyncDispose]();
  const { faults, rest } = listFaults();
  await using floor = await openFloor({ date, at: '11:00:00', home: folder, rest });
  await floor.run(3_000);
  expect(keys(floor)).toHaveLength(6);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', cause: null });
  expect([faults.asked, warnings(floor)]).toEqual([0, []]);
});

test('a fresh start on lists that broke off is no good start: what is missing is told, and comes by itself', async () => {
  const faults = [{ kind: 'lists', how: 'partial', forMs: 3_600_000 }] as const;
  await using floor = await openFloor({ date, at: '09:20:00', faults });
  await floor.run(20_000);
  expect(floor.desk.health().status).toBe('degraded');
  expect(floor.desk.state.alerts).toMatchObject([
    { id: 'instruments', title: expect.stringMatching(/could not be loaded: what came is not Kite's whole list/) },
  ]);
  floor.exchange.control.clear();
  await floor.run(130_000);
  expect(keys(floor)).toHaveLength(6);
  expect([floor.desk.state.alerts, floor.desk.health().status]).toEqual([[], 'ok']);
});
