import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { type ReactElement, useId } from 'react';

interface RadioChoiceProps<T extends string> {
  readonly label: string;
  readonly hint?: string;
  readonly options: readonly { readonly value: T; readonly name: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of a few, all in view. */
export function RadioChoice<T extends string>({
  label,
  hint,
  options,
  value,
  onChange,
}: RadioChoiceProps<T>): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <span className="field__label" id={id}>
        {label}
      </span>
      <RadioGroup
        className="radio-group"
        aria-labelledby={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        value={value}
        onValueChange={(next: T) => onChange(next)}
      >
        {options.map((option) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: Radio.Root renders the input
          <label key={option.value} className="radio">
            <Radio.Root className="radio__box" value={option.value}>
              <Radio.Indicator className="radio__dot" />
            </Radio.Root>
            {option.name}
          </label>
        ))}
      </RadioGroup>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="field__hint">
          {hint}
        </p>
      )}
    </div>
  );
}
