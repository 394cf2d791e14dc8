import type { FeedCapacity } from '../contract/state.ts';
import type { Log } from '../log.ts';
import { MOST_TOKENS } from './allocation.ts';

/** From this share of Kite's limit on the trader is told. */
const NEARLY_FULL = 0.9;

/** Keeps account of how much of Kite's limit is used, and says so once where it is nearly all. */
export class CapacityWatch {
  private readonly log: Log;
  private current: FeedCapacity = { used: 0, limit: MOST_TOKENS };

  constructor(log: Log) {
    this.log = log;
  }

  get capacity(): FeedCapacity {
    return this.current;
  }

  /** So many instruments are asked for now. */
  note(wanted: number): void {
    const { used, limit } = this.current;
    if (wanted === used) return;
    this.current = { used: wanted, limit };
    const share = `${wanted.toLocaleString('en-IN')} of ${limit.toLocaleString('en-IN')}`;
    if (wanted > limit) {
      const excess = (wanted - limit).toLocaleString('en-IN');
      this.log('warning', 'feed', `Kite's limit leaves out ${excess} instruments: ${share} are asked for.`);
    } else if (wanted >= limit * NEARLY_FULL && used < limit * NEARLY_FULL) {
      this.log('warning', 'feed', `Kite's limit for live instruments is near: ${share} are followed.`);
    }
  }
}
