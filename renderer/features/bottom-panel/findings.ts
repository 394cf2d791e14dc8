import type { LinkState } from '../../../src/contract/bridge.ts';
import type { DeskState } from '../../../src/contract/state.ts';
import { formatAge } from '../../format/durations.ts';
import { fullDate, istMoment, istTime } from '../../format/ist.ts';
import { formatCount, formatQuantity } from '../../format/numbers.ts';

/** One thing the doctor looks at, and what was found. `unknown`: it could not be examined. */
export interface Finding {
  readonly subject: string;
  readonly verdict: 'good' | 'look' | 'bad' | 'unknown';
  readonly text: string;
}

/** The desk's condition point by point, from its state alone. `now`: market time, ms. */
export function findings(state: DeskState, link: LinkState, unreadableBatches: number, now: number): Finding[] {
  return [
    linkFinding(link, unreadableBatches),
    tokenFinding(state),
    feedFinding(state, now),
    gapFinding(state, now),
    instrumentFinding(state),
    calendarFinding(state),
    secretFinding(state),
    ...state.app.notices.map((text): Finding => ({ subject: 'Notice', verdict: 'look', text })),
  ];
}

function linkFinding(link: LinkState, unreadable: number): Finding {
  const subject = 'App';
  if (link !== 'connected') return { subject, verdict: 'bad', text: 'This window has lost its link to the app.' };
  return unreadable === 0
    ? { subject, verdict: 'good', text: 'Connected.' }
    : { subject, verdict: 'look', text: `Connected; ${formatCount(unreadable, 'unreadable message')}.` };
}

function tokenFinding({ auth, market }: DeskState): Finding {
  const subject = 'Login';
  const checked = auth.checkedAt === null ? '' : `, checked at ${istMoment(auth.checkedAt, market.date)}`;
  const reason = auth.reason === null ? '' : ` ${auth.reason}`;
  switch (auth.state) {
    case 'valid':
      return { subject, verdict: 'good', text: `Confirmed by Kite${checked}.${reason}` };
    case 'unverified':
      return { subject, verdict: 'unknown', text: `Kite could not be asked${checked}.${reason}` };
    case 'suspect':
      return { subject, verdict: 'look', text: `Past its 06:00 deadline and not yet checked.${reason}` };
    case 'expired':
      return { subject, verdict: 'bad', text: `Refused by Kite${checked}.${reason} Sign in again.` };
    case 'signed-out':
      return { subject, verdict: 'bad', text: `Nobody is signed in.${reason}` };
    case 'unconfigured':
      return { subject, verdict: 'look', text: 'No API key is stored.' };
  }
}

function feedFinding({ feed }: DeskState, now: number): Finding {
  const subject = 'Feed';
  const since = `since ${istTime(feed.since)} (${formatAge(now - feed.since)})`;
  const cause = feed.causeText === null ? '' : ` ${feed.causeText}`;
  if (feed.source === 'rest')
    return { subject, verdict: 'look', text: `Prices once a second by REST ${since}.${cause}` };
  switch (feed.state) {
    case 'live':
      return {
        subject,
        verdict: 'good',
        text: `Connected ${since}, ${formatCount(feed.ticks, 'tick')}, ${formatCount(feed.reconnects, 'reconnect')}.`,
      };
    case 'off':
      return { subject, verdict: feed.paused ? 'look' : 'good', text: `Off: ${feed.desiredReason}.` };
    case 'connecting':
      return { subject, verdict: 'look', text: `Connecting ${since}.` };
    case 'stale':
    case 'backoff':
    case 'blocked':
      return {
        subject,
        verdict: 'bad',
        text: `${feed.state === 'stale' ? 'Stale' : feed.state === 'backoff' ? 'Reconnecting' : 'Refused by Kite'} ${since}.${cause}`,
      };
  }
}

function gapFinding({ feed }: DeskState, now: number): Finding {
  const subject = 'Outages';
  const last = feed.gaps.at(-1);
  if (last === undefined) return { subject, verdict: 'good', text: 'None today.' };
  const lastText =
    last.to === null ? `one going on since ${istTime(last.from)}` : `last ${istTime(last.from)} to ${istTime(last.to)}`;
  const lostMs = feed.gaps.reduce((sum, gap) => sum + (gap.to ?? now) - gap.from, 0);
  return {
    subject,
    verdict: 'look',
    text: `${formatQuantity(feed.gaps.length)} today, ${formatAge(lostMs)} in all; ${lastText}.`,
  };
}

function instrumentFinding({ instruments, feed }: DeskState): Finding {
  const subject = 'Instruments';
  const active = instruments.filter((instrument) => !instrument.retired);
  const silent = active.filter((instrument) => instrument.firstTickAt === null);
  if (active.length === 0) return { subject, verdict: 'unknown', text: 'None is known yet.' };
  if (silent.length === 0) return { subject, verdict: 'good', text: `All ${active.length} have ticked today.` };
  const names = silent.slice(0, 3).map((instrument) => instrument.title);
  const more = silent.length > names.length ? ` and ${silent.length - names.length} more` : '';
  const verdict = feed.desired === 'on' ? 'look' : 'unknown';
  return { subject, verdict, text: `No tick today from ${names.join(', ')}${more}.` };
}

function calendarFinding({ market }: DeskState): Finding {
  const { calendar } = market;
  const covers = `Covers ${fullDate(calendar.from)} to ${fullDate(calendar.to)}, checked ${fullDate(calendar.verifiedOn)}.`;
  return market.day === 'unknown'
    ? { subject: 'Calendar', verdict: 'bad', text: `Says nothing about ${fullDate(market.date)}. ${covers}` }
    : { subject: 'Calendar', verdict: 'good', text: covers };
}

function secretFinding({ app }: DeskState): Finding {
  return app.secretStore === 'keychain'
    ? { subject: 'Secrets', verdict: 'good', text: 'In the system keychain.' }
    : {
        subject: 'Secrets',
        verdict: 'look',
        text: 'In memory for this run only: no keychain. Sign in again after a restart.',
      };
}
