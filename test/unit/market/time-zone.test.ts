import { afterEach, describe, expect, it, test } from 'vitest';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { formatIst, instantOf, istDateOf } from '../../../src/market/ist.ts';

/** 09:14:59.999 and 09:15 IST on 2026-11-23, written in UTC so that no code under test computes them. */
const LAST_MS_OF_BUFFER = Date.parse('2026-11-23T03:44:59.999Z');
const OPEN = Date.parse('2026-11-23T03:45:00.000Z');

const zoneBefore = process.env.TZ;

afterEach(() => {
  if (zoneBefore === undefined) delete process.env.TZ;
  else process.env.TZ = zoneBefore;
});

describe("the PC's zone takes no part", () => {
  test.each([
    ['UTC', 0],
    ['Asia/Kolkata', -330],
    ['America/Los_Angeles', 480],
    ['Pacific/Kiritimati', -840],
    ['Europe/London', 0],
  ])('the market opens at 09:15 IST on a PC in %s', (zone, offsetMinutes) => {
    process.env.TZ = zone;
    expect(new Date(OPEN).getTimezoneOffset(), 'the zone took effect').toBe(offsetMinutes);

    const calendar = bundledCalendar();
    expect(calendar.segmentPhase('NFO_FUT', LAST_MS_OF_BUFFER)).toBe('buffer');
    expect(calendar.segmentPhase('NFO_FUT', OPEN)).toBe('continuous');
    expect(calendar.nextChange(['NFO_FUT'], LAST_MS_OF_BUFFER)).toEqual({ phase: 'live', atMs: OPEN });
    expect(formatIst(OPEN)).toBe('2026-11-23T09:15:00+05:30');
    expect(calendar.monthlyExpiry('NIFTY', 2026, 11)).toBe('2026-11-23');
    expect(calendar.day('2026-03-29').kind).toBe('weekend');
  });

  it('the day turns at midnight IST, also where the clocks are being changed', () => {
    process.env.TZ = 'America/New_York';
    const calendar = bundledCalendar();
    const midnight = Date.parse('2026-03-08T18:30:00Z');
    expect([istDateOf(midnight - 1), istDateOf(midnight)]).toEqual(['2026-03-08', '2026-03-09']);
    expect(instantOf('2026-03-09', '00:00')).toBe(midnight);
    expect(calendar.nextChange(['NSE_INDEX'], midnight)?.atMs).toBe(Date.parse('2026-03-09T03:30:00Z'));
  });
});
