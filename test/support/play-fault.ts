import { type PlannedFault, RECOVERY_MS } from './fault-days.ts';
import type { Floor } from './trading-floor.ts';

/** Plays a fault from its start to its end, signs in where that is what ends it, and lets the desk recover. */
export async function playFault(floor: Floor, fault: PlannedFault): Promise<void> {
  await floor.run(fault.startMs - floor.clock.now());
  floor.line.fault = fault.line;
  for (const each of fault.apply) floor.exchange.control.apply(each);
  if (fault.quietSlot !== null && fault.apply.length === 0) {
    const token = floor.desk.state.instruments[fault.quietSlot]?.token ?? 0;
    floor.exchange.control.apply({ kind: 'quiet', token, forMs: fault.endMs - fault.startMs });
  }
  floor.disk.fault = fault.disk;
  if (fault.watched !== null) await floor.command('settings.update', { watchlist: [fault.watched] });
  if (fault.pc?.kind === 'sleep') floor.clock.jump(fault.pc.forMs);
  else if (fault.pc?.kind === 'busy') floor.clock.hold(fault.pc.forMs);
  else if (fault.pc?.kind === 'clock') floor.pcClock.aheadMs = fault.pc.aheadMs;
  await floor.run(Math.max(0, fault.endMs - floor.clock.now()));
  floor.line.fault = null;
  floor.pcClock.aheadMs = 0;
  floor.disk.fault = null;
  if (fault.watched !== null) await floor.command('settings.update', { watchlist: [] });
  if (fault.needsLogin || fault.endedByLogin) await floor.signIn();
  if (fault.endedByLogin) floor.exchange.control.clear();
  await floor.run(RECOVERY_MS);
}
