/** A line that is lost and comes back all the time: what it costs of Kite's quota, which the trader's own charts share. */
import { expect, test } from 'vitest';
import { openFloor } from '../support/trading-floor.ts';

const FLAP_EVERY_MS = 10_000;
const FLAPS = 30;

test('five minutes of flapping ask Kite’s history at most once a second, as a back-fill may', {
  timeout: 120_000,
}, async () => {
  await using floor = await openFloor({ date: '2026-11-23', at: '10:00' });
  await floor.run(120_000);
  const asked = (): number => floor.exchange.stats.requests['GET /instruments/historical/:token/:interval'] ?? 0;
  const before = asked();
  for (let flap = 0; flap < FLAPS; flap++) {
    floor.exchange.control.apply({ kind: 'drop' });
    await floor.run(FLAP_EVERY_MS);
  }
  expect(floor.desk.state.feed.reconnects).toBeGreaterThanOrEqual(FLAPS);
  expect(asked() - before).toBeGreaterThan(0);
  expect(asked() - before).toBeLessThanOrEqual((FLAPS * FLAP_EVERY_MS) / 1_000);
});
