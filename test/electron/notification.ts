import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { NotificationAction, NotificationConstructorOptions } from 'electron';
import { changed } from './changes.ts';
import { type DaemonNotification, showOnDaemon } from './daemon-notifications.ts';
import { electronEvent, guardClass } from './guard.ts';

/** A notification as a person sees it. */
export interface NotificationInfo {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly urgency: 'normal' | 'critical' | 'low';
  readonly silent: boolean;
  readonly actions: readonly string[];
  readonly state: 'shown' | 'closed';
  /** The real daemon has it on the screen. */
  readonly onScreen: boolean;
}

const shown: Notification[] = [];

/** With this set, notifications also go to the session's real notification daemon, and its answers come back. */
const onDaemon = process.env.STAND_IN_NOTIFICATIONS === 'daemon';

type Provided = Pick<
  Electron.Notification,
  'actions' | 'body' | 'close' | 'id' | 'show' | 'silent' | 'subtitle' | 'timeoutType' | 'title' | 'urgency'
>;

export class Notification extends EventEmitter implements Provided {
  static {
    guardClass('Notification', Notification);
  }

  readonly id: string;
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;
  urgency: 'normal' | 'critical' | 'low';
  timeoutType: 'default' | 'never';
  actions: NotificationAction[];
  private state: NotificationInfo['state'] | 'new' = 'new';
  private daemon: DaemonNotification | null = null;

  constructor(options: NotificationConstructorOptions = {}) {
    super();
    this.id = options.id ?? randomUUID();
    this.title = options.title ?? '';
    this.subtitle = options.subtitle ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.urgency = options.urgency ?? 'normal';
    this.timeoutType = options.timeoutType ?? 'default';
    this.actions = options.actions ?? [];
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    this.state = 'shown';
    if (!shown.includes(this)) shown.push(this);
    if (onDaemon) void this.showOnDaemon();
    else this.emit('show', electronEvent({}));
    changed('notifications');
  }

  /** Withdrawn by the app. */
  close(): void {
    if (this.state !== 'shown') return;
    this.daemon?.close();
    this.dismissed('applicationHidden');
  }

  /** A person clicks it; the system takes it away. */
  press(): void {
    this.emit('click', electronEvent({}));
    this.dismissed('userCanceled');
  }

  pressAction(label: string): void {
    const index = this.actions.findIndex((action) => action.text === label);
    if (index < 0) throw new Error(`the notification "${this.title}" has no action "${label}"`);
    this.emit('action', electronEvent({ actionIndex: index, selectionIndex: -1 }), index, -1);
    this.dismissed('userCanceled');
  }

  /** A person closes it, or its time is over. */
  dismissed(reason: 'userCanceled' | 'applicationHidden' | 'timedOut'): void {
    if (this.state !== 'shown') return;
    this.state = 'closed';
    this.emit('close', electronEvent({ reason }));
    changed('notifications');
  }

  describe(): NotificationInfo {
    const { id, title, body, urgency, silent, state } = this;
    const actions = this.actions.map((action) => action.text ?? '');
    const onScreen = this.daemon !== null && state === 'shown';
    return { id, title, body, urgency, silent, actions, state: state === 'shown' ? 'shown' : 'closed', onScreen };
  }

  private async showOnDaemon(): Promise<void> {
    try {
      this.daemon = await showOnDaemon(this.describe(), {
        pressed: () => this.press(),
        pressedAction: (label) => this.pressAction(label),
        closed: (reason) => this.dismissed(reason),
      });
      // Withdrawn while the daemon was still being told.
      if (this.state !== 'shown') this.daemon.close();
      this.emit('show', electronEvent({}));
      changed('notifications');
    } catch (error) {
      this.emit('failed', electronEvent({}), String(error));
    }
  }
}

/** Every notification that was shown, oldest first. */
export function shownNotifications(): readonly Notification[] {
  return shown;
}
