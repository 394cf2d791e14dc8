/**
 * A whole desk at Kite's limit of 9,000 instruments, with one interface attached as over a WebSocket. Arguments: clock,
 * exchange's root, access token, home, file with the watchlist as JSON. Answers `blocks` with what was longest since the
 * last question, `bytes` with what the interface was sent, `search` when a first search has been answered.
 */
import { readFileSync } from 'node:fs';
import { parseClockSpec, scaledClock } from '../../../src/clock.ts';
import type { Desk } from '../../../src/desk/desk-api.ts';
import { onAsked, tellBench } from '../support/child.ts';
import { startChildDesk } from '../support/child-desk.ts';
import { watchBlocks } from '../support/longest-block.ts';

// Loaded before any price can wait for it, and measured by the start's own benchmark.
await import('kiteconnect');
const [spec = '', root = '', accessToken = '', home = '', watchlistFile = ''] = process.argv.slice(2);
const watchlist: string[] = JSON.parse(readFileSync(watchlistFile, 'utf8'));
const blocks = watchBlocks();
let desk: Desk | null = null;
let bytes = { largest: 0, sum: 0, messages: 0 };

onAsked('begin', () => {
  void begin();
  return {};
});
onAsked('blocks', () => blocks.take());
onAsked('standing', () => {
  const instruments = desk?.state.instruments ?? [];
  return {
    instruments: instruments.length,
    ticked: instruments.filter(({ firstTickAt }) => firstTickAt !== null).length,
    stale: instruments.filter(({ stale }) => stale).length,
    isLive: desk?.state.feed.state === 'live' ? 1 : 0,
  };
});
onAsked('bytes', () => {
  const taken = bytes;
  bytes = { largest: 0, sum: 0, messages: 0 };
  return taken;
});
onAsked('search', () => {
  void desk?.invoke('instruments.search', { text: 'nifty 26000 ce', limit: 20 }).then(() => tellBench('searched'));
  return {};
});
tellBench('ready');

async function begin(): Promise<void> {
  const options = { clock: scaledClock(parseClockSpec(spec)), root, accessToken, home, settings: { watchlist } };
  const started = await startChildDesk(options);
  desk = started;
  const attached = started.attach({
    state: (message) => {
      const text = JSON.stringify(message);
      if (message.type === 'snapshot') return;
      bytes = {
        largest: Math.max(bytes.largest, text.length),
        sum: bytes.sum + text.length,
        messages: bytes.messages + 1,
      };
    },
    ticks: (batch) => attached.acknowledge(new DataView(batch).getUint32(4, true)),
  });
  attached.setInterest({
    slots: Array.from({ length: 40 }, (_, slot) => slot),
    depth: [1],
    candles: [0],
    hidden: false,
  });
  tellBench('started');
}
