import type { DeskState } from '../../src/contract/state.ts';
import { istTimeOf } from '../../src/market/ist.ts';

/** What is lost by quitting now. */
export interface QuitWarning {
  readonly message: string;
  readonly detail: string;
}

/** The warning before quitting; null when nothing is lost by it. */
export function quitWarning(state: DeskState): QuitWarning | null {
  const { market, feed, schedule } = state;
  const isRunning = feed.desired === 'on' || feed.source !== 'none';
  const isOpen = market.phase !== 'closed' && market.phase !== 'unknown';
  if (!isRunning && !isOpen) return null;

  const stop = schedule.steps.findLast(({ step }) => step === 'feed-stop');
  const until = stop === undefined ? '' : ` until ${istTimeOf(stop.plannedAt).slice(0, 5)} IST`;
  return {
    message: isOpen ? 'The market is open. Quit anyway?' : 'The feed is running. Quit anyway?',
    detail: [
      'Closing the window keeps everything running in the tray; quitting stops it.',
      `From now${until}, no ticks are recorded, no candles are built and no alerts are given.`,
      "Today's record keeps the gap: ticks that were not received cannot be fetched later.",
    ].join('\n'),
  };
}
