import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { type ReactElement, useId } from 'react';
import type { Settings } from '../../../src/contract/settings.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';

const themes = [
  { value: 'system', name: 'As the system' },
  { value: 'dark', name: 'Dark' },
  { value: 'light', name: 'Light' },
] as const satisfies readonly { value: Settings['theme']; name: string }[];

const indices = ['NIFTY', 'BANKNIFTY', 'SENSEX'] as const;

export function GeneralSettings(): ReactElement {
  const id = useId();
  const { theme, underlyings } = useDesk((state) => state.settings);
  const run = useCommand();
  return (
    <>
      <div className="field">
        <span className="field__label" id={id}>
          Theme
        </span>
        <RadioGroup
          className="radio-group"
          aria-labelledby={id}
          value={theme}
          onValueChange={(value: Settings['theme']) => void run('settings.update', { theme: value })}
        >
          {themes.map(({ value, name }) => (
            // biome-ignore lint/a11y/noLabelWithoutControl: Radio.Root renders the input
            <label key={value} className="radio">
              <Radio.Root className="radio__box" value={value}>
                <Radio.Indicator className="radio__dot" />
              </Radio.Root>
              {name}
            </label>
          ))}
        </RadioGroup>
      </div>
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
      </fieldset>
    </>
  );
}
