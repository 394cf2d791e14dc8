/**
 * A whole desk with one interface attached, on a fast market clock. Arguments: clock, exchange's root, access token, home.
 * Answers `measure` with its memory after a collection, and what keeps its event loop open.
 */
import { parseClockSpec, scaledClock } from '../../../src/clock.ts';
import { onAsked, tellBench } from '../support/child.ts';
import { startChildDesk } from '../support/child-desk.ts';

const [spec = '', root = '', accessToken = '', home = ''] = process.argv.slice(2);
const desk = await startChildDesk({ clock: scaledClock(parseClockSpec(spec)), root, accessToken, home });

const attached = desk.attach({
  state: () => undefined,
  ticks: (batch) => attached.acknowledge(new DataView(batch).getUint32(4, true)),
});
const slots = Array.from({ length: 6 }, (_, slot) => slot);
attached.setInterest({ slots, depth: [1], candles: slots, hidden: false });

onAsked('measure', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const resources = process.getActiveResourcesInfo();
  const timers = resources.filter((name) => name === 'Timeout' || name === 'Immediate').length;
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return {
    usedBytes: heapUsed + arrayBuffers,
    rssBytes: rss,
    handles: resources.length - timers,
    timers,
    ticks: desk.state.feed.ticks,
    gaps: desk.state.feed.gaps.length,
  };
});
tellBench('started');
