import type { PowerSaveBlocker } from 'electron';
import { changed } from './changes.ts';
import { guarded } from './guard.ts';

type BlockerType = Parameters<PowerSaveBlocker['start']>[0];

const started = new Map<number, BlockerType>();
let nextId = 0;

export const powerSaveBlocker = guarded('powerSaveBlocker', {
  start(type: BlockerType): number {
    const id = nextId++;
    started.set(id, type);
    changed('power-save');
    return id;
  },
  stop(id: number): boolean {
    const stopped = started.delete(id);
    changed('power-save');
    return stopped;
  },
  isStarted: (id: number): boolean => started.has(id),
} satisfies PowerSaveBlocker);

/** What keeps the system awake now. */
export function activeBlockers(): readonly BlockerType[] {
  return [...started.values()];
}
