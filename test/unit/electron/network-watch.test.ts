import { expect, test } from 'vitest';
import { type NetworkLook, watchNetwork } from '../../../electron/power/network-watch.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const home = ['192.168.1.20'];
const office = ['10.0.0.7'];

/** The reasons to wake for a network that is seen in this way, once a second. */
async function wakes(...looks: readonly NetworkLook[]): Promise<readonly string[]> {
  const clock = new VirtualClock('2026-11-23T10:00:00+05:30');
  const reasons: string[] = [];
  let seen = 0;
  const look = (): NetworkLook => looks[Math.min(seen++, looks.length - 1)] ?? { isOnline: false, addresses: [] };
  using _watching = watchNetwork(look, (reason) => reasons.push(reason), clock);
  await clock.advance((looks.length + 3) * 1_000);
  return reasons;
}
const on = (addresses: readonly string[]): NetworkLook => ({ isOnline: true, addresses });
const off: NetworkLook = { isOnline: false, addresses: [] };

test('a network that stays is no reason to wake', async () => {
  expect(await wakes(on(home))).toEqual([]);
});

test('a network that is back is one, however often, and once each time', async () => {
  expect(await wakes(on(home), off, off, on(home), off, on(office))).toEqual([
    'the network is back',
    'the network is back',
  ]);
});

test('another network is one, though the PC was never without any', async () => {
  expect(await wakes(on(home), on(office), on([...office, '10.8.0.2']))).toEqual([
    'the network is another one',
    'the network is another one',
  ]);
});

test('an address that goes is none', async () => {
  expect(await wakes(on([...home, ...office]), on(office))).toEqual([]);
});
