import { expect, test } from 'vitest';
import { LAST_INSTANT_MS, marketRate, steeringSchema } from '../../../src/contract/transport.ts';

test('the market’s time runs at the app’s speed, and stands while a simulation is paused', () => {
  const app = { speed: 20 };
  expect(marketRate({ app: { speed: 1 } })).toBe(1);
  expect(marketRate({ app, transport: { paused: false, speed: 20, leadsTo: 'end' } })).toBe(20);
  expect(marketRate({ app, transport: { paused: true, speed: 20, leadsTo: 'end' } })).toBe(0);
});

test.each([
  { do: 'speed', speed: 0 },
  { do: 'speed', speed: -1 },
  { do: 'speed', speed: Number.POSITIVE_INFINITY },
  { do: 'speed', speed: 601 },
  { do: 'jump', to: 1.5 },
  { do: 'jump', to: '09:15' },
  { do: 'jump', to: -1 },
  { do: 'jump', to: LAST_INSTANT_MS + 1 },
  { do: 'jump', to: 8_639_999_999_999_000 },
  { do: 'jump', to: -8_639_999_999_999_000 },
  { do: 'jump', to: Number.MAX_SAFE_INTEGER },
  { do: 'back', to: 1 },
  { do: 'pause', for: 1 },
])('%o steers nothing', (order) => {
  expect(steeringSchema.safeParse(order).success).toBe(false);
});
