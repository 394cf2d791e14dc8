import type { AlertState, DeskState, InstrumentState } from '../../src/contract/state.ts';
import { madeUpInstruments } from './base-state.ts';
import { ist, TODAY } from './day-plan.ts';

export function manyShares(count: number): InstrumentState[] {
  const model = madeUpInstruments.find(({ key }) => key === 'NSE:RELIANCE');
  if (model === undefined) throw new Error('no share to copy');
  return Array.from({ length: count }, (_, index) => {
    const title = `SHARE${index + 1}`;
    return { ...model, key: `NSE:${title}`, token: 1_000_000 + index, underlying: title, title };
  });
}

/** A simulated day at twenty times real speed, as Explore starts it. */
export function simulated(state: DeskState): DeskState {
  const app = { ...state.app, simulated: true, speed: 20, secretStore: 'memory' as const, bringsKey: true };
  return { ...state, app, transport: { paused: false, speed: 20, leadsTo: 'start' } };
}

export function panelOpen(state: DeskState): DeskState {
  return { ...state, settings: { ...state.settings, bottomPanelOpen: true } };
}

export function noToken({ auth }: DeskState): DeskState['auth'] {
  return { ...auth, state: 'signed-out', userId: null, userName: null, expiresAt: null, checkedAt: null };
}

export function feedOff({ feed }: DeskState, desiredReason: string): DeskState['feed'] {
  return {
    ...feed,
    desired: 'off',
    desiredReason,
    source: 'none',
    state: 'off',
    frames: 0,
    ticks: 0,
    reconnects: 0,
    lastFrameAt: null,
    lastTickAt: null,
  };
}

export function alert(
  id: string,
  severity: AlertState['severity'],
  title: string,
  action: AlertState['action'],
): AlertState {
  return { id, severity, title, body: null, raisedAt: ist(TODAY, '08:50'), action };
}
