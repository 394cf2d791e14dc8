import { z } from 'zod';
import type { ClockSpec } from '../clock.ts';

/**
 * How simulated time runs from a real instant on: it shows `marketMs` when the PC's clock shows `realMs` (both ms since
 * the epoch), and goes on at `speed` or, while paused, not at all. Processes on one PC that follow the same course agree.
 */
export const clockCourseSchema = z.strictObject({
  marketMs: z.number(),
  realMs: z.number(),
  speed: z.number().positive(),
  isPaused: z.boolean(),
});
export type ClockCourse = Readonly<z.infer<typeof clockCourseSchema>>;

/** The course an anchored specification of the command line or the environment stands for. */
export function courseOf(spec: ClockSpec & { readonly realMs: number }): ClockCourse {
  return { ...spec, isPaused: false };
}

/** Market time on a course at a real instant; until the course begins it stands at its start. */
export function marketTimeAt(course: ClockCourse, realMs: number): number {
  return course.marketMs + (course.isPaused ? 0 : Math.max(0, realMs - course.realMs) * course.speed);
}
