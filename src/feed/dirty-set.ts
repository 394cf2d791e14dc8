const WORD_BITS = 32;

/** A set of slots as bits: marking is one instruction, draining costs what is set. Each consumer has its own. */
export class DirtySet {
  private words = new Uint32Array(4);

  mark(slot: number): void {
    const word = slot >>> 5;
    if (word >= this.words.length) this.grow(word);
    this.words[word] = (this.words[word] ?? 0) | (1 << (slot & 31));
  }

  has(slot: number): boolean {
    return ((this.words[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  }

  get isEmpty(): boolean {
    return this.words.every((word) => word === 0);
  }

  clear(): void {
    this.words.fill(0);
  }

  /** Hands out every marked slot in ascending order and forgets it; a mark made by `visit` is not lost. */
  drain(visit: (slot: number) => void): void {
    for (let word = 0; word < this.words.length; word++) {
      let bits = this.words[word] ?? 0;
      this.words[word] = 0;
      while (bits !== 0) {
        const bit = WORD_BITS - 1 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        visit(word * WORD_BITS + bit);
      }
    }
  }

  private grow(word: number): void {
    const wider = new Uint32Array(Math.max(word + 1, this.words.length * 2));
    wider.set(this.words);
    this.words = wider;
  }
}
