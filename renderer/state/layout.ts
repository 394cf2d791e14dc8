import { useSyncExternalStore } from 'react';

/**
 * How the parts of the window lie: `columns` side by side; `stacked`, the details below the chart, in a narrow but tall
 * window; `tabbed`, one of the two at a time, where there is room for no more. Cards and watchlist are always there.
 */
export type Layout = 'columns' | 'stacked' | 'tabbed';

/** From this width (px) on three columns are whole, their longest numbers included; also in top-bar.css. */
const columns = '(min-width: 1120px)';
/** Depth and the day's plan beside each other below a chart that is still one. */
const stacked = '(min-width: 960px) and (min-height: 900px)';

export function useLayout(): Layout {
  return useSyncExternalStore(subscribe, currentLayout);
}

function currentLayout(): Layout {
  if (window.matchMedia(columns).matches) return 'columns';
  return window.matchMedia(stacked).matches ? 'stacked' : 'tabbed';
}

function subscribe(listener: () => void): () => void {
  const queries = [columns, stacked].map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    for (const query of queries) query.removeEventListener('change', listener);
  };
}
