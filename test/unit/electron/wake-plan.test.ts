import { expect, test } from 'vitest';
import { wakeHelp } from '../../../electron/power/wake-help.ts';
import { systemdTimer, type WakePlan, wakePlan, windowsTask } from '../../../electron/power/wake-plan.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { stepsOf } from './desk-state.ts';

const date = '2026-11-23';
const plan: WakePlan = { date, time: '08:40', atMs: instantOf(date, '08:40') };

test('the PC wakes ten minutes before the first login check of the plan', () => {
  expect(wakePlan({ date, steps: stepsOf(date) })).toEqual(plan);
});

test('a day without a login check gives no time', () => {
  expect(wakePlan({ date: '2026-11-24', steps: stepsOf('2026-11-24') })).toBeNull();
});

test('both wake-ups name their zone, so that the zone of the PC does not matter', () => {
  expect(systemdTimer(plan)).toContain('OnCalendar=*-*-* 08:40:00 Asia/Kolkata\nWakeSystem=true');
  const task = windowsTask(plan);
  expect(task).toContain('<StartBoundary>2026-11-23T08:40:00+05:30</StartBoundary>');
  expect(task).toContain('<WakeToRun>true</WakeToRun>');
});

test.each(['win32', 'darwin', 'linux'] as const)('the help on %s gives the time on the clock of the PC', (platform) => {
  expect(wakeHelp(platform, plan, () => '05:10')).toContain('awake at 05:10');
  expect(wakeHelp(platform, null, () => '05:10')).toContain('no login check today');
});
