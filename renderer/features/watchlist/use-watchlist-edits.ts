import { create } from 'zustand';
import { useDeskView } from '../../state/desk-store.ts';
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
  const save = (watchlist: readonly string[]): void => void run('settings.update', { watchlist: [...watchlist] });
  return {
    add: (key) => {
      if (!listNow().includes(key)) save([...listNow(), key]);
    },
    remove: (key, title) => {
      useRemoval.setState({ removal: { key, title, index: listNow().indexOf(key) } });
      save(listNow().filter((other) => other !== key));
    },
    undo: () => {
      const { removal } = useRemoval.getState();
      if (removal === null) return;
      useRemoval.setState({ removal: null });
      save(restored(listNow(), removal));
    },
    move: (key, by) => {
      const list = listNow();
      const next = moved(list, key, by);
      if (next !== list) save(next);
    },
  };
}

/** As it is when the change is made, which may be later than the last drawing. */
function listNow(): readonly string[] {
  return useDeskView.getState().state?.settings.watchlist ?? [];
}
