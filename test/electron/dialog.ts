import type {
  BaseWindow,
  Dialog,
  MessageBoxOptions,
  MessageBoxReturnValue,
  OpenDialogReturnValue,
  SaveDialogReturnValue,
} from 'electron';
import { app } from './app.ts';
import { changed } from './changes.ts';
import { guarded, StandInError } from './guard.ts';

/** A dialog the app shows. */
export interface DialogInfo {
  readonly id: number;
  readonly kind: 'message' | 'error' | 'open' | 'save';
  readonly title: string;
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
  /** The buttons that the keys stand for; null: none. */
  readonly byEnter: string | null;
  readonly byEscape: string | null;
}

/** What the person answers: the button, or the files chosen (none: cancelled). */
export interface DialogAnswer {
  readonly button?: string;
  readonly checked?: boolean;
  readonly files?: readonly string[];
}

interface OpenDialog {
  readonly info: DialogInfo;
  answer(answer: DialogAnswer): void;
}

const open = new Map<number, OpenDialog>();
const shown: DialogInfo[] = [];
const prepared: DialogAnswer[] = [];
let nextId = 1;

function noted(kind: DialogInfo['kind'], options: Partial<MessageBoxOptions>): DialogInfo {
  if (app.isEnding) console.error(`A dialog was asked for while the app ends: ${options.message}`);
  const { title = '', message = '', detail = '', defaultId = -1, cancelId = -1 } = options;
  const buttons = options.buttons === undefined || options.buttons.length === 0 ? ['OK'] : options.buttons;
  const keys = { byEnter: buttons[defaultId] ?? null, byEscape: buttons[cancelId] ?? null };
  const info = { id: nextId++, kind, title, message, detail, buttons, ...keys };
  shown.push(info);
  return info;
}

/** Shows a dialog that stays until it is answered, now by an answer prepared before or later by a test. */
async function ask(info: DialogInfo): Promise<DialogAnswer> {
  const ready = prepared.shift();
  if (ready !== undefined) return ready;
  const { promise, resolve } = Promise.withResolvers<DialogAnswer>();
  open.set(info.id, { info, answer: resolve });
  changed('dialogs');
  return promise;
}

function buttonIndex(info: DialogInfo, answer: DialogAnswer): number {
  const index = info.buttons.indexOf(answer.button ?? '');
  if (index < 0) throw new StandInError(`the dialog "${info.message}" has no button "${answer.button}"`);
  return index;
}

function lastArgument<Options>(args: readonly [BaseWindow, Options] | readonly [Options]): Options {
  return args.length === 2 ? args[1] : args[0];
}

export const dialog = guarded('dialog', {
  async showMessageBox(...args: [BaseWindow, MessageBoxOptions] | [MessageBoxOptions]): Promise<MessageBoxReturnValue> {
    const info = noted('message', lastArgument(args));
    const answer = await ask(info);
    return { response: buttonIndex(info, answer), checkboxChecked: answer.checked ?? false };
  },
  showMessageBoxSync(...args: [BaseWindow, MessageBoxOptions] | [MessageBoxOptions]): number {
    const info = noted('message', lastArgument(args));
    const ready = prepared.shift();
    if (ready === undefined) throw new StandInError(`no answer is prepared for the dialog "${info.message}"`);
    return buttonIndex(info, ready);
  },
  showErrorBox(title: string, content: string): void {
    noted('error', { title, message: content });
    changed('dialogs');
  },
  async showOpenDialog(...args: [BaseWindow, object] | [object]): Promise<OpenDialogReturnValue> {
    const { files = [] } = await ask(noted('open', lastArgument(args)));
    return { canceled: files.length === 0, filePaths: [...files] };
  },
  async showSaveDialog(...args: [BaseWindow, object] | [object]): Promise<SaveDialogReturnValue> {
    const { files = [] } = await ask(noted('save', lastArgument(args)));
    return { canceled: files.length === 0, filePath: files[0] ?? '' };
  },
} satisfies Partial<Dialog>);

/** Dialogs waiting for an answer. */
export function openDialogs(): readonly DialogInfo[] {
  return [...open.values()].map(({ info }) => info);
}

/** Every dialog shown so far, oldest first. */
export function shownDialogs(): readonly DialogInfo[] {
  return shown;
}

export function answerDialog(id: number, answer: DialogAnswer): void {
  const waiting = open.get(id);
  if (waiting === undefined) throw new StandInError(`no dialog ${id} is open`);
  if (waiting.info.kind === 'message') buttonIndex(waiting.info, answer);
  open.delete(id);
  waiting.answer(answer);
  changed('dialogs');
}

/** The answer the next dialog gets at once: the only way to answer one that blocks the process. */
export function prepareDialogAnswer(answer: DialogAnswer): void {
  prepared.push(answer);
}
