import { useEffect } from 'react';
import { showDay } from './features/chart/date-stepper.tsx';
import { useSignIn } from './features/sign-in/use-sign-in.ts';
import { stepWeekday } from './format/ist.ts';
import { useDeskView } from './state/desk-store.ts';
import { cardOrder } from './state/instruments.ts';
import { useIndexPairs } from './state/selection.ts';
import { useCommand } from './state/session-context.ts';
import { openDialog, openSettings, selectInstrument, useUi } from './state/ui-store.ts';

/** The window's keys. They rest while a dialog is open or a text is being written. */
export function useShortcuts(): void {
  const order = cardOrder(useIndexPairs());
  const run = useCommand();
  const signIn = useSignIn();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || useUi.getState().dialog !== null) return;
      if (event.ctrlKey || event.metaKey) {
        if (event.key !== ',') return;
        event.preventDefault();
        openSettings('general');
        return;
      }
      if (isWriting(event.target)) return;
      if (/^[1-6]$/.test(event.key)) {
        const instrument = order[Number(event.key) - 1];
        if (instrument) selectInstrument(instrument.key);
        return;
      }
      const state = useDeskView.getState().state;
      if (state === null) return;
      switch (event.key) {
        case '?':
          openDialog('help');
          break;
        case 'l':
        case 'L':
          if (state.auth.state !== 'valid') void signIn();
          break;
        case 'b':
        case 'B':
          void run('settings.update', { bottomPanelOpen: !state.settings.bottomPanelOpen });
          break;
        case '[':
          showDay(stepWeekday(useUi.getState().chartDate ?? state.market.date, -1), state.market.date);
          break;
        case ']':
          showDay(stepWeekday(useUi.getState().chartDate ?? state.market.date, 1), state.market.date);
          break;
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [order, run, signIn]);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
