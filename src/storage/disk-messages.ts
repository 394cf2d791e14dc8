import type { StorageCause } from '../contract/state.ts';
import type { DiskTaskName } from './disk-tasks.ts';

/**
 * To the disk's thread. `close` ends it. `leave`, to one that was given up, ends it too, unless it holds the lock on the
 * home: then it says so and does nothing else.
 */
export type DiskRequest =
  | { readonly id: number; readonly task: DiskTaskName; readonly args: readonly unknown[] }
  | 'close'
  | 'leave';

export interface DiskFailure {
  readonly cause: StorageCause;
  readonly text: string;
  /** The system's own code, where it has one. */
  readonly code: string | null;
}

/** From the disk's thread. */
export type DiskReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: DiskFailure }
  | { readonly notice: string }
  /** In answer to `leave`. */
  | { readonly holdsLock: true };
