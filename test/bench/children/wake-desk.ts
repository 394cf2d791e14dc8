/**
 * A whole desk on a PC that is put to sleep: its clock jumps and nothing else happens. Arguments: clock, exchange's root,
 * access token, home, length of a sleep in ms. Tells each change of the feed with the real instant it was known at.
 */
import { parseClockSpec, scaledClock } from '../../../src/clock.ts';
import { PcClock } from '../../support/pc-clock.ts';
import { onAsked, tellBench } from '../support/child.ts';
import { startChildDesk } from '../support/child-desk.ts';

const [spec = '', root = '', accessToken = '', home = '', sleepMs = '0'] = process.argv.slice(2);
const clock = new PcClock(scaledClock(parseClockSpec(spec)));
const desk = await startChildDesk({ clock, root, accessToken, home });

desk.attach({
  ticks: () => undefined,
  state: () => {
    const { state, lastTickAt } = desk.state.feed;
    const tickAgeMs = clock.now() - (lastTickAt ?? 0);
    tellBench('feed', { atMs: Date.now(), isLive: state === 'live' ? 1 : 0, tickAgeMs });
  },
});

onAsked('sleep', () => {
  clock.aheadMs += Number(sleepMs);
  return { atMs: Date.now() };
});
/** What the shell says when the system has a network again. */
onAsked('online', () => {
  desk.wake('the network is back');
  return { atMs: Date.now() };
});
tellBench('started');
