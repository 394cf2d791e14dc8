import type { AppState, StatePatch } from '../contract/state.ts';
import type { TransportState } from '../contract/transport.ts';
import type { Log } from '../log.ts';
import { istTimeOf } from '../market/ist.ts';
import type { ClockCourse } from '../simulation/clock-course.ts';
import type { Steering } from '../simulation/steering.ts';

/** A simulation's time, and where leaving it leads to. */
export interface SteeredTime {
  readonly steering: Steering;
  readonly leadsTo: TransportState['leadsTo'];
}

export interface SteeredTimePorts {
  readonly log: Log;
  readonly app: () => AppState;
  readonly patch: (patch: StatePatch) => void;
  /** The clock runs at another speed, stands or goes on. */
  readonly paceChanged: () => void;
  /** The clock was moved ahead to an instant, ms since the epoch. */
  readonly movedAhead: (toMs: number) => void;
}

/** Where the processes have heard of a course at different moments the desk catches up, by less than this unnoticed; ms. */
const LEAST_MOVE_MS = 1_000;

/** The part of the state that says how time runs; absent where it is real. */
export function transportOf({ steering, leadsTo }: SteeredTime): TransportState {
  const { isPaused, speed } = steering.clock;
  return { paused: isPaused, speed, leadsTo };
}

/** Has the desk take up each change of a simulation's time at once. */
export function followSteering(time: SteeredTime, ports: SteeredTimePorts): Disposable {
  const { clock } = time.steering;
  let before = clock.course;
  return clock.onChange((course) => {
    const was = before;
    before = course;
    const isMoved = clock.lastMoveMs > LEAST_MOVE_MS;
    if (isSamePace(was, course) && !isMoved) return;
    ports.patch({ app: { ...ports.app(), speed: course.speed }, transport: transportOf(time) });
    if (!isSamePace(was, course)) ports.log('info', 'app', paceWords(was, course));
    if (isMoved) ports.log('info', 'app', `The simulation was moved ahead to ${istTimeOf(clock.now())}.`);
    if (!isSamePace(was, course)) ports.paceChanged();
    if (isMoved) ports.movedAhead(clock.now());
  });
}

function isSamePace(was: ClockCourse, is: ClockCourse): boolean {
  return was.isPaused === is.isPaused && was.speed === is.speed;
}

function paceWords(was: ClockCourse, is: ClockCourse): string {
  if (was.isPaused !== is.isPaused) return is.isPaused ? 'The simulation was paused.' : 'The simulation goes on.';
  return `The simulation runs at ${is.speed} times the speed of a real day.`;
}
