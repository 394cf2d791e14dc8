import type { TickInterest } from '../../src/contract/bridge.ts';

/** What can be shown of a slot. */
export type InterestPart = 'slots' | 'depth' | 'candles';

/**
 * What is on screen, counted: components say what they show and take it back when they go. `onChange` hears the whole
 * interest, once a turn and only when it differs.
 */
export class InterestRegistry {
  private readonly counts: Record<InterestPart, Map<number, number>> = {
    slots: new Map(),
    depth: new Map(),
    candles: new Map(),
  };
  private hidden = false;
  private told = '';
  private pending = false;
  private readonly onChange: (interest: TickInterest) => void;

  constructor(onChange: (interest: TickInterest) => void) {
    this.onChange = onChange;
  }

  /** Registers slots until the returned registration is disposed. */
  show(part: InterestPart, slots: readonly number[]): Disposable {
    const counts = this.counts[part];
    for (const slot of slots) counts.set(slot, (counts.get(slot) ?? 0) + 1);
    this.scheduleTelling();
    let shown = true;
    return {
      [Symbol.dispose]: () => {
        if (!shown) return;
        shown = false;
        for (const slot of slots) {
          const left = (counts.get(slot) ?? 1) - 1;
          if (left === 0) counts.delete(slot);
          else counts.set(slot, left);
        }
        this.scheduleTelling();
      },
    };
  }

  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    this.scheduleTelling();
  }

  get isHidden(): boolean {
    return this.hidden;
  }

  current(): TickInterest {
    const sorted = (part: InterestPart): number[] => [...this.counts[part].keys()].sort((a, b) => a - b);
    return { slots: sorted('slots'), depth: sorted('depth'), candles: sorted('candles'), hidden: this.hidden };
  }

  private scheduleTelling(): void {
    if (this.pending) return;
    this.pending = true;
    queueMicrotask(() => {
      this.pending = false;
      const interest = this.current();
      const text = JSON.stringify(interest);
      if (text === this.told) return;
      this.told = text;
      this.onChange(interest);
    });
  }
}
