import { missingPrices } from '../../src/contract/missing-prices.ts';
import { phaseWords } from '../../src/contract/phase-words.ts';
import type { DeskState } from '../../src/contract/state.ts';
import type { FeedStateName } from '../../src/contract/states.ts';
import { type IstDate, istDateOf, istTimeOf, weekdayOf } from '../../src/market/ist.ts';

/** Which icon: each has a shape of its own besides its colour. */
export type TrayIcon = 'live' | 'rest' | 'action' | 'idle';

export type TrayCommand = 'open' | 'sign-in' | 'pause' | 'resume' | 'timeline' | 'quit';

export interface TrayItem {
  readonly label: string;
  readonly command: TrayCommand;
}

export interface TrayModel {
  readonly icon: TrayIcon;
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

/** Windows cuts a longer one off. */
export const TOOLTIP_LIMIT = 127;

/** What the tray shows for a state of the desk at `now` (market time, ms). */
export function trayModel(state: DeskState, now: number): TrayModel {
  const missing = missingPrices(state.market, state.market.sessions, state.feed, now);
  const isMissed = missing?.isOpen === true && state.auth.state !== 'unconfigured';
  return {
    // A pause is the trader's own doing.
    icon: isMissed && !state.feed.paused ? 'action' : trayIcon(state),
    tooltip: trayTooltip(state, isMissed ? missing.since : null),
    items: trayItems(state),
  };
}

/** Red comes first: what needs the trader is not hidden by a feed that happens to run. */
function trayIcon({ alerts, feed }: DeskState): TrayIcon {
  if (alerts.some((alert) => alert.severity === 'action')) return 'action';
  if (feed.source === 'rest') return 'rest';
  if (feed.state === 'live') return 'live';
  const isLost = feed.desired === 'on' && feed.state !== 'connecting';
  return isLost ? 'action' : 'idle';
}

function trayTooltip(state: DeskState, missingSince: number | null): string {
  const name = state.app.simulated ? 'MyDailyTradingSignals SIMULATED' : 'MyDailyTradingSignals';
  return [name, marketLine(state, missingSince), feedLine(state), loginLine(state)].join('\n');
}

function marketLine({ market }: DeskState, missingSince: number | null): string {
  if (missingSince !== null) return `Market open, no prices since ${istTimeOf(missingSince).slice(0, 5)}`;
  const until = market.next === null ? '' : `, until ${moment(market.next.at, market.date)}`;
  return `Market ${phaseWords[market.phase].inSentence}${until}`;
}

function feedLine({ feed, instruments }: DeskState): string {
  if (feed.paused) return 'Feed paused';
  const word = feed.source === 'rest' ? 'Feed by REST' : `Feed ${feedWords[feed.state]}`;
  const followed = instruments.filter(({ role, retired }) => role !== 'watch' && !retired);
  const stale = feed.state === 'live' ? followed.filter((instrument) => instrument.stale).length : 0;
  return stale === 0 ? word : `${word}, ${stale} of ${followed.length} stale`;
}

function loginLine({ auth, market }: DeskState): string {
  switch (auth.state) {
    case 'valid':
      return auth.expiresAt === null ? 'Login valid' : `Login until ${moment(auth.expiresAt, market.date)} IST`;
    case 'unconfigured':
      return 'No API key yet';
    case 'signed-out':
      return 'Not signed in';
    case 'expired':
      return 'Login expired';
    case 'suspect':
      return 'Login not checked today';
    case 'unverified':
      return 'Login not verified';
  }
}

function trayItems({ auth, feed }: DeskState): readonly TrayItem[] {
  return [
    { label: 'Open', command: 'open' },
    { label: auth.state === 'valid' ? 'Sign in again…' : 'Sign in to Kite…', command: 'sign-in' },
    feed.paused ? { label: 'Resume feed', command: 'resume' } : { label: 'Pause feed', command: 'pause' },
    { label: "Today's timeline", command: 'timeline' },
    { label: 'Quit', command: 'quit' },
  ];
}

const feedWords: Readonly<Record<FeedStateName, string>> = {
  off: 'off',
  connecting: 'connecting',
  live: 'live',
  stale: 'stale',
  backoff: 'reconnecting',
  blocked: 'refused by Kite',
};

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `HH:MM` in IST, with the day of the week when that is not `today`. */
function moment(instantMs: number, today: IstDate): string {
  const date = istDateOf(instantMs);
  const time = istTimeOf(instantMs).slice(0, 5);
  return date === today ? time : `${weekdays[weekdayOf(date)]} ${time}`;
}
