/** The parts of the desktop a test looks at. */
export type Changed =
  | 'app'
  | 'dialogs'
  | 'external'
  | 'login-item'
  | 'menu'
  | 'notifications'
  | 'power-save'
  | 'tray'
  | 'windows';

const listeners = new Set<(what: Changed) => void>();

/** Says that something a test may be waiting for is different now. */
export function changed(what: Changed): void {
  for (const listener of listeners) listener(what);
}

export function onChange(listener: (what: Changed) => void): void {
  listeners.add(listener);
}
