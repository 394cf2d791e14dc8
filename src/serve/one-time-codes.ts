import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';

/** More than a person opens; the oldest gives way. */
const MOST_CODES = 64;

/** Codes that let in once each, and only for a while. Their hashes alone are kept. */
export class OneTimeCodes {
  private readonly clock: Clock;
  private readonly lifetimeMs: number;
  /** When each ends, by the clock's monotonic time. */
  private readonly ends = new Map<string, number>();

  constructor(clock: Clock, lifetimeMs: number) {
    this.clock = clock;
    this.lifetimeMs = lifetimeMs;
  }

  issue(): string {
    const code = randomBytes(24).toString('base64url');
    for (const oldest of this.ends.keys()) {
      if (this.ends.size < MOST_CODES) break;
      this.ends.delete(oldest);
    }
    this.ends.set(hash(code), this.clock.monotonic() + this.lifetimeMs);
    return code;
  }

  /** True for a code that was issued, is in time and comes for the first time. */
  redeem(code: string): boolean {
    const name = hash(code);
    const end = this.ends.get(name);
    this.ends.delete(name);
    return end !== undefined && this.clock.monotonic() <= end;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
