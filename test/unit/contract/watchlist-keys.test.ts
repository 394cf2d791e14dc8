import { expect, test } from 'vitest';
import { settingsSchema } from '../../../src/contract/settings.ts';

test.each([
  ['NSE:RELIANCE', true],
  ['MCX:GOLD26DECFUT', true],
  ['NSEIX:GIFT NIFTY', true],
  ['GLOBAL:NIFTY 50', true],
  ['RELIANCE', false],
  ['global:NIFTY 50', false],
  ['GLOBAL:', false],
])('an instrument key of any exchange of Kite’s may be followed: %s, %s', (key, isAccepted) => {
  expect(settingsSchema.safeParse({ watchlist: [key] }).success).toBe(isAccepted);
});
