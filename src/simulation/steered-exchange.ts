import { z } from 'zod';
import { type ClockCourse, clockCourseSchema } from './clock-course.ts';

/** What an exchange says of its time: the course it follows or has taken up, and what its clock shows, ms since the epoch. */
export const steeredTimeSchema = z.object({ course: clockCourseSchema, nowMs: z.number() });
export type ExchangeTimeAnswer = Readonly<z.infer<typeof steeredTimeSchema>>;

/** The simulated exchange, as whoever steers its time sees it. Calls end when their signal is aborted. */
export interface SteeredExchange {
  /** Rejects when it does not answer. */
  time(signal: AbortSignal): Promise<ExchangeTimeAnswer>;
  /**
   * Hands it a course, which it takes only before the course's instant. Rejects with `CourseRefusedError` when it does not
   * take it; after any other failure it may have.
   */
  follow(course: ClockCourse, signal: AbortSignal): Promise<void>;
}

/** The exchange whose control is at `root`. */
export function steeredExchangeAt(root: string): SteeredExchange {
  const url = `${root}/__control/clock`;
  return {
    time: async (signal) => {
      const answer = await fetch(url, { redirect: 'error', signal });
      if (!answer.ok) throw new SteeringError(`the exchange answered ${answer.status}`);
      return steeredTimeSchema.parse(await answer.json());
    },
    follow: async (course, signal) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(course),
        redirect: 'error',
        signal,
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new CourseRefusedError(`the exchange answered ${answer.status}`);
    },
  };
}

/** An exchange that does not say what its time is. */
export class SteeringError extends Error {
  readonly code: 'steering' | 'course-refused' = 'steering';
}

/** An exchange that does not take a course. */
export class CourseRefusedError extends SteeringError {
  override readonly code = 'course-refused';
}
