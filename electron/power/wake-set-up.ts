import type { DeskState } from '../../src/contract/state.ts';
import { showWakeHelp, tell } from '../dialogs.ts';
import { wakeHelp } from './wake-help.ts';
import { wakePlan } from './wake-plan.ts';
import { systemWakeTimer } from './wake-timer.ts';

/** Explains how this PC is woken for the market, and sets it up where the system lets a user do it. */
export async function showWakeSetUp({ schedule }: DeskState): Promise<void> {
  const plan = wakePlan(schedule);
  const timer = systemWakeTimer(process.platform);
  const choice = await showWakeHelp(wakeHelp(process.platform, plan, localTime), timer !== null && plan !== null);
  if (timer === null || plan === null || choice === 'Close') return;

  const result = await (choice === 'Set up' ? timer.set(plan) : timer.remove());
  if (!result.ok) await tell('warning', result.error.message, 'The same help names another way.');
  else if (choice === 'Set up') await tell('info', `The PC wakes every day at ${localTime(plan.atMs)}.`, '');
  else await tell('info', 'The PC is no longer woken by this app.', '');
}

/** `HH:MM` in the PC's own zone: the one place where that matters. */
function localTime(atMs: number): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(atMs);
}
