import { useSignIn } from './features/sign-in/use-sign-in.ts';
import { useDesk } from './state/desk-store.ts';
import { cardOrder } from './state/instruments.ts';
import { useKeys } from './state/keys.ts';
import { useIndexPairs } from './state/selection.ts';
import { useCommand } from './state/session-context.ts';
import { openDialog, openSettings, selectInstrument } from './state/ui-store.ts';

/** The keys that work wherever the trader is; the help dialog lists them. */
export function useShortcuts(): void {
  const order = cardOrder(useIndexPairs());
  const panelOpen = useDesk((state) => state.settings.bottomPanelOpen);
  const valid = useDesk((state) => state.auth.state === 'valid');
  const run = useCommand();
  const signIn = useSignIn();
  const togglePanel = (): void => void run('settings.update', { bottomPanelOpen: !panelOpen });
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
    l: signInIfNeeded,
    L: signInIfNeeded,
  });
}
