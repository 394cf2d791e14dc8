import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import type {
  ControlMessage,
  ControlOperations,
  ControlRequest,
  OperationName,
  WindowInfo,
} from './control-protocol.ts';

const root = join(import.meta.dirname, '..', '..');

export interface DesktopOptions {
  /** The main process's file, or the folder of an app. */
  readonly main: string;
  readonly args?: readonly string[];
  /** The folder that stands for the home of the person: settings and locks go below it. */
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Between two looks for a page that this client of Chromium is still to be told of. */
const ATTACH_POLL_MS = 20;

/** How the process ended, and everything it wrote. */
export interface DesktopExit {
  readonly code: number | null;
  readonly output: string;
}

/** A main process running on the stand-in, as a test drives it. Disposing ends it. */
export class StandInDesktop implements AsyncDisposable {
  /** Resolves when the process has ended. */
  readonly exit: Promise<DesktopExit>;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private readonly changes = new Set<() => void>();
  private nextId = 1;
  private written = '';
  private browser: Promise<Browser> | null = null;

  constructor(options: DesktopOptions) {
    const { main, args = [], home, env = {} } = options;
    const register = join(import.meta.dirname, 'register.ts');
    this.child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--import', register, main, ...args],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        serialization: 'advanced',
        env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...env },
      },
    );
    const { stdout, stderr } = this.child;
    if (stdout === null || stderr === null) throw new Error('the desktop was started without its output');
    const collect = (chunk: Buffer): void => {
      this.written += chunk.toString();
    };
    stdout.on('data', collect);
    stderr.on('data', collect);
    this.child.on('message', (message: ControlMessage) => this.heard(message));
    // Not the 'close' event: with a disconnected channel it never comes.
    const ended = Promise.all([once(this.child, 'exit'), once(stdout, 'close'), once(stderr, 'close')]);
    this.exit = ended.then(([[code]]) => this.ended(typeof code === 'number' ? code : null));
  }

  /** Everything written to stdout and stderr so far. */
  get output(): string {
    return this.written;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Asks the running desktop; see `ControlOperations`. */
  call<Name extends OperationName>(
    name: Name,
    ...args: Parameters<ControlOperations[Name]>
  ): Promise<ReturnType<ControlOperations[Name]>> {
    const id = this.nextId++;
    const request: ControlRequest = { kind: 'stand-in', id, name, args };
    return new Promise((resolve, reject) => {
      if (!this.child.connected) {
        reject(new Error(`The desktop has ended:\n${this.written}`));
        return;
      }
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.child.send(request);
    });
  }

  /** Reads again after each change on the desktop until what is read is wanted. Rejects when the desktop ends first. */
  async until<Value>(read: () => Promise<Value>, wanted: (value: Value) => boolean): Promise<Value> {
    for (;;) {
      const change = Promise.withResolvers<void>();
      this.changes.add(change.resolve);
      const value = await read();
      if (wanted(value)) {
        this.changes.delete(change.resolve);
        return value;
      }
      await change.promise;
      this.changes.delete(change.resolve);
    }
  }

  /** The window that fits, once there is one. */
  async window(fits: (window: WindowInfo) => boolean = () => true): Promise<WindowInfo> {
    const windows = await this.until(
      () => this.call('windows'),
      (all) => all.some(fits),
    );
    const [found] = windows.filter(fits);
    if (found === undefined) throw new Error('the window is gone again');
    return found;
  }

  /** The page of the window that fits, once it is loaded, for Playwright to look at and to act on. */
  async page(fits: (window: WindowInfo) => boolean = () => true): Promise<Page> {
    for (;;) {
      const { targetId } = await this.window((window) => fits(window) && window.targetId !== null && window.url !== '');
      const page = await this.attachedPage(targetId);
      if (page !== null) return page;
      await setTimeout(ATTACH_POLL_MS);
    }
  }

  /** Ends the process at once, as the system would. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.browser)?.close();
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.disconnect();
    await this.exit;
  }

  /** Null while this client of Chromium has not heard of the page yet. */
  private async attachedPage(targetId: string | null): Promise<Page | null> {
    this.browser ??= this.call('debuggingAddress').then((address) => chromium.connectOverCDP(address));
    const pages = (await this.browser).contexts().flatMap((context) => context.pages());
    // A page that is closed meanwhile is not the one.
    const ids = await Promise.all(pages.map((page) => targetIdOf(page).catch(() => null)));
    return pages[ids.indexOf(targetId)] ?? null;
  }

  private ended(code: number | null): DesktopExit {
    for (const call of this.waiting.values()) call.reject(new Error(`The desktop ended (${code}):\n${this.written}`));
    this.waiting.clear();
    for (const look of [...this.changes]) look();
    return { code, output: this.written };
  }

  private heard(message: ControlMessage): void {
    if (message.kind !== 'stand-in') return;
    if (message.type === 'changed') {
      for (const look of [...this.changes]) look();
      return;
    }
    const call = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.type === 'value') call?.resolve(message.value);
    else call?.reject(new Error(message.message));
  }
}

async function targetIdOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  await session.detach();
  return targetInfo.targetId;
}
