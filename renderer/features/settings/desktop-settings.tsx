import type { ReactElement } from 'react';
import { isInDesktopApp } from '../../bridge/host.ts';
import { RadioChoice } from '../../components/radio-choice.tsx';
import { SwitchRow } from '../../components/switch-row.tsx';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';
import { StartWithPc } from './start-with-pc.tsx';

const loginPlaces = [
  { value: 'window', name: 'A window of this app' },
  { value: 'browser', name: 'My browser' },
] as const;

/** What only the desktop app can do; in browser mode it is said where to find it. */
export function DesktopSettings(): ReactElement {
  const { preventSleep, loginIn } = useDesk((state) => state.settings);
  const run = useCommand();
  if (!isInDesktopApp()) {
    return (
      <p className="quiet">
        Starting with the PC, keeping it awake and the login window belong to the desktop app. This is browser mode.
      </p>
    );
  }
  return (
    <>
      <RadioChoice
        label="Sign in to Zerodha in"
        hint="A window of this app forgets everything when it closes; your browser may fill in the password."
        options={loginPlaces}
        value={loginIn}
        onChange={(value) => void run('settings.update', { loginIn: value })}
      />
      <fieldset className="field">
        <legend className="field__label">This PC</legend>
        <StartWithPc />
        <SwitchRow
          label="Keep the PC awake for the market"
          hint="From shortly before the login check until the feed stops. The screen may go dark."
          on={preventSleep}
          onChange={(on) => void run('settings.update', { preventSleep: on })}
        />
      </fieldset>
    </>
  );
}
