import { describe, expect, it } from 'vitest';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { FeedBench } from './feed-bench.ts';
import { at, nifty, niftyFuture } from './instruments.ts';

const on = { on: true, reason: 'market hours' } as const;

describe('a feed that starts', () => {
  it('has lost nothing before it is connected for the first time', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.ticker.handshakeMs = 1_300;
    bench.supervisor.setDesired(on);
    await bench.clock.advance(5_000);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket', gaps: [] });
    expect(bench.rest.calls).toEqual([]);
  });

  it('has none of it at sixty times the speed either, where connecting takes seconds of the market', async () => {
    using bench = new FeedBench(at('08:55:00'), [nifty, niftyFuture], bundledCalendar(), 60);
    bench.ticker.handshakeMs = 60 * 40;
    bench.supervisor.setDesired(on);
    await bench.clock.advance(500);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket', gaps: [] });
    expect(bench.told.map(({ state }) => state.source)).not.toContain('rest');
  });

  it('misses prices from its start on when connecting takes long', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.ticker.handshakeMs = 4_000;
    bench.supervisor.setDesired(on);
    await bench.clock.advance(8_000);
    expect(bench.state.gaps).toMatchObject([{ from: at('10:00:00'), cause: 'unknown', keys: [] }]);
    expect(bench.state.gaps[0]?.to).toBeGreaterThanOrEqual(at('10:00:04'));
  });

  it('misses them from its start on, and says why, when its first attempt fails', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.ticker.reception = { how: 'failed', networkCode: 'ENOTFOUND', message: '' };
    bench.supervisor.setDesired(on);
    await bench.clock.advance(300);
    expect(bench.state.gaps).toEqual([{ from: at('10:00:00'), to: null, cause: 'network', keys: [] }]);
  });

  it('has lost prices when a connection that was live is not back in no time', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    bench.ticker.handshakeMs = 1_300;
    bench.ticker.last.end({ how: 'closed', code: 1006, reason: '' });
    await bench.clock.advance(3_000);
    expect(bench.state.gaps).toMatchObject([{ cause: 'network', keys: [] }]);
  });

  it('has lost prices when it changes over to another login and that takes its time', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    bench.ticker.handshakeMs = 1_300;
    bench.auth.signIn('token-2');
    await bench.clock.advance(3_000);
    expect(bench.state).toMatchObject({ state: 'live', gaps: [{ keys: [] }] });
  });
});
