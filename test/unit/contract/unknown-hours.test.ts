import { describe, expect, test } from 'vitest';
import { dayNoteContent } from '../../../renderer/features/chart/day-note-content.ts';
import { marketWord } from '../../../renderer/features/top-bar/phase-words.ts';
import { readableDates } from '../../../renderer/format/ist.ts';
import { unknownHours, watchedSpan } from '../../../src/contract/unknown-hours.ts';
import { marketStateAt } from '../../../src/desk/market-state.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { planDay } from '../../../src/schedule/day-plan.ts';

const calendar = bundledCalendar();
const segments = ['NSE_INDEX', 'NFO_FUT'] as const;

describe('a day whose hours nobody knows says one thing, in the header, the alert and the note', () => {
  test.each([
    ['2027-01-04', 'Unknown', '08:55 to 15:45', /Thu 31 Dec 2026/],
    ['2026-11-08', 'Unknown', '13:10 to 19:20', /hours are not published/],
  ])('%s', (date, word, span, detail) => {
    const now = instantOf(date, '14:00');
    const market = marketStateAt(calendar, segments, now, null);
    const { steps } = planDay(calendar, date, segments);
    expect(marketWord(market)).toBe(word);
    expect(watchedSpan(steps)).toBe(span);
    const words = unknownHours(market, steps);
    expect(words?.detail).toContain(`Prices are watched from ${span}.`);
    const note = dayNoteContent(market, now, steps);
    expect(note?.detail).toBe(readableDates(words?.detail ?? ''));
    expect(note?.detail).toMatch(detail);
    expect(`${note?.title} ${note?.detail}`).not.toMatch(/\d{4}-\d{2}-\d{2}|whole day|widest/);
  });

  test('an ordinary day, a holiday and a timed session have nothing of it', () => {
    for (const date of ['2026-11-23', '2026-11-24', '2026-11-29', '2026-02-01']) {
      const market = marketStateAt(calendar, segments, instantOf(date, '14:00'), null);
      expect(unknownHours(market, [])).toBeNull();
    }
  });
});

test('dates in sentences are written as people do', () => {
  expect(readableDates('Calendar unknown for 2027-01-04: to 2026-12-31.')).toBe(
    'Calendar unknown for Mon 4 Jan 2027: to Thu 31 Dec 2026.',
  );
});
