import { create } from 'zustand';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';
import { moved, type Removal, restored } from './list-edits.ts';

/** The last removal, which can be taken back until the next one or until it is waved away. */
export const useRemoval = create<{ readonly removal: (Removal & { readonly title: string }) | null }>()(() => ({
  removal: null,
}));

interface WatchlistEdits {
  readonly add: (key: string) => void;
  readonly remove: (key: string, title: string) => void;
  readonly undo: () => void;
  readonly move: (key: string, by: -1 | 1) => void;
}

/** Changes of the watchlist, each one a change of the settings: the desk answers with the list that holds. */
export function useWatchlistEdits(): WatchlistEdits {
  const run = useCommand();
  const list = useDesk((state) => state.settings.watchlist);
  const save = (watchlist: readonly string[]): void => void run('settings.update', { watchlist: [...watchlist] });
  return {
    add: (key) => save([...list, key]),
    remove: (key, title) => {
      useRemoval.setState({ removal: { key, title, index: list.indexOf(key) } });
      save(list.filter((other) => other !== key));
    },
    undo: () => {
      const { removal } = useRemoval.getState();
      if (removal === null) return;
      useRemoval.setState({ removal: null });
      save(restored(list, removal));
    },
    move: (key, by) => {
      const next = moved(list, key, by);
      if (next !== list) save(next);
    },
  };
}
