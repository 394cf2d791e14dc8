import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Journal } from '../../src/contract/journal.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openFloor } from '../support/trading-floor.ts';

/** What files, the network and people take their time about goes on while a simulation's time stands. */

const date = '2026-11-23';

test('while time stands the token file is followed, and the day’s record is written', async () => {
  const home = temporaryHome();
  await using floor = await openFloor({ date, at: '10:00', isSteerable: true, home });
  const tokenFile = join(home, 'token.txt');
  await floor.command('settings.update', { tokenFile });
  await floor.command('simulation.steer', { do: 'pause' });
  await floor.run(1_000);
  writeFileSync(tokenFile, 'two words');
  await floor.run(300);
  const said = 'The token file does not hold an access token.';
  expect(floor.journal().activity.map(({ text }) => text)).toContain(said);
  await floor.run(1_100);
  using database = new DatabaseSync(join(home, 'desk.db'), { readOnly: true });
  const kept = JSON.parse(
    String(database.prepare('SELECT json FROM journal WHERE date = ?').get(date)?.json),
  ) as Journal;
  expect(kept.activity.map(({ text }) => text)).toContain(said);
});

test('while time stands Kite’s history is waited for no longer than five seconds', async () => {
  let isHanging = false;
  await using floor = await openFloor({
    date,
    at: '10:00',
    isSteerable: true,
    rest: (rest) => ({
      ...rest,
      candles: (...asked) => (isHanging ? new Promise(() => undefined) : rest.candles(...asked)),
    }),
  });
  await floor.command('simulation.steer', { do: 'pause' });
  isHanging = true;
  const [instrument] = floor.desk.state.instruments;
  if (instrument === undefined) throw new Error('nothing is followed');
  let outcome: unknown = 'waiting';
  const asked = floor.desk.candles({ key: instrument.key, from: '2026-11-20', to: '2026-11-20', interval: '1' });
  void asked.then((answer) => {
    outcome = answer;
  });
  // Nothing is on its way that could be waited for.
  await floor.clock.advance(4_900);
  expect(outcome).toBe('waiting');
  await floor.clock.advance(200);
  expect(JSON.stringify(outcome)).toContain('Kite did not answer within 5 seconds');
});

test('a desk that was disposed is not told of the calendar any more', async () => {
  const listeners = new Set<() => void>();
  const onCalendarChange = (listener: () => void): Disposable => {
    listeners.add(listener);
    return { [Symbol.dispose]: () => void listeners.delete(listener) };
  };
  await using floor = await openFloor({ date, at: '10:00', onCalendarChange });
  const [first] = listeners;
  expect([listeners.size, typeof first]).toEqual([1, 'function']);
  await floor.restart(0);
  expect(listeners.size).toBe(1);
  expect([...listeners][0]).not.toBe(first);
});
