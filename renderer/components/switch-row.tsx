import { Switch } from '@base-ui/react/switch';
import { type ReactElement, useId } from 'react';

interface SwitchRowProps {
  readonly label: string;
  /** One sentence on what it does. */
  readonly hint: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

/** A setting that is on or off, with what it does below its name. */
export function SwitchRow({ label, hint, on, onChange }: SwitchRowProps): ReactElement {
  const id = useId();
  return (
    <div className="switch-row">
      <label className="switch-row__text" htmlFor={id}>
        {label}
        <span id={`${id}-hint`} className="switch-row__hint">
          {hint}
        </span>
      </label>
      <Switch.Root id={id} className="switch" checked={on} onCheckedChange={onChange} aria-describedby={`${id}-hint`}>
        <Switch.Thumb className="switch__thumb" />
      </Switch.Root>
    </div>
  );
}
