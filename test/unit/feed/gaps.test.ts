import { describe, expect, it } from 'vitest';
import { type FlowObservation, GapLog, WHOLE_FEED } from '../../../src/feed/gaps.ts';

const flowing: Omit<FlowObservation, 'nowMs'> = {
  isDue: true,
  isFlowing: true,
  lastDataMs: null,
  exchangeMs: 0,
  cause: 'unknown',
};

describe('the list of outages', () => {
  it('has an outage from the last data to the first that comes again', () => {
    const log = new GapLog();
    log.observe(WHOLE_FEED, [], { ...flowing, nowMs: 10_000, lastDataMs: 10_000 });
    log.observe(WHOLE_FEED, [], { ...flowing, nowMs: 14_000, lastDataMs: 10_000, isFlowing: false, cause: 'mute' });
    expect(log.gaps).toEqual([{ from: 10_000, to: null, cause: 'mute', keys: [] }]);
    log.observe(WHOLE_FEED, [], { ...flowing, nowMs: 20_000, lastDataMs: 20_000 });
    expect(log.gaps).toEqual([{ from: 10_000, to: 20_000, cause: 'mute', keys: [] }]);
  });

  it('keeps the cause that is known last', () => {
    const log = new GapLog();
    for (const cause of ['unknown', 'network', 'token-expired', 'unknown'] as const) {
      log.observe(WHOLE_FEED, [], { ...flowing, nowMs: 5_000, isFlowing: false, cause });
    }
    expect(log.gaps).toMatchObject([{ cause: 'token-expired', to: null }]);
  });

  it('counts only what was due: from when it was, and until it is no more', () => {
    const log = new GapLog();
    const down = { ...flowing, isFlowing: false, lastDataMs: 1_000 };
    log.observe(WHOLE_FEED, [], { ...down, nowMs: 50_000, isDue: false });
    expect(log.gaps).toEqual([]);
    log.observe(WHOLE_FEED, [], { ...down, nowMs: 60_000 });
    log.observe(WHOLE_FEED, [], { ...down, nowMs: 90_000, isDue: false });
    expect(log.gaps).toMatchObject([{ from: 60_000, to: 90_000 }]);
  });

  it('leaves out what is shorter than a second', () => {
    const log = new GapLog();
    log.observe(WHOLE_FEED, [], { ...flowing, nowMs: 10_000, lastDataMs: 9_900, isFlowing: false });
    log.observe(WHOLE_FEED, [], { ...flowing, nowMs: 10_250, lastDataMs: 10_250 });
    expect(log.gaps).toEqual([]);
  });

  it('keeps single instruments apart, and forgets earlier days', () => {
    const log = new GapLog();
    log.observe('NSE:NIFTY 50', ['NSE:NIFTY 50'], { ...flowing, nowMs: 10_000, lastDataMs: 4_000, isFlowing: false });
    log.observe(WHOLE_FEED, [], { ...flowing, nowMs: 10_000, lastDataMs: 10_000 });
    expect(log.gaps).toMatchObject([{ from: 10_000, to: null, keys: ['NSE:NIFTY 50'] }]);
    log.keepOnly([], 20_000);
    expect(log.gaps).toMatchObject([{ to: 20_000 }]);
    log.forgetBefore(20_001);
    expect(log.gaps).toEqual([]);
  });

  it('has of a clock that was set no outage, and of a sleep all of it, once the exchange has told its time', () => {
    for (const { slept, expected } of [
      { slept: 0, expected: [] },
      { slept: 300_000, expected: [{ from: 10_000, to: 310_100, cause: 'silent', keys: [] }] },
    ]) {
      const log = new GapLog();
      const exchange = { ...flowing, exchangeMs: 1_000_000 };
      log.observe(WHOLE_FEED, [], { ...exchange, nowMs: 10_000, lastDataMs: 10_000 });
      log.clockJumped();
      log.observe(WHOLE_FEED, [], {
        ...exchange,
        nowMs: 310_000,
        lastDataMs: 10_000,
        isFlowing: false,
        cause: 'silent',
      });
      log.jumpSeen();
      expect(log.gaps).toMatchObject([{ from: 10_000, to: null }]);
      // What comes first bears the time of before.
      log.observe(WHOLE_FEED, [], { ...exchange, nowMs: 310_100 });
      const now = { ...exchange, exchangeMs: 1_000_000 + slept + 2_600 };
      log.observe(WHOLE_FEED, [], { ...now, nowMs: 312_600 });
      expect(log.gaps).toEqual(expected);
    }
  });

  it('measures an outage in which the clock was set by the exchange as well', () => {
    const log = new GapLog();
    const lost = { ...flowing, isFlowing: false, cause: 'network', lastDataMs: 700_000 } as const;
    log.observe(WHOLE_FEED, [], { ...lost, nowMs: 700_000, exchangeMs: 1_000_000 });
    log.clockJumped();
    log.observe(WHOLE_FEED, [], { ...lost, nowMs: 100_000, exchangeMs: 1_000_000 });
    log.jumpSeen();
    for (const nowMs of [130_000, 132_500]) {
      log.observe(WHOLE_FEED, [], { ...flowing, nowMs, exchangeMs: 900_000 + nowMs + 10_000 });
    }
    expect(log.gaps).toMatchObject([{ from: 91_000, to: 130_000, cause: 'network' }]);
  });

  it('is the same array until something changes', () => {
    const log = new GapLog();
    log.observe(WHOLE_FEED, [], { ...flowing, nowMs: 10_000, isFlowing: false });
    const { gaps } = log;
    log.observe(WHOLE_FEED, [], { ...flowing, nowMs: 11_000, isFlowing: false });
    expect(log.gaps).toBe(gaps);
  });
});
