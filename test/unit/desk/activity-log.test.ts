import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ActivityEntry } from '../../../src/contract/state.ts';
import { ActivityLog } from '../../../src/desk/activity-log.ts';
import { Redactor } from '../../../src/kite/redact.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

function bench() {
  const clock = new VirtualClock('2026-11-23T10:00:00+05:30');
  const activity = new ActivityLog(clock, new Redactor());
  const entries: ActivityEntry[] = [];
  activity.onEntry((entry) => entries.push(entry));
  return { clock, activity, entries };
}

it.each([
  ['of Kite’s ticker', (index: number) => `Kite's ticker says: fault ${index} ${'abc'.repeat(index % 7)}`],
  ['about missing instruments', (index: number) => `NFO:OPTION${index}CE is not in Kite's list of 23 Nov.`],
  ['of an outage', () => 'Connection to Kite: refused with HTTP 503.'],
  [
    'without two that are alike',
    (index: number) => [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join(''),
  ],
])('makes one line of a flood of lines %s, with their number', async (_, textOf) => {
  const { clock, activity, entries } = bench();
  const lines = 20_000;
  for (let index = 0; index < lines; index++) activity.log('warning', 'feed', textOf(index));
  const single = entries.length;
  expect(single).toBeLessThanOrEqual(101);
  await clock.advance(60_000);
  const told = entries
    .slice(single)
    .map(({ text }) => Number(/and ([\d,]+) more like it/.exec(text)?.[1]?.replaceAll(',', '') ?? 0) + 1);
  expect(told).toHaveLength(1);
  expect(single + (told[0] ?? 0)).toBe(lines);
});

it('bounds five minutes of flapping, and says each line again when it has been calm', async () => {
  const { clock, activity, entries } = bench();
  for (let second = 0; second < 300; second += 2) {
    activity.log('warning', 'feed', 'Connection to Kite: closed by the other side (1006).');
    activity.log('info', 'feed', `Connected to Kite (connection ${second}).`);
    await clock.advance(2_000);
  }
  expect(entries.length).toBeLessThanOrEqual(5 * 2 * 11);
  await clock.advance(120_000);
  const before = entries.length;
  activity.log('info', 'feed', 'Connected to Kite (connection 400).');
  expect(entries.slice(before).map(({ text }) => text)).toEqual(['Connected to Kite (connection 400).']);
});

it('keeps every other line, whatever one kind floods', () => {
  const { activity, entries } = bench();
  for (let index = 0; index < 5_000; index++) activity.log('warning', 'feed', `Kite's ticker says: ${index}`);
  activity.log('info', 'auth', 'The login works.');
  expect(entries.at(-1)?.text).toBe('The login works.');
});

it('shows a terminal nothing to obey and a reader nothing reordered, and no text without an end', () => {
  const { activity, entries } = bench();
  activity.log('info', 'feed', 'a\u001b]0;PWNED\u0007\u001b[2J\u202eexe.gnp\u009b1m');
  expect(entries[0]?.text).toBe('a ]0;PWNED [2J exe.gnp 1m');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      const { activity: own, entries: said } = bench();
      own.log('info', 'feed', text);
      expect(said[0]?.text).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      expect(said[0]?.text.length).toBeLessThanOrEqual(500);
    }),
  );
  activity.log('info', 'app', 'x'.repeat(10_000_000));
  expect(entries.at(-1)?.text).toHaveLength(500);
});
