import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** What the desktop's notification daemon is asked to show. */
interface Shown {
  readonly title: string;
  readonly body: string;
  readonly urgency: 'low' | 'normal' | 'critical';
  readonly actions: readonly string[];
}

/** What the daemon tells about it. */
interface DaemonEvents {
  pressed(): void;
  pressedAction(label: string): void;
  closed(reason: 'userCanceled' | 'applicationHidden' | 'timedOut'): void;
}

export interface DaemonNotification {
  close(): void;
}

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
const urgencies = { low: 0, normal: 1, critical: 2 } as const;
/** The daemon's own numbers for why a notification was closed. */
const closeReasons: Readonly<Record<string, 'userCanceled' | 'applicationHidden' | 'timedOut'>> = {
  '1': 'timedOut',
  '2': 'userCanceled',
  '3': 'applicationHidden',
};

const run = promisify(execFile);
const followed = new Map<string, DaemonEvents>();
let monitor: Promise<ChildProcess> | null = null;

/** Shows a notification on the session bus, as Electron does through libnotify on Linux. Rejects without a daemon. */
export async function showOnDaemon(shown: Shown, events: DaemonEvents): Promise<DaemonNotification> {
  monitor ??= startMonitor();
  await monitor;
  const actions = ['default', '', ...shown.actions.flatMap((label) => [label, label])];
  const reply = await call('Notify', [
    'MyDailyTradingSignals',
    '0',
    '',
    shown.title,
    shown.body,
    `[${actions.map(quoted).join(', ')}]`,
    `{'urgency': <byte ${urgencies[shown.urgency]}>}`,
    '-1',
  ]);
  const id = /uint32 (\d+)/.exec(reply)?.[1];
  if (id === undefined) throw new Error(`the notification daemon answered ${reply.trim()}`);
  followed.set(id, events);
  return { close: () => void call('CloseNotification', [id]) };
}

async function call(method: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('gdbus', [
    'call',
    '--session',
    '--dest',
    NAME,
    '--object-path',
    PATH,
    '--method',
    `${NAME}.${method}`,
    ...args,
  ]);
  return stdout;
}

/** Follows the daemon's signals for as long as the process lives. */
async function startMonitor(): Promise<ChildProcess> {
  const child = spawn('gdbus', ['monitor', '--session', '--dest', NAME], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.unref();
  process.once('exit', () => child.kill());
  const lines = createInterface({ input: child.stdout });
  lines.on('line', signalled);
  // Its first lines say that it listens; from then on nothing is missed.
  await once(lines, 'line');
  return child;
}

function signalled(line: string): void {
  const [, signal, id = '', value = ''] =
    /\.(ActionInvoked|NotificationClosed) \(uint32 (\d+), (.*)\)$/.exec(line) ?? [];
  const events = followed.get(id);
  if (events === undefined) return;
  if (signal === 'ActionInvoked') {
    const label = value.replace(/^'|'$/g, '');
    if (label === 'default') events.pressed();
    else events.pressedAction(label);
    return;
  }
  followed.delete(id);
  events.closed(closeReasons[value.replace('uint32 ', '')] ?? 'applicationHidden');
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
