import type { Shell } from 'electron';
import { changed } from './changes.ts';
import { guarded } from './guard.ts';

const opened: string[] = [];

function record(target: string): void {
  opened.push(target);
  changed('external');
}

/** `shell`: nothing is opened, only written down. */
export const shell = guarded('shell', {
  async openExternal(url: string): Promise<void> {
    record(url);
  },
  async openPath(path: string): Promise<string> {
    record(path);
    return '';
  },
  showItemInFolder: record,
  beep: () => {},
} satisfies Partial<Shell>);

/** Addresses, files and folders the app asked the system to open, oldest first. */
export function openedExternally(): readonly string[] {
  return opened;
}
