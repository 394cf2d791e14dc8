import { scheduledJobs } from 'node-schedule';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { clockWakeUps, nodeScheduleWakeUps } from '../../../src/schedule/wake-ups.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const jobCount = (): number => Object.keys(scheduledJobs).length;

describe('wake-ups by the clock', () => {
  test('ring once at their instant, and not after being cancelled', async () => {
    const clock = new VirtualClock('2026-11-23T08:00:00+05:30');
    const rung: string[] = [];
    const wakeUps = clockWakeUps(clock);
    wakeUps.at(clock.now() + 60_000, () => rung.push('kept'));
    wakeUps.at(clock.now() + 60_000, () => rung.push('cancelled'))[Symbol.dispose]();
    await clock.advance(59_999);
    expect(rung).toEqual([]);
    await clock.advance(120_000);
    expect(rung).toEqual(['kept']);
  });
});

describe('wake-ups by node-schedule', () => {
  test('are jobs at the real instant that stands for the market instant', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const clock = new VirtualClock('2026-11-23T08:00:00+05:30');
    const before = Object.keys(scheduledJobs);
    const wakeUp = nodeScheduleWakeUps(clock).at(clock.now() + 3_600_000, () => {});
    const name = Object.keys(scheduledJobs).find((job) => !before.includes(job)) ?? '';
    const realNow = vi.getMockedSystemTime()?.getTime() ?? 0;
    expect(scheduledJobs[name]?.nextInvocation()?.getTime()).toBe(realNow + 3_600_000);
    wakeUp[Symbol.dispose]();
    expect(jobCount()).toBe(before.length);
  });

  test('ring once and leave nothing behind', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const clock = new VirtualClock('2026-11-23T08:00:00+05:30');
    const jobs = jobCount();
    let rung = 0;
    nodeScheduleWakeUps(clock).at(clock.now() + 60_000, () => {
      rung++;
    });
    await vi.advanceTimersByTimeAsync(300_000);
    expect([rung, jobCount()]).toEqual([1, jobs]);
  });

  test('for an instant that has passed ring soon, without a job', async () => {
    const clock = new VirtualClock('2026-11-23T08:00:00+05:30');
    const jobs = jobCount();
    let rung = 0;
    nodeScheduleWakeUps(clock).at(clock.now() - 60_000, () => {
      rung++;
    });
    expect(jobCount()).toBe(jobs);
    await clock.advance(0);
    expect(rung).toBe(1);
  });
});
