import { useTogglePanel } from './features/bottom-panel/panel-focus.ts';
import { useSignIn } from './features/sign-in/use-sign-in.ts';
import { useDesk } from './state/desk-store.ts';
import { focusWatchlist } from './state/focus-keeper.ts';
import { cardOrder } from './state/instruments.ts';
import { useKeys } from './state/keys.ts';
import { useIndexPairs } from './state/selection.ts';
import { openDialog, openSettings, selectInstrument, showMainPanel, useUi } from './state/ui-store.ts';

/** The keys that work wherever the trader is; the help dialog lists them. */
export function useShortcuts(): void {
  const order = cardOrder(useIndexPairs());
  const valid = useDesk((state) => state.auth.state === 'valid');
  const signIn = useSignIn();
  const togglePanel = useTogglePanel();
  const signInIfNeeded = (): void => {
    if (!valid) void signIn();
  };
  const digits = order.slice(0, 9).map((instrument, index): [string, () => void] => [
    String(index + 1),
    () => {
      if (instrument !== null) selectInstrument(instrument.key);
    },
  ]);
  useKeys({
    ...Object.fromEntries(digits),
    '?': () => openDialog('help'),
    'Ctrl+,': () => openSettings('general'),
    a: () => openDialog('add-instrument'),
    A: () => openDialog('add-instrument'),
    b: togglePanel,
    B: togglePanel,
    d: toggleMainPanel,
    D: toggleMainPanel,
    l: signInIfNeeded,
    L: signInIfNeeded,
    w: focusWatchlist,
    W: focusWatchlist,
  });
}

/** For a window that shows chart or details; where both are in view the choice waits for such a window. */
function toggleMainPanel(): void {
  showMainPanel(useUi.getState().mainPanel === 'chart' ? 'details' : 'chart');
}
