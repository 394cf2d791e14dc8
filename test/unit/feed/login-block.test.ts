import { expect, it } from 'vitest';
import { LoginBlock } from '../../../src/feed/login-block.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { FakeAuth } from './fake-kite.ts';
import { at } from './instruments.ts';

it('a login that was turned down holds back no other, whatever is known of it', async () => {
  const clock = new VirtualClock(at('10:00:00'));
  const auth = new FakeAuth(clock, 'token-1');
  const block = new LoginBlock(clock, auth, () => undefined);
  const [first, second] = ['token-1', 'token-2'].map((accessToken) => ({ apiKey: 'testkey', accessToken }));
  if (first === undefined || second === undefined) throw new Error('two logins were made');
  block.refused(first, 'ticker', null);
  expect([block.holds(first), block.holds(second)]).toEqual([true, false]);
  await clock.advance(1_000);
  expect([block.holds(first), block.holds(second)]).toEqual([true, false]);
});
