import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldRepeats } from '../../../renderer/features/bottom-panel/fold-repeats.ts';
import type { ActivityEntry } from '../../../src/contract/state.ts';

const entry = (at: number, text: string, level: ActivityEntry['level'] = 'warning'): ActivityEntry => ({
  at,
  level,
  area: 'feed',
  text,
});

test('a retry that repeats is one line with its count and its latest time', () => {
  const refused = [1, 2, 3].map((at) => entry(at, 'Refused with HTTP 503'));
  expect(foldRepeats([...refused, entry(4, 'Connected', 'info'), entry(5, 'Refused with HTTP 503')])).toEqual([
    { entry: refused[2], count: 3 },
    { entry: entry(4, 'Connected', 'info'), count: 1 },
    { entry: entry(5, 'Refused with HTTP 503'), count: 1 },
  ]);
});

test('whatever the log, no entry is lost and no two neighbours are the same', () => {
  const log = fc.array(fc.record({ text: fc.constantFrom('a', 'b'), level: fc.constantFrom('info', 'error') }));
  fc.assert(
    fc.property(log, (lines) => {
      const folded = foldRepeats(lines.map(({ text, level }, at) => entry(at, text, level as ActivityEntry['level'])));
      expect(folded.reduce((sum, { count }) => sum + count, 0)).toBe(lines.length);
      const names = folded.map((one) => `${one.entry.text} ${one.entry.level}`);
      expect(names.filter((name, index) => name === names[index - 1])).toEqual([]);
    }),
  );
});
