import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedCauses } from '../../../src/contract/states.ts';
import { ImmediateRetries, retryDelayMs } from '../../../src/feed/backoff.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the wait before an attempt', () => {
  it('is nothing at first, then 1-10 s in session and up to 60 s outside, for ever', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.boolean(), random, (attempt, inSession, chance) => {
        const delay = retryDelayMs({ attempt, cause: 'network', inSession, random: () => chance });
        if (attempt === 0) expect(delay).toBe(0);
        else {
          expect(delay).toBeGreaterThanOrEqual(1_000);
          expect(delay).toBeLessThanOrEqual(inSession ? 10_000 : 60_000);
        }
      }),
    );
  });

  it('uses the whole range that its ceiling allows', () => {
    const longest = (attempt: number, inSession: boolean) =>
      retryDelayMs({ attempt, cause: 'network', inSession, random: () => 1 });
    expect([1, 2, 3, 4, 50].map((attempt) => longest(attempt, true))).toEqual([2_000, 4_000, 8_000, 10_000, 10_000]);
    expect([1, 4, 6, 50].map((attempt) => longest(attempt, false))).toEqual([2_000, 16_000, 60_000, 60_000]);
    expect(retryDelayMs({ attempt: 9, cause: 'network', inSession: true, random: () => 0 })).toBe(1_000);
  });

  it('is a minute when there are too many connections, the first time as well', () => {
    for (const attempt of [0, 1, 9]) {
      expect(retryDelayMs({ attempt, cause: 'too-many-connections', inSession: true, random: () => 0.5 })).toBe(60_000);
    }
  });

  it('depends on the cause in no other case', () => {
    const others = feedCauses.filter((cause) => cause !== 'too-many-connections');
    const delays = others.map((cause) => retryDelayMs({ attempt: 2, cause, inSession: true, random: () => 0.5 }));
    expect(new Set(delays).size).toBe(1);
  });
});

describe('immediate reconnections', () => {
  it('are plentiful in a burst, then one every five seconds', () => {
    const retries = new ImmediateRetries(0);
    const taken = (fromMs: number, times: number) =>
      Array.from({ length: times }, () => retries.take(fromMs)).filter(Boolean).length;
    expect(taken(0, 100)).toBe(60);
    expect(taken(4_999, 10)).toBe(0);
    expect(taken(15_000, 10)).toBe(3);
    expect(taken(1_000_000, 100)).toBe(60);
  });
});
