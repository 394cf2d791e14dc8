import { create } from 'zustand';
import type { LinkState } from '../../src/contract/bridge.ts';
import { ChangeError } from '../../src/contract/changes.ts';
import type { DeskState, StateMessage } from '../../src/contract/state.ts';
import { patchedState } from '../../src/contract/state-patch.ts';

/** What the page knows of the desk. */
export interface DeskView {
  /** Null until the first snapshot. */
  readonly state: DeskState | null;
  /** Sequence number of the last message applied. */
  readonly seq: number;
  readonly link: LinkState;
}

export const noDesk: DeskView = { state: null, seq: 0, link: 'connecting' };

/**
 * The view after a message of the lossless lane. `hole`: a message is missing, or this one does not fit the state, so it cannot
 * be used and a new snapshot is needed. A repeated message changes nothing.
 */
export function applyStateMessage(view: DeskView, message: StateMessage): DeskView | 'hole' {
  if (message.type === 'snapshot') return { ...view, state: message.state, seq: message.seq };
  if (view.state === null || message.seq > view.seq + 1) return 'hole';
  if (message.seq <= view.seq) return view;
  try {
    return { ...view, state: patchedState(view.state, message), seq: message.seq };
  } catch (error) {
    if (error instanceof ChangeError) return 'hole';
    throw error;
  }
}

export const useDeskView = create<DeskView>()(() => noDesk);

/** A part of the desk's state. Only for components below `App`, which renders them once there is a state. */
export function useDesk<T>(select: (state: DeskState) => T): T {
  return useDeskView((view) => {
    if (view.state === null) throw new Error('the desk has not answered yet');
    return select(view.state);
  });
}

export function useLink(): LinkState {
  return useDeskView((view) => view.link);
}
