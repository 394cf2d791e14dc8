import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../../src/clock.ts';
import { formatIst } from '../../src/market/ist.ts';
import { type ClockCourse, clockCourseSchema } from '../../src/simulation/clock-course.ts';
import { type Fault, type FaultBook, faultSchema, type ScriptedFault } from './faults.ts';
import { type Answer, json, readBody } from './rest/responses.ts';
import type { ExchangeStats, StatsCounter } from './stats.ts';

/** What the exchange tells about itself. Market instants in ms since the epoch and in IST text. */
export interface ExchangeState {
  readonly clock: { readonly nowMs: number; readonly now: string; readonly speed: number; readonly isPaused: boolean };
  readonly stats: ExchangeStats;
  readonly faults: readonly ScriptedFault[];
}

/** Scripting the exchange: the same for tests in the process and for `/__control/`. */
export interface ExchangeControl {
  /** Puts a fault in force; returns the number by which to clear it. */
  apply(fault: Fault): number;
  /** Ends one fault, or all. */
  clear(id?: number): void;
  state(): ExchangeState;
  /** Market time as others steer it; null where it cannot be steered. */
  readonly steer: SteerableTime | null;
}

/** Market time that takes up courses ahead of their instant, and says which is the latest. */
export interface SteerableTime {
  readonly latest: ClockCourse;
  /** False: the course came too late, and is not followed. */
  takeUp(course: ClockCourse): boolean;
}

/** Paths below this are the exchange's own and not subject to faults. */
export const CONTROL_PREFIX = '/__control/';

const clearSchema = z.strictObject({ kind: z.literal('clear'), id: z.int().optional() });
const scriptSchema = z.array(z.discriminatedUnion('kind', [...faultSchema.options, clearSchema])).min(1);

export function exchangeControl(
  clock: Clock,
  faults: FaultBook,
  stats: StatsCounter,
  steer: ExchangeControl['steer'],
): ExchangeControl {
  return {
    steer,
    apply: (fault) => faults.apply(fault),
    clear: (id) => faults.clear(id),
    state: () => ({
      clock: { nowMs: clock.now(), now: formatIst(clock.now()), speed: clock.speed, isPaused: clock.isPaused === true },
      stats: stats.snapshot(),
      faults: faults.list(),
    }),
  };
}

/**
 * `GET /__control/state`, `POST /__control/faults` (one command or a list, as JSON), `POST /__control/clock` (a course that
 * market time is to follow) and `GET /__control/clock` (the course it follows, and the time).
 */
export async function answerControl(control: ExchangeControl, request: IncomingMessage, url: URL): Promise<Answer> {
  if (request.method === 'GET' && url.pathname === `${CONTROL_PREFIX}state`) return json(200, control.state());
  const what = url.pathname.slice(CONTROL_PREFIX.length);
  if (request.method === 'GET' && what === 'clock') return answerTime(control);
  if (request.method !== 'POST' || (what !== 'faults' && what !== 'clock')) return json(404, { error: 'not found' });
  // A page in a browser can send a form across origins, but not JSON.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    return json(415, { error: 'send application/json' });
  }
  const body = parseJson(await readBody(request));
  if (what === 'clock') return answerCourse(control, body);
  const parsed = scriptSchema.safeParse(Array.isArray(body) ? body : [body]);
  if (!parsed.success) return json(400, { error: z.prettifyError(parsed.error) });
  const ids = parsed.data.flatMap((command) => {
    if (command.kind !== 'clear') return [control.apply(command)];
    control.clear(command.id);
    return [];
  });
  return json(200, { ids, faults: control.state().faults });
}

function answerCourse(control: ExchangeControl, body: unknown): Answer {
  if (control.steer === null) return json(409, { error: 'this exchange has the time of the PC' });
  const course = clockCourseSchema.safeParse(body);
  if (!course.success) return json(400, { error: z.prettifyError(course.error) });
  if (!control.steer.takeUp(course.data)) return json(409, { error: 'the course begins in the past' });
  return json(200, { course: course.data });
}

function answerTime({ steer, state }: ExchangeControl): Answer {
  if (steer === null) return json(409, { error: 'this exchange has the time of the PC' });
  return json(200, { course: steer.latest, nowMs: state().clock.nowMs });
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
