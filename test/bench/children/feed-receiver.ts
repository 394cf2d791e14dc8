/** The main process as far as ticks go: socket client, quote book, candles, tick lane. Arguments: URL, instruments, clock. */
import { parseClockSpec, scaledClock, systemClock } from '../../../src/clock.ts';
import { kiteTickerConnector } from '../../../src/kite/ticker-client.ts';
import { onAsked, tellBench } from '../support/child.ts';
import { FeedRig } from '../support/feed-rig.ts';
import { connectionSizes } from '../support/frame-server.ts';
import { scatteredToken } from '../support/full-frames.ts';

const [url = '', instruments = '0', spec = ''] = process.argv.slice(2);
const clock = scaledClock(parseClockSpec(spec));
const tokens = Array.from({ length: Number(instruments) }, (_, index) => scatteredToken(index));
const rig = new FeedRig(tokens, clock, systemClock());
const connector = kiteTickerConnector({ endpoints: { apiRoot: '', loginRoot: '', tickerRoot: url }, clock });
const sizes = connectionSizes(tokens.length);
let opened = 0;
let ticks = 0;

/** One after the other: the server gives connections their instruments in the order they come. */
function connect(): void {
  const socket = connector.connect(
    { apiKey: 'bench', accessToken: 'bench' },
    {
      open: () => {
        const own = tokens.slice(opened * (sizes[0] ?? 0)).slice(0, sizes[opened]);
        socket.subscribe(own);
        socket.setMode('full', own);
        opened++;
        if (opened < sizes.length) connect();
        else tellBench('open');
      },
      frame: (bytes, receivedAtMs) => {
        ticks += rig.frame(bytes, receivedAtMs);
      },
      heartbeat: () => undefined,
      message: () => undefined,
      end: () => process.exit(1),
    },
  );
}

connect();
clock.setInterval(() => rig.everySecond(clock.now()), 1_000);
onAsked('usage', () => {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, ticks };
});
