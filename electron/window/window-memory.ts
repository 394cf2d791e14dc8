import { join } from 'node:path';
import ElectronStore from 'electron-store';
import type { Clock } from '../../src/clock.ts';
import { isSomethingElse } from '../../src/files/read-text.ts';
import type { Log } from '../../src/log.ts';
import { DiskThread, startDiskWorker } from '../../src/storage/disk-thread.ts';
import { RetriedWrite } from '../../src/storage/retried-write.ts';
import { closeSettingsStoreChannel } from '../ipc/main-ipc.ts';
import { emptyMemory, type WindowMemory, windowMemorySchema } from './window-placement.ts';

const NAME = 'window';

/**
 * Remembers the window's places between runs: read once, at the start, and written by a thread of its own, which is started
 * when there is something to write. Losing them costs a centred window, so no failure stops anything.
 */
export class WindowMemoryStore implements AsyncDisposable {
  private readonly path: string;
  private readonly thread: DiskThread;
  private readonly writer: RetriedWrite;
  private memory: WindowMemory;
  private unwritten: WindowMemory | null = null;

  /** `folder`: absolute, of the shell's own files. */
  constructor(folder: string, clock: Clock, log: Log) {
    this.path = join(folder, `${NAME}.json`);
    this.memory = readMemory(folder, this.path, log);
    this.thread = new DiskThread({ clock, start: () => startDiskWorker(folder), onNotice: () => undefined });
    // A disk that takes nothing: the window opens where it was the time before.
    this.writer = new RetriedWrite({ clock, write: () => this.writeMemory(), onTrouble: () => undefined });
  }

  read(): WindowMemory {
    return this.memory;
  }

  write(memory: WindowMemory): void {
    if (JSON.stringify(memory) === JSON.stringify(this.memory)) return;
    this.memory = memory;
    this.unwritten = memory;
    void this.writer.request();
  }

  /** Writes what waits, if the disk takes it now. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.unwritten !== null) await this.writer.flush();
    this.writer[Symbol.dispose]();
    await this.thread[Symbol.asyncDispose]();
  }

  private async writeMemory(): Promise<boolean> {
    const { unwritten } = this;
    if (unwritten === null) return false;
    await this.thread.call('appendPart', this.path, JSON.stringify(unwritten), true);
    await this.thread.call('putInPlace', this.path);
    if (this.unwritten !== unwritten) return true;
    this.unwritten = null;
    return false;
  }
}

function readMemory(folder: string, path: string, log: Log): WindowMemory {
  try {
    // Reading from a pipe would not end.
    if (isSomethingElse(path)) return emptyMemory;
    const file = new ElectronStore<Record<string, unknown>>({ cwd: folder, name: NAME, clearInvalidConfig: true });
    const parsed = windowMemorySchema.safeParse(file.store);
    return parsed.success ? parsed.data : emptyMemory;
  } catch {
    log('warning', 'app', 'The place of the window cannot be remembered: its file cannot be opened.');
    return emptyMemory;
  } finally {
    closeSettingsStoreChannel();
  }
}
