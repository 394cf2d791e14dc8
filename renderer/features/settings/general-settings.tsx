import type { ReactElement } from 'react';
import { RadioChoice } from '../../components/radio-choice.tsx';
import { SwitchRow } from '../../components/switch-row.tsx';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';
import { DesktopSettings } from './desktop-settings.tsx';

const themes = [
  { value: 'system', name: 'System' },
  { value: 'dark', name: 'Dark' },
  { value: 'light', name: 'Light' },
] as const;

const risings = [
  { value: 'hollow', name: 'Hollow' },
  { value: 'filled', name: 'Filled' },
] as const;

const indices = ['NIFTY', 'BANKNIFTY', 'SENSEX'] as const;

/** The exchange's name of the index where its futures bear another. */
const exchangeNames: Partial<Record<(typeof indices)[number], string>> = { BANKNIFTY: 'NIFTY BANK' };

export function GeneralSettings(): ReactElement {
  const { theme, underlyings, risingCandles, singleKeys } = useDesk((state) => state.settings);
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
              {exchangeNames[name] === undefined ? name : `${name} (${exchangeNames[name]})`}
            </label>
          );
        })}
        <p className="field__hint">Each with its front-month future; at least one.</p>
      </fieldset>
      <RadioChoice
        label="Up candles"
        hint="Hollow ones can be told from down candles without colour."
        options={risings}
        value={risingCandles}
        onChange={(value) => void run('settings.update', { risingCandles: value })}
      />
      <fieldset className="field">
        <legend className="field__label">Keys</legend>
        <SwitchRow
          label="Single-key shortcuts"
          hint="A adds an instrument, 1 selects a card, and so on. When off, arrows and shortcuts with Ctrl still work."
          on={singleKeys}
          onChange={(on) => void run('settings.update', { singleKeys: on })}
        />
      </fieldset>
      <DesktopSettings />
    </>
  );
}
