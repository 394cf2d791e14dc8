import type { Clock } from '../clock.ts';
import { limitAtSpeed } from './freshness.ts';

/** The wall clock has gone this much further than the monotonic one, or less far: sleep, or a clock that was set. */
const JUMP_MS = 5_000;

/** Notices that the wall clock has jumped since it was last looked at. */
export class ClockJump {
  private readonly clock: Clock;
  private leadMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.leadMs = clock.now() - clock.monotonic();
  }

  /** Whether it has jumped since the last look; this is one. */
  look(): boolean {
    const leadMs = this.clock.now() - this.clock.monotonic();
    const jumpMs = leadMs - this.leadMs;
    this.leadMs = leadMs;
    return Math.abs(jumpMs) > limitAtSpeed(JUMP_MS, this.clock.speed);
  }
}
