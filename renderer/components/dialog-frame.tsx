import { Dialog } from '@base-ui/react/dialog';
import type { ReactElement, ReactNode, RefObject } from 'react';
import { closeDialog, type DialogName, useUi } from '../state/ui-store.ts';
import { Icon } from './icons.tsx';

interface DialogFrameProps {
  readonly name: DialogName;
  readonly title: string;
  readonly description?: string;
  readonly wide?: boolean;
  /** What has the focus at first; otherwise the first control. */
  readonly focus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** A modal dialog of the window, open while the page's state names it. */
export function DialogFrame({
  name,
  title,
  description,
  wide = false,
  focus,
  children,
}: DialogFrameProps): ReactElement {
  const open = useUi((ui) => ui.dialog === name);
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) closeDialog();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className={wide ? 'dialog dialog--wide' : 'dialog'} {...(focus ? { initialFocus: focus } : {})}>
          <header className="dialog__header">
            <Dialog.Title className="dialog__title">{title}</Dialog.Title>
            <Dialog.Close className="button button--quiet button--small" aria-label="Close">
              <Icon name="close" />
            </Dialog.Close>
          </header>
          {description === undefined ? null : (
            <Dialog.Description className="dialog__description">{description}</Dialog.Description>
          )}
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
