import { create } from 'zustand';
import type { LinkState } from '../../src/contract/bridge.ts';
import type { DeskState, StateMessage } from '../../src/contract/state.ts';

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
 * The view after a message of the lossless lane. `hole`: a message is missing, so this one cannot be used and a new
 * snapshot is needed. A repeated message changes nothing.
 */
export function applyStateMessage(view: DeskView, message: StateMessage): DeskView | 'hole' {
  if (message.type === 'snapshot') return { ...view, state: message.state, seq: message.seq };
  if (view.state === null || message.seq > view.seq + 1) return 'hole';
  if (message.seq <= view.seq) return view;
  return { ...view, state: { ...view.state, ...message.patch }, seq: message.seq };
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
