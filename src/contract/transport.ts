import { z } from 'zod';

/** The furthest from real time that the clock of a simulation runs. */
export const FASTEST = 600;

/** The end of 2099 in IST, ms since the epoch: no market day that can be simulated comes later. */
export const LAST_INSTANT_MS = Date.parse('2099-12-31T23:59:59.999+05:30');

/** What may be done to the time of a simulation. There is no way back: what was traded has been seen. */
export const steeringSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('pause') }),
  z.strictObject({ do: z.literal('resume') }),
  /** Market time per real time; also while paused, for when it goes on. */
  z.strictObject({ do: z.literal('speed'), speed: z.number().min(0.1).max(FASTEST) }),
  /** On to an instant that is still to come, ms since the epoch. */
  z.strictObject({ do: z.literal('jump'), to: z.number().int().min(0).max(LAST_INSTANT_MS) }),
]);
export type SteeringOrder = Readonly<z.infer<typeof steeringSchema>>;

/** Time that is played rather than lived through. */
export interface TransportState {
  readonly paused: boolean;
  /** Market time per real time while it is not paused. */
  readonly speed: number;
  /** What leaving leads to: the app's own start, or its end where the app was started for the simulation alone. */
  readonly leadsTo: 'start' | 'end';
}

/** Market ms per real ms at this moment: 0 while time stands. */
export function marketRate(state: {
  readonly app: { readonly speed: number };
  readonly transport?: TransportState;
}): number {
  return state.transport?.paused === true ? 0 : state.app.speed;
}
