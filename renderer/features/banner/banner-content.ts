import type { LinkState } from '../../../src/contract/bridge.ts';
import { isUrgent, type MissingPrices } from '../../../src/contract/missing-prices.ts';
import type { CommandError } from '../../../src/contract/result.ts';
import type { AlertAction, AlertSeverity, AlertState } from '../../../src/contract/state.ts';
import { istTime, readableDates } from '../../format/ist.ts';

/** The one banner: one sentence, at most one button. `missing`: the market trades, and its prices are being missed. */
export interface BannerContent {
  readonly severity: AlertSeverity | 'missing';
  readonly title: string;
  readonly body: string | null;
  readonly button: AlertAction | 'dismiss-alert' | 'dismiss-error' | null;
  readonly alertId: string | null;
  /** How many further alerts wait behind this one. */
  readonly more: number;
}

/** Prices that are being missed, and the market time (ms). */
export interface Missed {
  readonly missing: MissingPrices | null;
  readonly now: number;
}

const nothingMissed: Missed = { missing: null, now: 0 };

/**
 * What matters most of everything that is wrong now: the link, a command that has just failed, prices that are being missed,
 * the first alert. In the pre-open what is missed is said calmly; once the market trades it goes before everything else.
 */
export function bannerContent(
  link: LinkState,
  error: CommandError | null,
  alerts: readonly AlertState[],
  { missing, now }: Missed = nothingMissed,
): BannerContent | null {
  const urgent = isUrgent(missing, now);
  if (link !== 'connected') {
    const severity = missing?.isOpen === true ? 'missing' : 'action';
    const title =
      link === 'refused'
        ? 'The app was started again, and this page is of the earlier start. Use the page it opened.'
        : 'Link to the app lost. Prices below are not being updated; reconnecting.';
    return { severity, title, body: null, button: null, alertId: null, more: alerts.length };
  }
  if (urgent) return missedContent(missing, alerts);
  if (error !== null) {
    const button = 'dismiss-error';
    return { severity: 'warning', title: error.message, body: null, button, alertId: null, more: alerts.length };
  }
  const [first] = alerts;
  if (first === undefined) return null;
  const isOfPrices = missing !== null && bringsPricesBack(first);
  return contentOf(first, first.severity, isOfPrices ? `${sinceWords(missing)} ` : '', alerts.length - 1);
}

/** What is missed since when, and then what helps: the alert with a remedy, wherever it stands among the others. */
function missedContent(missing: MissingPrices, alerts: readonly AlertState[]): BannerContent {
  const cause = alerts.find(bringsPricesBack);
  const since = sinceWords(missing);
  if (cause !== undefined) return contentOf(cause, 'missing', `${since} `, alerts.length - 1);
  const body = 'The market is open. Prices are asked for by the app itself.';
  return { severity: 'missing', title: since, body, button: 'open-doctor', alertId: null, more: alerts.length };
}

function sinceWords({ since }: MissingPrices): string {
  return `No prices since ${istTime(since)}.`;
}

/** The doctor only looks. */
function bringsPricesBack({ action }: AlertState): boolean {
  return action !== null && action !== 'open-doctor';
}

function contentOf(
  alert: AlertState,
  severity: BannerContent['severity'],
  before: string,
  more: number,
): BannerContent {
  return {
    severity,
    title: before + readableDates(alert.title),
    body: alert.body === null ? null : readableDates(alert.body),
    button: alert.action ?? 'dismiss-alert',
    alertId: alert.id,
    more,
  };
}
