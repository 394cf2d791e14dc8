import type { Clock } from '../src/clock.ts';
import type { DeskState } from '../src/contract/state.ts';
import { marketRate } from '../src/contract/transport.ts';
import type { Desk, DeskHost, UiAttachment } from '../src/desk/desk-api.ts';
import { Listeners } from '../src/listeners.ts';

/**
 * The desk's state and time as the shell's own parts follow them: tray, menu, sleep blocker. Stays with whichever desk
 * the host is running.
 */
export class DeskWatch implements Disposable {
  private readonly realClock: Clock;
  private readonly changes = new Listeners<DeskState>();
  private readonly resources = new DisposableStack();
  private desk: Desk;
  private attachment: UiAttachment;
  /** Desk time and real monotonic time of the last message, ms. */
  private synced = { deskMs: 0, realMs: 0 };

  /** `realClock`: the PC's own, whatever speed the desk's runs at. */
  constructor(host: DeskHost, realClock: Clock) {
    this.realClock = realClock;
    this.desk = host.desk;
    this.attachment = this.attach();
    this.resources.use(
      host.onSwap((desk) => {
        this.attachment[Symbol.dispose]();
        this.desk = desk;
        this.attachment = this.attach();
      }),
    );
    this.resources.defer(() => this.attachment[Symbol.dispose]());
  }

  get state(): DeskState {
    return this.desk.state;
  }

  /** The desk's (market) time, ms since the epoch. */
  now(): number {
    const sinceMs = this.realClock.monotonic() - this.synced.realMs;
    return this.synced.deskMs + sinceMs * marketRate(this.desk.state);
  }

  /** Told after every change of the state, and once when another desk has taken over. */
  onChange(listener: (state: DeskState) => void): Disposable {
    return this.changes.add(listener);
  }

  [Symbol.dispose](): void {
    this.resources.dispose();
  }

  private attach(): UiAttachment {
    return this.desk.attach({
      state: (message) => {
        this.synced = { deskMs: message.now, realMs: this.realClock.monotonic() };
        this.changes.tell(this.desk.state);
      },
      // No interest is ever stated here, so none come.
      ticks: () => {},
    });
  }
}
