import { dialog } from 'electron/main';
import type { LoginMessage } from './login/login-end.ts';
import type { QuitWarning } from './quit/quit-warning.ts';
import type { UpdateQuestion } from './update/updater.ts';

/**
 * The shell's questions to the trader, as the system's own message boxes. Escape and closing always mean the safe answer,
 * the first button; Enter means the last one, but where something would be lost by it.
 */

export async function confirmQuit({ message, detail }: QuitWarning): Promise<boolean> {
  return (await choose('warning', message, detail, ['Keep running', 'Quit'], 'Keep running')) === 'Quit';
}

/** Tells why a login did not succeed; true: once more. */
export async function askToSignInAgain({ severity, message, detail }: LoginMessage): Promise<boolean> {
  return (await choose(severity, message, detail, ['Close', 'Sign in again'])) === 'Sign in again';
}

export async function askToRetryWindow(): Promise<boolean> {
  const message = 'The window keeps crashing.';
  const detail = 'The feed runs on in the tray. The window can be tried again now, or later from the tray.';
  return (await choose('error', message, detail, ['Later', 'Try again'])) === 'Try again';
}

export async function askAboutUpdate(question: UpdateQuestion, version: string): Promise<boolean> {
  if (question === 'announce') {
    const detail =
      'Get it where you got this version, and compare it with the checksums there before you install it. The app does not install updates by itself on Linux.';
    await tell('info', `Version ${version} is available.`, detail);
    return false;
  }
  if (question === 'download') {
    const detail = 'It is downloaded in the background and installed when you say so.';
    return (await choose('info', `Version ${version} is available.`, detail, ['Later', 'Download'])) === 'Download';
  }
  const detail = 'The app stops the feed, installs it and starts again.';
  const answer = await choose('info', `Version ${version} is ready.`, detail, ['Later', 'Restart and install']);
  return answer === 'Restart and install';
}

/** `canSetUp`: whether this system lets a user set it up, so that there is something to choose. */
export function showWakeHelp(text: string, canSetUp: boolean): Promise<'Close' | 'Set up' | 'Remove'> {
  const buttons = canSetUp ? (['Close', 'Remove', 'Set up'] as const) : (['Close'] as const);
  return choose('info', 'Waking a sleeping PC for the market', text, buttons);
}

export async function tell(severity: 'info' | 'warning', message: string, detail: string): Promise<void> {
  await choose(severity, message, detail, ['Close']);
}

async function choose<Button extends string>(
  type: 'info' | 'warning' | 'error',
  message: string,
  detail: string,
  buttons: readonly [Button, ...Button[]],
  byEnter = buttons.at(-1) ?? buttons[0],
): Promise<Button> {
  const { response } = await dialog.showMessageBox({
    type,
    message,
    detail,
    buttons: [...buttons],
    defaultId: buttons.indexOf(byEnter),
    cancelId: 0,
    noLink: true,
  });
  return buttons[response] ?? buttons[0];
}
