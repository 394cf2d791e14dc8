import { z } from 'zod';
import type { Journal } from '../contract/journal.ts';
import { stepIds } from '../contract/state.ts';
import { feedCauses, feedSources, feedStates, gapCauses } from '../contract/states.ts';

const instant = z.number();
const percentiles = {
  samples: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
};

/** A journal as it is read back from the database. */
export const journalSchema: z.ZodType<Journal> = z.object({
  date: z.string(),
  day: z.object({ kind: z.string(), reason: z.string() }),
  simulated: z.boolean(),
  version: z.string(),
  startedAt: instant,
  aliveAt: instant.nullable().default(null),
  steps: z.array(
    z.object({
      id: z.string(),
      step: z.enum(stepIds),
      label: z.string(),
      plannedAt: instant,
      dueAt: instant,
      actualAt: instant.nullable(),
      outcome: z.enum(['pending', 'waiting', 'done', 'failed', 'not-needed', 'missed']),
      detail: z.string().nullable(),
    }),
  ),
  firstTicks: z.array(z.object({ key: z.string(), at: instant })),
  feed: z.array(
    z.object({
      at: instant,
      state: z.enum(feedStates),
      source: z.enum(feedSources),
      cause: z.enum(feedCauses).nullable(),
    }),
  ),
  reconnects: z.number(),
  gaps: z.array(
    z.object({ from: instant, to: instant.nullable(), cause: z.enum(gapCauses), keys: z.array(z.string()) }),
  ),
  lag: z
    .array(
      z.object({
        runStartedAt: instant,
        at: instant,
        ...percentiles,
        skewMs: z.number().nullable(),
        heldUpMs: z.number(),
        screen: z
          .object({ fromReceipt: z.object(percentiles), fromExchange: z.object(percentiles) })
          .nullable()
          .default(null),
      }),
    )
    .default([]),
  alerts: z.array(z.object({ id: z.string(), title: z.string(), raisedAt: instant, withdrawnAt: instant.nullable() })),
  activity: z.array(
    z.object({
      at: instant,
      level: z.enum(['info', 'warning', 'error']),
      area: z.enum(['app', 'schedule', 'auth', 'feed', 'instruments', 'alert']),
      text: z.string(),
    }),
  ),
});
