import ElectronStore from 'electron-store';
import type { Log } from '../../src/log.ts';
import { closeSettingsStoreChannel } from '../ipc/main-ipc.ts';
import { emptyMemory, type WindowMemory, windowMemorySchema } from './window-placement.ts';

/** Remembers the window's places between runs. Losing them costs a centred window, so no failure stops anything. */
export class WindowMemoryStore {
  private readonly file: ElectronStore<Record<string, unknown>> | null;

  /** `folder`: absolute, of the shell's own files. */
  constructor(folder: string, log: Log) {
    this.file = openFile(folder, log);
  }

  read(): WindowMemory {
    const parsed = windowMemorySchema.safeParse(this.file?.store);
    return parsed.success ? parsed.data : emptyMemory;
  }

  write(memory: WindowMemory): void {
    try {
      if (this.file !== null) this.file.store = memory;
    } catch {
      // A full or read-only disk: the window opens where it was the time before.
    }
  }
}

function openFile(folder: string, log: Log): ElectronStore<Record<string, unknown>> | null {
  try {
    return new ElectronStore<Record<string, unknown>>({ cwd: folder, name: 'window', clearInvalidConfig: true });
  } catch {
    log('warning', 'app', 'The place of the window cannot be remembered: its file cannot be opened.');
    return null;
  } finally {
    closeSettingsStoreChannel();
  }
}
