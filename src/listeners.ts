/** Those who want to hear of a change, in the order they came. One that unsubscribes while being told is not told again. */
export class Listeners<Value> {
  private readonly listeners = new Set<(value: Value) => void>();

  /** Disposing unsubscribes; the same function may be added once only. */
  add(listener: (value: Value) => void): Disposable {
    this.listeners.add(listener);
    return { [Symbol.dispose]: () => void this.listeners.delete(listener) };
  }

  tell(value: Value): void {
    for (const listener of [...this.listeners]) {
      if (this.listeners.has(listener)) listener(value);
    }
  }
}
