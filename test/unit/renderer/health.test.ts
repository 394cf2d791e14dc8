import { describe, expect, test } from 'vitest';
import { lagLines, skewText, stampLag } from '../../../renderer/features/bottom-panel/lag-table.ts';
import { uptimeOf, uptimeText } from '../../../renderer/features/bottom-panel/uptime.ts';
import type { GapState } from '../../../src/contract/state.ts';
import { goodDay } from '../../renderer-fixture/base-state.ts';
import { ist, sessionsOf } from '../../renderer-fixture/day-plan.ts';

const DATE = '2026-11-23';
const at = (time: string): number => ist(DATE, time);
const nifty = { key: 'NSE:NIFTY 50', segment: 'NSE_INDEX' } as const;
const sessions = sessionsOf(DATE);

function gap(from: string, to: string | null, keys: readonly string[] = []): GapState {
  return { from: at(from), to: to === null ? null : at(to), cause: 'network', keys };
}

function uptime(gaps: readonly GapState[], now: string, startedAt = '05:00'): number | null {
  return uptimeOf({ ...nifty, followedSince: at(startedAt) }, sessions, gaps, at(now));
}

describe('the uptime of an instrument', () => {
  test('is not known before it has traded', () => {
    expect(uptime([], '09:14:59')).toBeNull();
  });

  test('is whole without an outage', () => {
    expect(uptime([], '10:15')).toBe(1);
  });

  test('loses the outages of its own and of all, those of others never', () => {
    const gaps = [gap('09:30', '09:33', [nifty.key]), gap('09:40', '09:43'), gap('09:50', '10:00', ['BSE:SENSEX'])];
    expect(uptime(gaps, '10:15')).toBeCloseTo(0.9, 10);
  });

  test('loses time once where outages lie on one another, and the one that is going on until now', () => {
    expect(uptime([gap('10:00', '10:10'), gap('10:03', null, [nifty.key])], '10:15')).toBeCloseTo(0.75, 10);
  });

  test('counts neither the time before trading nor after it, nor before it was followed', () => {
    expect(uptime([gap('09:00', '09:15'), gap('15:15', '15:40')], '15:50')).toBe(1);
    expect(uptime([gap('10:10', '10:15')], '10:20', '10:10')).toBeCloseTo(0.5, 10);
    // A share added three minutes ago has lost nothing of what came before.
    expect(uptime([gap('09:30', '10:00')], '10:20', '10:17')).toBe(1);
  });

  test.each([
    [null, '–'],
    [1, '100%'],
    [0.999_999, '99.99%'],
    [0.5, '50.00%'],
  ])('%j is written %s', (share, text) => {
    expect(uptimeText(share)).toBe(text);
  });
});

describe('the lag', () => {
  const { lag } = goodDay(DATE, '11:00').feed;
  const screen = {
    fromReceipt: { samples: 10, p50Ms: 9, p95Ms: 21, p99Ms: 30 },
    fromExchange: { samples: 60, p50Ms: 440, p95Ms: 1_070, p99Ms: 1_490 },
  };

  test('is told of each stretch as it was measured', () => {
    expect(lagLines(lag, screen).map(({ figures }) => figures)).toEqual([
      ['<1 s', '<1 s', '<1 s'],
      ['9 ms', '21 ms', '30 ms'],
      ['<1 s', '<1 s', '<1 s'],
    ]);
  });

  test('that has not been measured is not known', () => {
    const lines = lagLines({ ...lag, p50Ms: null }, null);
    expect(lines.map(({ figures }) => figures)).toEqual([
      ['–', '<1 s', '<1 s'],
      ['–', '–', '–'],
      ['–', '–', '–'],
    ]);
  });

  test.each([
    [null, '–'],
    [74, '<1 s'],
    [1_074, '<1 s'],
    [1_499, '<1 s'],
    [1_500, 'about 1 s'],
    [4_600, 'about 4 s'],
    [-300, '<1 s'],
  ])('from a stamp of whole seconds, %j ms is said no finer: %s', (ms, text) => {
    expect(stampLag(ms)).toBe(text);
  });

  test.each([
    [null, 'not known yet'],
    [-400, 'right, to half a second'],
    [2_300, '2.3 s ahead'],
    [-61_000, '61.0 s behind'],
  ])('a skew of %j ms is said as %s', (skewMs, text) => {
    expect(skewText(skewMs)).toBe(text);
  });
});
