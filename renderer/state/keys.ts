import { useEffect, useRef } from 'react';
import { useDeskView } from './desk-store.ts';
import { useUi } from './ui-store.ts';

/** What to do at a key, by `KeyboardEvent.key`; `Ctrl+` before it for Ctrl or Command. */
export type KeyActions = Readonly<Record<string, () => void>>;

/**
 * The window's keys while the component is mounted. They rest while a dialog is open or a text is being written; those
 * without Ctrl also where the trader has switched them off.
 */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || useUi.getState().dialog !== null) return;
      const withControl = event.ctrlKey || event.metaKey;
      if (!withControl && (isWriting(event.target) || areSingleKeysOff())) return;
      const act = latest.current[withControl ? `Ctrl+${event.key}` : event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function areSingleKeysOff(): boolean {
  return useDeskView.getState().state?.settings.singleKeys === false;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
