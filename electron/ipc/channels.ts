import { z } from 'zod';
import type { StateMessage } from '../../src/contract/state.ts';

/**
 * The one contract between the interface's page and the main process. Invoke channels carry a question and its answer,
 * push channels what the main process sends by itself. Every argument is checked by these schemas before it is looked
 * at, and every answer is a `Result`; the arguments of a desk command are checked once more by the desk, by name.
 */
export const invokeSchemas = {
  /** A command of the desk: its name and its arguments. */
  'desk:invoke': z.tuple([z.string().max(64), z.unknown()]),
  /** The page listens: a snapshot, then every state patch and the ticks it wants. Answered once per document. */
  'desk:attach': z.tuple([]),
  /** The page has lost its place in the state lane. */
  'desk:snapshot': z.tuple([]),
  'desk:acknowledge-ticks': z.tuple([z.number().int().nonnegative()]),
  'desk:interest': z.tuple([z.record(z.string(), z.unknown())]),
  /** A web page to open outside the interface; the login page where the settings say. */
  'shell:open-external': z.tuple([z.string().max(2048)]),
} as const;

export type InvokeChannel = keyof typeof invokeSchemas;
export type InvokeArgs<C extends InvokeChannel> = z.infer<(typeof invokeSchemas)[C]>;

/** What each invoke channel answers, inside its `Result`. */
export interface InvokeValues extends Record<InvokeChannel, unknown> {
  /** The command's own value (`CommandValues` of the desk's contract). */
  'desk:invoke': unknown;
  'desk:attach': null;
  'desk:snapshot': null;
  'desk:acknowledge-ticks': null;
  'desk:interest': null;
  'shell:open-external': null;
}

/** What the main process sends by itself, by channel. */
export interface PushValues {
  'desk:state': StateMessage;
  /** One batch of the tick lane; the next waits for `desk:acknowledge-ticks`. */
  'desk:ticks': ArrayBuffer;
}

export type PushChannel = keyof PushValues;
