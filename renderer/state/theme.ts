import { useLayoutEffect, useSyncExternalStore } from 'react';
import { useDesk } from './desk-store.ts';

const darkQuery = '(prefers-color-scheme: dark)';

/** Puts the chosen theme on the document, where the colours are decided, before any effect reads them. */
export function useThemeOnDocument(): void {
  const theme = useDesk((state) => state.settings.theme);
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
}

/** The theme in effect: for what has to be drawn again when it changes. */
export function useEffectiveTheme(): 'dark' | 'light' {
  const theme = useDesk((state) => state.settings.theme);
  const systemDark = useSyncExternalStore(subscribeSystem, () => window.matchMedia(darkQuery).matches);
  if (theme !== 'system') return theme;
  return systemDark ? 'dark' : 'light';
}

function subscribeSystem(listener: () => void): () => void {
  const query = window.matchMedia(darkQuery);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
