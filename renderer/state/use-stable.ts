import { useMemo } from 'react';

/**
 * The same object for as long as its contents are the same. State crosses to the page as copies, so a slice that was
 * sent again is another object even where nothing in it has changed. For small plain data.
 */
export function useStable<T>(value: T): T {
  const text = JSON.stringify(value);
  return useMemo(() => JSON.parse(text) as T, [text]);
}
