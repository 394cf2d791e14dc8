import { type Change, changeBetween, withChange } from './changes.ts';
import type { DeskState, SliceChanges, StateMessage, StatePatch } from './state.ts';

/** Slices that may be long while little of them changes. */
const longSlices = ['feed', 'instruments', 'activity', 'settings'] as const satisfies readonly (keyof SliceChanges)[];

/** What a patch says of the state: whole slices, and of the long ones what has changed in them. */
export type PatchContent = Pick<Extract<StateMessage, { type: 'patch' }>, 'patch' | 'changes'>;

/** What an interface that has `before` has to be told to have the slices of `patch` as well; null when that is nothing. */
export function patchContent(before: DeskState, patch: StatePatch): PatchContent | null {
  const whole: Record<string, unknown> = {};
  const changes: Partial<Record<keyof DeskState, Change>> = {};
  for (const [name, value] of Object.entries(patch)) {
    const slice = name as keyof DeskState;
    if (before[slice] === value) continue;
    if (!isLong(slice)) {
      whole[slice] = value;
      continue;
    }
    const change = changeBetween(before[slice], value);
    if (change !== null) changes[slice] = change;
  }
  const hasChanges = Object.keys(changes).length > 0;
  if (!hasChanges && Object.keys(whole).length === 0) return null;
  return { patch: whole, ...(hasChanges ? { changes } : {}) };
}

/** The state after a patch. Throws a `ChangeError` when the patch was made for another state. */
export function patchedState(state: DeskState, { patch, changes = {} }: PatchContent): DeskState {
  const changed = Object.fromEntries(
    longSlices.flatMap((slice) => {
      const change = changes[slice];
      return change === undefined ? [] : [[slice, withChange<unknown>(state[slice], change)]];
    }),
  );
  return { ...state, ...patch, ...changed };
}

function isLong(slice: keyof DeskState): slice is keyof SliceChanges {
  return (longSlices as readonly string[]).includes(slice);
}
