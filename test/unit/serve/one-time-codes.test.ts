import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OneTimeCodes } from '../../../src/serve/one-time-codes.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const LIFETIME_MS = 60_000;

/** What a browser, or somebody who reads over its shoulder, does with codes, in some order. */
const doing = fc.oneof(
  fc.record({ kind: fc.constant('issue' as const) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  fc.record({ kind: fc.constant('redeem' as const), which: fc.nat({ max: 20 }) }),
);

test('a code lets in once, within its time, and nothing else does', async () => {
  const property = fc.asyncProperty(fc.array(doing, { maxLength: 60 }), async (doings) => {
    const clock = new VirtualClock(Date.parse('2026-11-23T08:50:00+05:30'));
    const codes = new OneTimeCodes(clock, LIFETIME_MS);
    const issued: { readonly code: string; readonly at: number; used: boolean }[] = [];
    for (const step of doings) {
      if (step.kind === 'issue') issued.push({ code: codes.issue(), at: clock.monotonic(), used: false });
      else if (step.kind === 'wait') await clock.advance(step.ms);
      else {
        const one = issued[step.which];
        const isGood = one !== undefined && !one.used && clock.monotonic() - one.at <= LIFETIME_MS;
        expect(codes.redeem(one?.code ?? 'x'.repeat(32))).toBe(isGood);
        if (one !== undefined) one.used = true;
      }
    }
    expect(new Set(issued.map(({ code }) => code)).size).toBe(issued.length);
  });
  await fc.assert(property);
});

test('codes that nobody uses do not pile up', () => {
  const codes = new OneTimeCodes(new VirtualClock(0), LIFETIME_MS);
  const first = codes.issue();
  const later = Array.from({ length: 64 }, () => codes.issue());
  expect(codes.redeem(first)).toBe(false);
  expect(later.every((code) => codes.redeem(code))).toBe(true);
});
