import { useEffect } from 'react';
import { useUi } from './ui-store.ts';

const reachable = 'a[href], button:not(:disabled), input:not(:disabled), [tabindex]:not([tabindex="-1"])';

/**
 * The focus is never lost. When what has it leaves the window (a banner's button, an alert's line, a tab's content), it
 * goes to what is nearest of what remains; when a dialog closes whose opener is gone, to the selected instrument.
 */
export function useKeepFocus(): void {
  useEffect(() => {
    /** What had the focus last, and all around it from the inside out; empty once the trader has let go of it. */
    let around: readonly Element[] = [];
    const onFocusIn = ({ target }: FocusEvent): void => {
      around = target instanceof Element ? withAncestors(target) : [];
    };
    const onFocusOut = ({ target }: FocusEvent): void => {
      queueMicrotask(() => {
        const letGo = target instanceof Element && target.isConnected && document.activeElement !== target;
        if (letGo && around[0] === target) around = [];
      });
    };
    const observer = new MutationObserver(() => {
      const [last] = around;
      // Dialogs and popovers, which live beside the window, look after their focus themselves.
      if (last === undefined || last.isConnected || !hasNoFocus() || !around.some(isWindow)) return;
      nearest(around.filter((element) => element.isConnected))?.focus();
    });
    document.addEventListener('focusin', onFocusIn);
    document.addEventListener('focusout', onFocusOut);
    observer.observe(document.body, { childList: true, subtree: true });
    const stopWatching = useUi.subscribe((ui, before) => {
      if (before.dialog !== null && ui.dialog === null) afterFrames(2, () => hasNoFocus() && focusSelected());
    });
    return () => {
      document.removeEventListener('focusin', onFocusIn);
      document.removeEventListener('focusout', onFocusOut);
      observer.disconnect();
      stopWatching();
    };
  }, []);
}

/** To the watchlist: its rows, or the way to the first one. */
export function focusWatchlist(): void {
  (first('.watchlist [role="listbox"]') ?? first('.watchlist button'))?.focus();
}

function focusSelected(): void {
  const selected = first('.index-cards [aria-pressed="true"]');
  if (selected === null) focusWatchlist();
  else selected.focus();
}

function hasNoFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function isWindow(element: Element): boolean {
  return element.classList.contains('window');
}

function withAncestors(element: Element): Element[] {
  const all: Element[] = [];
  for (let at: Element | null = element; at !== null; at = at.parentElement) all.push(at);
  return all;
}

/** The first thing that can have the focus, in the innermost of what remains. */
function nearest(remaining: readonly Element[]): HTMLElement | null {
  for (const element of remaining) {
    const candidates = [...(element.matches(reachable) ? [element] : []), ...element.querySelectorAll(reachable)];
    const found = candidates.find((candidate) => candidate.checkVisibility());
    if (found instanceof HTMLElement) return found;
  }
  return null;
}

function first(selector: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(selector);
}

function afterFrames(count: number, act: () => void): void {
  if (count === 0) act();
  else requestAnimationFrame(() => afterFrames(count - 1, act));
}
