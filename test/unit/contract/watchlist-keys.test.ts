import { expect, test } from 'vitest';
import { settingsPatchSchema, settingsSchema } from '../../../src/contract/settings.ts';

test.each([
  ['NSE:RELIANCE', true],
  ['MCX:GOLD26DECFUT', true],
  ['NSEIX:GIFT NIFTY', true],
  ['GLOBAL:NIFTY 50', true],
  ['RELIANCE', false],
  ['global:NIFTY 50', false],
  ['GLOBAL:', false],
  ['NSE:M&M', true],
  ['NSE:\u202eEVIL\u0007', false],
  ['NSE:RELI\u0000ANCE', false],
  ['NSE:RELI\u200bANCE', false],
  ['NSE:RELI\u2028ANCE', false],
  ['NSE:RELI\nANCE', false],
  ['NSE:\u2066RELIANCE\u2069', false],
])('an instrument key of any exchange of Kite’s may be followed: %s, %s', (key, isAccepted) => {
  expect(settingsSchema.safeParse({ watchlist: [key] }).success).toBe(isAccepted);
  expect(settingsPatchSchema.safeParse({ watchlist: [key] }).success).toBe(isAccepted);
});

test.each([
  ['http://127.0.0.1:7414/kite/callback', true],
  ['http://localhost:7414/', true],
  ['http://127.0.0.1', true],
  ['http://127.0.0.1:7414/kite/callback?from=kite', true],
  ['http://user:pw@127.0.0.1:7414/kite/callback', false],
  ['http://user@127.0.0.1:7414/kite/callback', false],
  ['http://:pw@localhost:7414/kite/callback', false],
  ['http://127.0.0.1:7414/kite/callback#part', false],
  ['http://127.0.0.1:7414/kite/\u202ecallback', false],
  ['http://127.0.0.1:7414/kite/call back', false],
  [`http://127.0.0.1:7414/${'k'.repeat(1_000)}`, false],
])('the redirect URL is a plain address of this PC: %s, %s', (redirectUrl, isAccepted) => {
  expect(settingsPatchSchema.safeParse({ redirectUrl }).success).toBe(isAccepted);
});
