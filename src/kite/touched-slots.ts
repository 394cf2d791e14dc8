const FIRST_CAPACITY = 64;

/**
 * The slots a frame wrote to, in the order of its packets; reused from frame to frame. A token that comes twice in a
 * frame is listed twice, and the columns hold its later packet.
 */
export class TouchedSlots {
  /** Only the first `count` are meant. */
  slots = new Uint32Array(FIRST_CAPACITY);
  count = 0;

  push(slot: number): void {
    if (this.count === this.slots.length) this.grow();
    this.slots[this.count++] = slot;
  }

  clear(): void {
    this.count = 0;
  }

  private grow(): void {
    const wider = new Uint32Array(this.slots.length * 2);
    wider.set(this.slots);
    this.slots = wider;
  }
}
