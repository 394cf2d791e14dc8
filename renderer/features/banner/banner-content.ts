import type { LinkState } from '../../../src/contract/bridge.ts';
import type { CommandError } from '../../../src/contract/result.ts';
import type { AlertAction, AlertSeverity, AlertState } from '../../../src/contract/state.ts';
import { readableDates } from '../../format/ist.ts';

/** The one banner: one sentence, at most one button. */
export interface BannerContent {
  readonly severity: AlertSeverity;
  readonly title: string;
  readonly body: string | null;
  readonly button: AlertAction | 'dismiss-alert' | 'dismiss-error' | null;
  readonly alertId: string | null;
  /** How many further alerts wait behind this one. */
  readonly more: number;
}

/** What matters most of everything that is wrong now: the link, a command that has just failed, the first alert. */
export function bannerContent(
  link: LinkState,
  error: CommandError | null,
  alerts: readonly AlertState[],
): BannerContent | null {
  if (link === 'refused') {
    const title = 'The app was started again, and this page is of the earlier start. Use the page it opened.';
    return { severity: 'action', title, body: null, button: null, alertId: null, more: alerts.length };
  }
  if (link !== 'connected') {
    const title = 'Link to the desk lost. Prices below are not being updated; reconnecting by itself.';
    return { severity: 'action', title, body: null, button: null, alertId: null, more: alerts.length };
  }
  if (error !== null) {
    const button = 'dismiss-error';
    return { severity: 'warning', title: error.message, body: null, button, alertId: null, more: alerts.length };
  }
  const [first] = alerts;
  if (first === undefined) return null;
  return {
    severity: first.severity,
    title: readableDates(first.title),
    body: first.body === null ? null : readableDates(first.body),
    button: first.action ?? 'dismiss-alert',
    alertId: first.id,
    more: alerts.length - 1,
  };
}
