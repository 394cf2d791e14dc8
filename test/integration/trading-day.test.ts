import { expect, test } from 'vitest';
import type { Journal } from '../../src/contract/journal.ts';
import { instantOf } from '../../src/market/ist.ts';
import { openFloor } from '../support/trading-floor.ts';

/** How far a step may be from its plan, ms. */
const TOLERANCE_MS = 5_000;

/** Steps that did not happen at their time, with how far off they were. */
function offPlan(journal: Journal, fromMs: number): readonly string[] {
  return journal.steps
    .filter((step) => step.plannedAt >= fromMs && step.outcome !== 'not-needed')
    .filter(({ actualAt, plannedAt }) => actualAt === null || Math.abs(actualAt - plannedAt) > TOLERANCE_MS)
    .map(
      ({ id, outcome, actualAt, plannedAt }) =>
        `${id}: ${outcome}, ${actualAt === null ? 'never' : actualAt - plannedAt} ms`,
    );
}

test('a day from a dead login to the certificate, every step at its time', { timeout: 180_000 }, async () => {
  const date = '2026-11-23';
  await using floor = await openFloor({ date, at: '08:49:30', login: 'dead' });
  await floor.to('08:51:00');
  expect(floor.desk.state.alerts.map(({ id, action }) => [id, action])).toEqual([['token', 'sign-in']]);
  await floor.to('08:52:00');
  await floor.signIn();
  expect([floor.desk.state.auth.state, floor.desk.state.alerts]).toEqual(['valid', []]);
  await floor.to('15:46:00');

  const journal = floor.journal();
  expect(offPlan(journal, instantOf(date, '08:49:30'))).toEqual([]);
  expect(journal.firstTicks).toHaveLength(6);
  expect(journal.firstTicks.filter(({ at }) => at >= instantOf(date, '09:00'))).toEqual([]);
  expect([journal.reconnects, journal.gaps, journal.alerts.length]).toEqual([0, [], 1]);
});

test.each([
  ['2026-02-16', '15:36', '15:35', ['pre-open', 'live']],
  ['2026-02-01', '15:36', '15:35', ['pre-open', 'live']],
])('%s under the hours of its own time: stops at %s', { timeout: 180_000 }, async (date, until, stop, phases) => {
  await using floor = await openFloor({ date, at: '08:49:30' });
  await floor.to(until);
  expect(offPlan(floor.journal(), instantOf(date, '08:49:30'))).toEqual([]);
  expect(floor.step('feed-stop').plannedAt).toBe(instantOf(date, stop));
  for (const phase of phases) expect(floor.step(phase).outcome).toBe('done');
  expect([floor.desk.state.feed.state, floor.journal().gaps]).toEqual(['off', []]);
});

test('a holiday starts nothing and says which it is', async () => {
  await using floor = await openFloor({ date: '2026-11-24', at: '08:49:30', login: 'dead' });
  await floor.to('15:46');
  const { market, feed, alerts, schedule } = floor.desk.state;
  expect([market.day, market.reason, market.next?.phase]).toEqual(['holiday', 'Guru Nanak Jayanti', 'pre-open']);
  expect([feed.desired, feed.state, feed.desiredReason]).toEqual(['off', 'off', 'holiday: Guru Nanak Jayanti']);
  expect([alerts, schedule.steps, floor.exchange.stats.upgrades]).toEqual([[], [], expect.anything()]);
});
