import type { Clock } from '../clock.ts';
import type { AlertState } from '../contract/state.ts';

/** What is raised; the moment is added here. */
export type AlertInput = Omit<AlertState, 'raisedAt'>;

/** A way to reach the trader outside the window: tray notification, terminal line, phone. */
export interface NotificationChannel {
  readonly name: string;
  /** Called when an alert is raised and at each reminder. Must not throw for a channel that is away. */
  show(alert: AlertState): void;
  /** The alert's reason is gone. */
  withdraw(id: string): void;
}

export interface AlertListener {
  changed(alerts: readonly AlertState[]): void;
  raised(alert: AlertState): void;
  withdrawn(id: string, atMs: number): void;
}

const URGENCY = { action: 0, warning: 1, info: 2 } as const;

/**
 * Everything that currently needs the trader, by id. Raising an id again changes its words; only `remind` and the
 * first far-reaching raise go to the channels, so that a condition that is re-evaluated every second notifies once. It is
 * told again when it has become more urgent than it ever was or asks for something else.
 */
export class AlertCenter {
  private readonly clock: Clock;
  private readonly channels: readonly NotificationChannel[];
  private readonly listener: AlertListener;
  private readonly wanted: (alert: AlertState) => boolean;
  private readonly alerts = new Map<string, AlertState>();
  private readonly dismissed = new Set<string>();
  private readonly shown = new Set<string>();
  /** How urgent each standing alert has been at its most urgent. */
  private readonly urgency = new Map<string, number>();

  /** `wanted`: whether the trader's settings let this alert leave the window. */
  constructor(
    clock: Clock,
    channels: readonly NotificationChannel[],
    listener: AlertListener,
    wanted: (alert: AlertState) => boolean,
  ) {
    this.clock = clock;
    this.channels = channels;
    this.listener = listener;
    this.wanted = wanted;
  }

  /** Most urgent first, then oldest first. */
  list(): readonly AlertState[] {
    return [...this.alerts.values()]
      .filter((alert) => !this.dismissed.has(alert.id))
      .sort((a, b) => URGENCY[a.severity] - URGENCY[b.severity] || a.raisedAt - b.raisedAt);
  }

  /** The alert as it stands, dismissed or not; null when it does not. */
  standing(id: string): AlertState | null {
    return this.alerts.get(id) ?? null;
  }

  /** `reach`: whether the channels are told too. A standing alert reaches them once, at the first `everywhere`. */
  raise(input: AlertInput, reach: 'window' | 'everywhere'): void {
    const known = this.alerts.get(input.id);
    const isSame = known !== undefined && isSameAlert(known, input);
    const alert: AlertState = isSame ? known : { ...input, raisedAt: known?.raisedAt ?? this.clock.now() };
    this.alerts.set(alert.id, alert);
    const before = this.urgency.get(alert.id) ?? Number.POSITIVE_INFINITY;
    this.urgency.set(alert.id, Math.min(before, URGENCY[alert.severity]));
    if (known === undefined || URGENCY[alert.severity] < before || alert.action !== known.action) {
      this.dismissed.delete(alert.id);
      this.shown.delete(alert.id);
    }
    if (known === undefined) this.listener.raised(alert);
    if (reach === 'everywhere' && !this.shown.has(alert.id)) this.show(alert);
    if (!isSame) this.listener.changed(this.list());
  }

  /** Says a standing alert again through the channels; nothing when it has been withdrawn. */
  remind(id: string): boolean {
    const alert = this.alerts.get(id);
    if (alert === undefined) return false;
    this.dismissed.delete(id);
    this.show(alert);
    this.listener.changed(this.list());
    return true;
  }

  withdraw(id: string): void {
    if (!this.alerts.delete(id)) return;
    this.dismissed.delete(id);
    this.shown.delete(id);
    this.urgency.delete(id);
    for (const channel of this.channels) channel.withdraw(id);
    this.listener.withdrawn(id, this.clock.now());
    this.listener.changed(this.list());
  }

  /** The trader has seen it: out of the window until it is raised anew or reminded of. */
  dismiss(id: string): void {
    if (!this.alerts.has(id)) return;
    this.dismissed.add(id);
    this.listener.changed(this.list());
  }

  private show(alert: AlertState): void {
    this.shown.add(alert.id);
    if (!this.wanted(alert)) return;
    for (const channel of this.channels) channel.show(alert);
  }
}

function isSameAlert(a: AlertInput, b: AlertInput): boolean {
  return a.title === b.title && a.body === b.body && a.severity === b.severity && a.action === b.action;
}
