import { describe, expect, test } from 'vitest';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const HOUR_MS = 3_600_000;

describe("a PC whose clock is wrong is told of it at the day's first answer of Kite's", () => {
  test.each([
    [
      '5:30 behind in the morning, as after another system on the same PC',
      '10:00',
      -5.5 * HOUR_MS,
      '5 h 30 min behind',
    ],
    ['past the stop while the market trades', '11:00', 5.5 * HOUR_MS, '5 h 30 min ahead of'],
    ['a day behind, on a Sunday by its own word', '10:00', -24 * HOUR_MS, '1 day behind'],
    ['a year ahead, beyond the calendar', '10:00', 400 * 24 * HOUR_MS, '400 days ahead of'],
  ] as const)('%s', async (_case, at, pcAheadMs, words) => {
    await using floor = await openFloor({ date, at, pcAheadMs });
    await floor.run(2_000);
    const alert = floor.desk.state.alerts.find(({ id }) => id === 'clock-skew');
    expect(alert).toMatchObject({ severity: 'action', title: `This PC's clock is ${words} Kite's.` });
    expect(alert?.body).toContain(`At the exchange it is ${at} on Monday, 23 November`);
    expect(floor.desk.health()).toMatchObject({ status: 'degraded' });
    expect(Math.abs((floor.desk.health().clock.skewMs ?? 0) - pcAheadMs)).toBeLessThan(1_100);
  });

  test('without a login, by the instrument lists', async () => {
    await using floor = await openFloor({ date, at: '10:00', pcAheadMs: -5.5 * HOUR_MS, login: 'none' });
    await floor.run(2_000);
    expect(floor.desk.state.alerts.map(({ id }) => id)).toContain('clock-skew');
  });

  test('after a night asleep, at the first check of the new day', async () => {
    await using floor = await openFloor({ date: '2026-11-25', at: '15:50' });
    await floor.run(3_000);
    expect(floor.desk.state.alerts.map(({ id }) => id)).not.toContain('clock-skew');
    // The battery of its clock is empty: it lost 5 h 30 min in the night.
    floor.clock.jump(15 * HOUR_MS);
    floor.pcClock.aheadMs = -5.5 * HOUR_MS;
    await floor.run(5_000);
    const alert = floor.desk.state.alerts.find(({ id }) => id === 'clock-skew');
    expect(alert?.title).toBe("This PC's clock is 5 h 30 min behind Kite's.");
    expect(alert?.body).toContain('At the exchange it is 06:50 on Thursday, 26 November');
  });

  test('until it is set right', async () => {
    await using floor = await openFloor({ date, at: '10:00', pcAheadMs: -5.5 * HOUR_MS });
    await floor.run(2_000);
    floor.pcClock.aheadMs = 0;
    await floor.run(3_000);
    expect(floor.desk.state.alerts.map(({ id }) => id)).not.toContain('clock-skew');
  });

  test('and one that is right hears nothing', async () => {
    await using floor = await openFloor({ date, at: '10:00' });
    await floor.run(60_000);
    expect(floor.desk.state.alerts).toEqual([]);
    expect(floor.desk.state.machine.clock?.uncertaintyMs).toBeLessThanOrEqual(600);
  });
});
