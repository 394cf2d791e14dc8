import type { ReactElement } from 'react';
import { RadioChoice } from '../../components/radio-choice.tsx';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';
import { DesktopSettings } from './desktop-settings.tsx';

const themes = [
  { value: 'system', name: 'As the system' },
  { value: 'dark', name: 'Dark' },
  { value: 'light', name: 'Light' },
] as const;

const indices = ['NIFTY', 'BANKNIFTY', 'SENSEX'] as const;

export function GeneralSettings(): ReactElement {
  const { theme, underlyings } = useDesk((state) => state.settings);
  const run = useCommand();
  return (
    <>
      <RadioChoice
        label="Theme"
        options={themes}
        value={theme}
        onChange={(value) => void run('settings.update', { theme: value })}
      />
      <fieldset className="field">
        <legend className="field__label">Index cards</legend>
        {indices.map((name) => {
          const shown = underlyings.includes(name);
          return (
            <label key={name} className="radio">
              <input
                type="checkbox"
                checked={shown}
                disabled={shown && underlyings.length === 1}
                onChange={() =>
                  void run('settings.update', {
                    underlyings: indices.filter((index) => (index === name ? !shown : underlyings.includes(index))),
                  })
                }
              />
              {name}
            </label>
          );
        })}
        <p className="field__hint">Each with its front-month future; at least one.</p>
      </fieldset>
      <DesktopSettings />
    </>
  );
}
