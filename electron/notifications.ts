import { Notification } from 'electron/main';
import type { AlertState } from '../src/contract/state.ts';
import type { Log } from '../src/log.ts';
import type { NotificationChannel } from '../src/notify/alert-center.ts';

export interface NotificationOptions {
  readonly log: Log;
  /** Whether what is shown comes from a simulated exchange. */
  readonly isSimulated: () => boolean;
  /** The trader has clicked on an alert. */
  readonly onClick: (alert: AlertState) => void;
}

/**
 * Alerts as the system's own notifications. Each alert has at most one standing: a reminder replaces it, and it is taken
 * back when its reason is gone. The objects are kept while they stand, because a collected one no longer hears the click.
 */
export class DesktopNotifications implements NotificationChannel {
  readonly name = 'desktop';
  private readonly options: NotificationOptions;
  private readonly standing = new Map<string, Notification>();
  private hasFailed = false;

  constructor(options: NotificationOptions) {
    this.options = options;
  }

  show(alert: AlertState): void {
    this.withdraw(alert.id);
    if (!Notification.isSupported()) {
      this.fail('the system shows none');
      return;
    }
    const isUrgent = alert.severity === 'action';
    const notification = new Notification({
      title: this.options.isSimulated() ? `SIMULATED: ${alert.title}` : alert.title,
      body: bodyOf(alert),
      urgency: isUrgent ? 'critical' : 'normal',
      timeoutType: isUrgent ? 'never' : 'default',
    });
    notification.on('click', () => this.options.onClick(alert));
    notification.on('failed', (_event, reason) => this.fail(reason));
    this.standing.set(alert.id, notification);
    notification.show();
  }

  withdraw(id: string): void {
    this.standing.get(id)?.close();
    this.standing.delete(id);
  }

  private fail(reason: string): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.options.log('warning', 'alert', `Notifications cannot be shown (${reason}): alerts are in the window only.`);
  }
}

/**
 * Says what a click will do, where it does more than open the app. On Linux a body is markup
 * (https://specifications.freedesktop.org/notification-spec), and what Kite wrote into it must stay text.
 */
export function bodyOf(
  { body, action }: Pick<AlertState, 'body' | 'action'>,
  platform: NodeJS.Platform = process.platform,
): string {
  const hint = action === 'sign-in' ? 'Click for the login page.' : null;
  const text = [body, hint].filter((part) => part !== null).join(' ');
  if (platform !== 'linux') return text;
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
