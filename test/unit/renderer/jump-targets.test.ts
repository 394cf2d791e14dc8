import { describe, expect, test } from 'vitest';
import { instantAt, jumpTargets } from '../../../renderer/features/transport/jump-targets.ts';
import { marketStateAt } from '../../../src/desk/market-state.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { formatIst, instantOf } from '../../../src/market/ist.ts';
import { segments } from '../../../src/market/segments.ts';

const at = (date: string, time: string) => {
  const nowMs = instantOf(date, time);
  const market = marketStateAt(bundledCalendar(), segments, nowMs, null);
  return jumpTargets(market, nowMs).map((target) => `${formatIst(target.at).slice(5, 16)} ${target.name}`);
};

describe('where a simulated day can jump to', () => {
  test('is what is still to come of it, named like the market cell', () => {
    expect(at('2026-11-23', '08:49:30')).toEqual([
      '11-23T09:00 Pre-open',
      '11-23T09:14 A minute before it opens',
      '11-23T09:15 Opens',
      '11-23T15:15 Closing auction',
      '11-23T15:40 Closes',
    ]);
    expect(at('2026-11-23', '15:20').at(-1)).toBe('11-23T15:40 Closes');
    expect(at('2026-11-23', '15:20')).not.toContain('11-23T15:15 Closing auction');
  });

  test('after the close is the next day’s market', () => {
    expect(at('2026-11-20', '16:00')).toEqual(['11-23T09:00 Pre-open']);
  });

  test.each([
    ['9:15', '09:15'],
    ['09.15', '09:15'],
    [' 15:30:10 ', '15:30:10'],
  ])('a time like %j is understood', (text, time) => {
    expect(instantAt(instantOf('2026-11-23', '00:00'), text)).toBe(instantOf('2026-11-23', time));
  });

  test.each(['', '25:00', '9', '9:60', 'noon', '09:15:60'])('%j is none', (text) => {
    expect(instantAt(instantOf('2026-11-23', '00:00'), text)).toBeNull();
  });
});
