import { StandInError } from './guard.ts';

const actions = new Map<string, () => void>();

/** Says what a menu role does; the roles of windows and app are set by their own files. */
export function defineRole(role: string, run: () => void): void {
  actions.set(role.toLowerCase(), run);
}

export function runRole(role: string): void {
  const run = actions.get(role.toLowerCase());
  if (run === undefined) throw new StandInError(`the menu role "${role}" does nothing on the stand-in`);
  run();
}
