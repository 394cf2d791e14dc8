import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { followCalendarFile } from '../../../src/files/calendar-file.ts';
import { SESSION_START } from '../../../src/market/calendar-overrides.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { DiskError } from '../../../src/storage/disk-error.ts';
import { HomeTasks } from '../../../src/storage/disk-tasks.ts';
import { withoutControls } from '../../../src/text.ts';
import { putOdd } from '../../support/odd-files.ts';
import { temporaryHome } from '../../support/temporary-home.ts';
import { promisedDisk } from '../../support/test-disk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const date = '2026-11-23';
const closed = { date, session: 'closed', reason: 'Declared today' };

async function followed(first: unknown = null) {
  const home = temporaryHome();
  const path = join(home, 'calendar.json');
  const write = (content: unknown): void =>
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  if (first !== null) write(first);
  const clock = new VirtualClock(`${date}T10:00:00+05:30`);
  const disk = { ...promisedDisk(new HomeTasks(home, () => undefined, clock)) };
  const file = await followCalendarFile({ disk, home, clock }, clock.now());
  onTestFinished(() => file[Symbol.dispose]());
  const log: string[] = [];
  let changes = 0;
  file.follow(
    (_level, _area, text) => log.push(text),
    () => changes++,
  );
  const follow = (taken: () => void): Disposable =>
    file.follow((level, _area, text) => log.push(level === 'error' ? `error: ${text}` : text), taken);
  return {
    path,
    write,
    clock,
    disk,
    file,
    follow,
    log,
    changes: () => changes,
    kind: () => file.calendar.day(date).kind,
  };
}

