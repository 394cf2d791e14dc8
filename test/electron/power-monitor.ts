import { EventEmitter } from 'node:events';
import type { PowerMonitor as ElectronPowerMonitor } from 'electron';
import { guardClass } from './guard.ts';

/** What a test can make happen. */
export type PowerEvent =
  | 'suspend'
  | 'resume'
  | 'on-ac'
  | 'on-battery'
  | 'shutdown'
  | 'lock-screen'
  | 'unlock-screen'
  | 'user-did-become-active'
  | 'user-did-resign-active';

class PowerMonitor
  extends EventEmitter
  implements
    Pick<ElectronPowerMonitor, 'getSystemIdleState' | 'getSystemIdleTime' | 'isOnBatteryPower' | 'onBatteryPower'>
{
  static {
    guardClass('powerMonitor', PowerMonitor);
  }

  private battery = false;
  private locked = false;

  get onBatteryPower(): boolean {
    return this.battery;
  }

  isOnBatteryPower(): boolean {
    return this.battery;
  }

  getSystemIdleState(): 'active' | 'locked' {
    return this.locked ? 'locked' : 'active';
  }

  getSystemIdleTime(): number {
    return 0;
  }

  /** The system says that something happened. */
  happen(event: PowerEvent): void {
    if (event === 'on-ac' || event === 'on-battery') this.battery = event === 'on-battery';
    if (event === 'lock-screen' || event === 'unlock-screen') this.locked = event === 'lock-screen';
    this.emit(event, { preventDefault: () => {} });
  }
}

export const powerMonitor = new PowerMonitor();
