import { Job } from 'node-schedule';
import { type Clock, realDateAt } from '../clock.ts';

/** Calls at instants of the desk's time. They are hints: one that comes late or never only costs the next heartbeat. */
export interface WakeUps {
  /** Calls `run` once at `instantMs` (ms since the epoch), soon when that has passed. Disposing cancels. */
  at(instantMs: number, run: () => void): Disposable;
}

/** By node-schedule, which goes by the PC's wall clock and so takes part in its changes. */
export function nodeScheduleWakeUps(clock: Clock): WakeUps {
  return {
    at: (instantMs, run) => {
      const job = new Job(run);
      if (job.schedule(realDateAt(clock, instantMs))) return { [Symbol.dispose]: () => void job.cancel() };
      // It takes no job for a time that has passed, and yet keeps it in its table until it is cancelled.
      job.cancel();
      return clock.setTimeout(run, 0);
    },
  };
}

/** By the clock's own timers. */
export function clockWakeUps(clock: Clock): WakeUps {
  return { at: (instantMs, run) => clock.setTimeout(run, instantMs - clock.now()) };
}
