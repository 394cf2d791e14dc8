import type { Clock } from '../../src/clock.ts';
import type { SteerableClock } from '../../src/simulation/steerable-clock.ts';
import { CourseRefusedError, type SteeredExchange } from '../../src/simulation/steered-exchange.ts';

/** What is wrong with an exchange whose time is steered. A test changes it as it likes. */
export interface SteeringTrouble {
  /** From a call until the exchange hears it, real ms; infinite: it never does. */
  hearsAfterMs: number;
  /** From there until its answer is back, real ms; infinite: it never is. */
  answersAfterMs: number;
  /** It takes no course. */
  refuses: boolean;
}

/** The exchange of a clock, reached through what is wrong with the way; nothing of it takes time but what `trouble` says. */
export function steeredThroughTrouble(
  exchange: SteerableClock,
  real: Clock,
  trouble: SteeringTrouble,
): SteeredExchange {
  const wait = (ms: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (ms === 0) resolve();
    else if (Number.isFinite(ms)) real.setTimeout(resolve, ms);
    return promise;
  };
  const through = async <Value>(act: () => Value): Promise<Value> => {
    const { hearsAfterMs, answersAfterMs } = trouble;
    await wait(hearsAfterMs);
    const value = act();
    await wait(answersAfterMs);
    return value;
  };
  return {
    time: () => through(() => ({ course: exchange.latest, nowMs: exchange.now() })),
    follow: async (course) => {
      const isTaken = await through(() => !trouble.refuses && exchange.takeUp(course));
      if (!isTaken) throw new CourseRefusedError('the exchange has not taken it');
    },
  };
}
