/**
 * What an interface remembers of itself from one start to the next: how it is laid out, nothing of the desk's. Kept by the
 * browser for this page's address; where it keeps nothing, every start is the first one.
 */
export function remembered<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
  try {
    const kept = window.localStorage.getItem(name);
    return choices.find((choice) => choice === kept) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name: string, value: string): void {
  try {
    window.localStorage.setItem(name, value);
  } catch {
    // Storage is switched off or full: the choice lasts as long as the page.
  }
}
