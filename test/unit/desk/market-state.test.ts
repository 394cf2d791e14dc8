import { describe, expect, it } from 'vitest';
import type { MarketState } from '../../../src/contract/state.ts';
import { marketStateAt } from '../../../src/desk/market-state.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { instantOf, istTimeOf } from '../../../src/market/ist.ts';
import type { Segment } from '../../../src/market/segments.ts';

const calendar = bundledCalendar();
const subscribed: readonly Segment[] = ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT', 'BFO_FUT'];
const stateAt = (date: string, time: string, before: MarketState | null = null): MarketState =>
  marketStateAt(calendar, subscribed, instantOf(date, time), before);

/** `NSE_INDEX continuous 09:15-15:15`. */
const windowsOf = ({ sessions }: MarketState, segment: Segment): readonly string[] =>
  sessions
    .filter((session) => session.segment === segment)
    .map(({ kind, from, to }) => `${kind} ${istTimeOf(from).slice(0, 5)}-${istTimeOf(to).slice(0, 5)}`);

describe('the market as it is shown', () => {
  it('has the day, the phase, what comes next, and how far the calendar reaches', () => {
    const state = stateAt('2026-11-23', '09:15');
    expect(state).toMatchObject({
      date: '2026-11-23',
      day: 'trading',
      hours: 'known',
      phase: 'live',
      phaseSince: instantOf('2026-11-23', '09:15'),
      next: { phase: 'closing-auction', at: instantOf('2026-11-23', '15:15') },
      calendar: { ...calendar.coverage, version: calendar.version, verifiedOn: calendar.verifiedOn },
    });
  });

  it.each([
    ['2026-11-23', 'NSE_INDEX', ['pre-open 09:00-09:15', 'continuous 09:15-15:15', 'closing-auction 15:15-15:35']],
    ['2026-11-23', 'NFO_FUT', ['pre-open 09:00-09:15', 'continuous 09:15-15:40']],
    ['2026-02-16', 'NSE_INDEX', ['pre-open 09:00-09:15', 'continuous 09:15-15:30']],
    ['2025-10-21', 'NSE_INDEX', ['pre-open 13:30-13:45', 'continuous 13:45-14:45']],
    ['2026-11-24', 'NSE_INDEX', []],
    ['2026-11-08', 'NSE_INDEX', []],
  ] as const)('shades the windows of %s for %s', (date, segment, expected) => {
    expect(windowsOf(stateAt(date, '12:00'), segment)).toEqual(expected);
  });

  it('stays the same object until something changes, and keeps when the phase began', () => {
    const opened = stateAt('2026-11-23', '09:15');
    const later = stateAt('2026-11-23', '12:00', opened);
    expect(later).toBe(opened);
    const auction = stateAt('2026-11-23', '15:15', later);
    expect([auction.phase, auction.phaseSince]).toEqual(['closing-auction', instantOf('2026-11-23', '15:15')]);
  });

  it('has the sessions of a segment that a watched instrument has brought', () => {
    const before = stateAt('2026-11-23', '11:00');
    const after = marketStateAt(calendar, [...subscribed, 'NSE_CASH_CAS'], instantOf('2026-11-23', '11:01'), before);
    expect(windowsOf(after, 'NSE_CASH_CAS')).toContain('continuous 09:15-15:15');
    expect(after.phaseSince).toBe(before.phaseSince);
  });

  it('looks again when its next change is past, and on every new date, even in the same phase', () => {
    const evening = stateAt('2026-11-23', '23:59:59');
    const night = stateAt('2026-11-24', '00:00', evening);
    expect([night.date, night.day, night.reason]).toEqual(['2026-11-24', 'holiday', 'Guru Nanak Jayanti']);
    // Slept from one live phase into the next: the same word, another day.
    const asleep = stateAt('2026-11-25', '10:00', stateAt('2026-11-23', '10:00'));
    expect([asleep.date, asleep.next?.at]).toEqual(['2026-11-25', instantOf('2026-11-25', '15:15')]);
  });

  it('does not name a next phase that nobody knows', () => {
    expect(stateAt('2027-01-04', '08:00')).toMatchObject({ day: 'unknown', phase: 'unknown', hours: 'assumed' });
    expect(stateAt('2027-01-04', '08:00').next?.phase).not.toBe('live');
    expect(stateAt('2026-11-08', '14:00')).toMatchObject({ day: 'special', phase: 'unknown', hours: 'unpublished' });
  });
});
