import { EventEmitter } from 'node:events';
import type {
  IpcMain as ElectronIpcMain,
  WebContents as ElectronWebContents,
  WebFrameMain as ElectronWebFrameMain,
  IpcMainEvent,
  IpcMainInvokeEvent,
} from 'electron';
import { asElectron, electronEvent, guardClass, StandInError } from './guard.ts';

type InvokeListener = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;

/** Who sent a message. The frame is null when it is gone by the time the message is looked at. */
export interface IpcSender {
  readonly contents: ElectronWebContents;
  readonly frame: ElectronWebFrameMain | null;
  readonly processId: number;
  readonly frameId: number;
}

/** `ipcMain`, and `webContents.ipc`. */
export class IpcMain extends EventEmitter implements Pick<ElectronIpcMain, 'handle' | 'handleOnce' | 'removeHandler'> {
  static {
    guardClass('IpcMain', IpcMain);
  }

  private readonly handlers = new Map<string, InvokeListener>();

  handle(channel: string, listener: InvokeListener): void {
    if (this.handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    this.handlers.set(channel, listener);
  }

  handleOnce(channel: string, listener: InvokeListener): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return listener(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }

  handles(channel: string): boolean {
    return this.handlers.has(channel);
  }

  /** Runs the handler of a channel. Rejects with the words the renderer gets to read. */
  async invoked(sender: IpcSender, channel: string, args: readonly unknown[]): Promise<unknown> {
    const handler = this.handlers.get(channel);
    try {
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return await handler(asElectron<IpcMainInvokeEvent>(senderEvent(sender)), ...args);
    } catch (error) {
      throw new Error(`Error invoking remote method '${channel}': ${String(error)}`);
    }
  }

  /** Tells the listeners of a channel. */
  received(sender: IpcSender, channel: string, args: readonly unknown[]): void {
    const event = {
      ...senderEvent(sender),
      ports: [],
      reply: (replyChannel: string, ...values: unknown[]) => sender.frame?.send(replyChannel, ...values),
      set returnValue(_value: unknown) {
        throw new StandInError('synchronous messages are not part of the stand-in');
      },
    };
    this.emit(channel, asElectron<IpcMainEvent>(event), ...args);
  }
}

function senderEvent({ contents, frame, processId, frameId }: IpcSender): object {
  return electronEvent({ type: 'frame', sender: contents, senderFrame: frame, processId, frameId });
}

/** `ipcMain` of the process. */
export const ipcMain = new IpcMain();
