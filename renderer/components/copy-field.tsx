import { type ReactElement, useState } from 'react';
import { Button } from './button.tsx';

/** A text to be registered elsewhere, with a button that copies it. */
export function CopyField({ text, label }: { readonly text: string; readonly label: string }): ReactElement {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Without permission the text can still be selected: the field is readable.
      setCopied(false);
    }
  };
  return (
    <div className="field__row">
      <input
        className="input input--code"
        readOnly
        aria-label={label}
        value={text}
        onFocus={(event) => event.target.select()}
      />
      <Button onClick={() => void copy()}>{copied ? 'Copied' : 'Copy'}</Button>
    </div>
  );
}