describe('the trader’s calendar file', () => {
  test('is in force two seconds after it was written, changed or removed', async () => {
    const { write, path, clock, kind, log, changes } = await followed();
    expect(kind()).toBe('trading');
    write({ days: [closed] });
    await clock.advance(2_000);
    expect([kind(), changes(), log]).toEqual(['holiday', 1, ['Your calendar file was read: 1 day is in force.']]);
    write({ days: [] });
    await clock.advance(2_000);
    expect([kind(), changes()]).toEqual(['trading', 2]);
    write({ days: [closed] });
    await clock.advance(2_000);
    rmSync(path);
    await clock.advance(2_000);
    expect([kind(), changes()]).toEqual(['trading', 4]);
    await clock.advance(60_000);
    expect(changes()).toBe(4);
  });

  test('names each row that cannot be used, and uses the others', async () => {
    const { write, clock, kind, log } = await followed();
    write({ days: [{ ...closed, date: 'soon' }, closed, { ...closed, date: '2026-12-01', session: 'shut' }, closed] });
    await clock.advance(2_000);
    expect(kind()).toBe('holiday');
    expect(log).toEqual([
      expect.stringContaining('row 1 (soon) is left out'),
      expect.stringContaining('row 3 (2026-12-01) is left out'),
      expect.stringContaining(`row 4 (${date}) is left out (the date is given twice)`),
      'Your calendar file was read: 1 day is in force.',
    ]);
  });

  test('names the first of many bad rows and counts the others, in words that mean what they show', async () => {
    const odd = (length: number) => ({ date: 'so\u202eon\u0007', ['x\u202e'.repeat(length)]: 1 });
    const days = [odd(5_000), ...Array.from({ length: 14_999 }, () => odd(1)), closed];
    const { file } = await followed({ days });
    expect(file.notices).toHaveLength(6);
    expect(file.notices.at(-1)).toMatch(/: 14,995 more rows are left out\.$/);
    expect(file.notices.every((notice) => notice.length < 400)).toBe(true);
    expect(file.notices.map(withoutControls)).toEqual(file.notices);
    expect(file.calendar.day(date).kind).toBe('holiday');
  });

  test('takes a reason as one short line of plain text', async () => {
    const reason = `De\u202eclared\u0007${'x'.repeat(100_000)}`;
    const { file } = await followed({ days: [{ ...closed, reason }] });
    expect(file.calendar.day(date).reason).toMatch(/^De clared x+…$/);
    expect(file.calendar.day(date).reason.length).toBe(120);
    const { file: blank } = await followed({ days: [{ ...closed, reason: ' \u202e ' }] });
    expect(blank.notices).toEqual([expect.stringContaining('is left out')]);
  });

  test.each([
    ['08:00', false],
    ['09:00', false],
    ['09:15', false],
    ['09:16', true],
    ['17:00', true],
  ])('a day that trades until %s: in force is %j', async (until, isInForce) => {
    const { file } = await followed({ days: [{ date, session: 'open', reason: 'Extended', until }] });
    expect(file.notices).toEqual(isInForce ? [] : [expect.stringContaining('until: before the session starts')]);
    const phases = [...file.calendar.day(date).segments.values()].flat();
    expect(phases.some(({ phase }) => phase === 'continuous')).toBe(true);
    const starts = phases.filter(({ phase }) => phase === 'continuous').map(({ startMs }) => startMs);
    expect(Math.min(...starts)).toBe(instantOf(date, SESSION_START));
  });

  test('leaves in force what was while it is half written, and says so once', async () => {
    const { write, clock, kind, log } = await followed({ days: [closed] });
    write('{"days": [{"da');
    await clock.advance(60_000);
    expect([kind(), log]).toEqual(['holiday', ['Your calendar file: it is no calendar: what was in force stays so.']]);
    write({ days: [] });
    await clock.advance(2_000);
    expect(kind()).toBe('trading');
  });

  test('that becomes a pipe is told of once, and taken up when it is a file again', async () => {
    const { write, path, clock, kind, log } = await followed({ days: [closed] });
    putOdd('pipe', path);
    await clock.advance(60_000);
    expect([kind(), log]).toEqual(['holiday', [expect.stringContaining('is no file')]]);
    rmSync(path);
    write({ days: [] });
    await clock.advance(2_000);
    expect(kind()).toBe('trading');
  });

  test('whose change is not taken says so once, and is passed on again until it is', async () => {
    const { write, clock, kind, log, follow } = await followed();
    let calls = 0;
    let isBroken = true;
    using _following = follow(() => {
      calls++;
      if (isBroken) throw new Error('no plan');
    });
    write({ days: [closed] });
    await clock.advance(2_000);
    expect(kind()).toBe('holiday');
    const failure = expect.stringMatching(/^error: .*could not be followed \(no plan\)/);
    expect(log).toEqual([expect.stringContaining('was read'), failure]);
    await clock.advance(20_000);
    expect([calls, log.length]).toEqual([11, 2]);
    isBroken = false;
    await clock.advance(20_000);
    expect([calls, log.length]).toEqual([12, 2]);
  });

  test('is not followed any more, however a look ends that is under way', async () => {
    const { write, clock, follow } = await followed();
    let calls = 0;
    const following = follow(() => calls++);
    write({ days: [closed] });
    const looking = clock.advance(2_000);
    following[Symbol.dispose]();
    await looking;
    await clock.advance(10_000);
    expect([calls, clock.pending]).toEqual([0, 0]);
  });

  test('says nothing of a disk that fails: that is told of elsewhere', async () => {
    const { clock, log, disk } = await followed();
    disk.stat = () => Promise.reject(new DiskError('no-answer', 'The disk does not respond.'));
    await clock.advance(20_000);
    expect(log).toEqual([]);
  });

  test('extends a day: trading goes on until then, and an expiry day stays one', async () => {
    const expiry = '2026-11-23';
    const { file, write, clock } = await followed();
    const before = file.calendar.monthlyExpiry('NIFTY', 2026, 11);
    write({ days: [{ date: expiry, session: 'open', until: '17:00', reason: 'Extended after an outage' }] });
    await clock.advance(2_000);
    for (const segment of ['NSE_INDEX', 'NFO_FUT'] as const) {
      expect(file.calendar.segmentPhase(segment, instantOf(expiry, '16:59'))).toBe('continuous');
      expect(file.calendar.segmentPhase(segment, instantOf(expiry, '17:00'))).not.toBe('continuous');
    }
    expect(file.calendar.monthlyExpiry('NIFTY', 2026, 11)).toBe(before);
  });
});
