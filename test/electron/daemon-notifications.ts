import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

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

/** The daemon's own numbers for why a notification was closed. */
const closeReasons: Readonly<Record<string, 'userCanceled' | 'applicationHidden' | 'timedOut'>> = {
  '1': 'timedOut',
  '2': 'userCanceled',
  '3': 'applicationHidden',
};

/**
 * Shows a notification through libnotify, as Electron does on Linux, by a program that stays until the daemon says what
 * became of it: first it writes the notification's number, then the action that was chosen or why it was closed.
 * Rejects without a daemon on the session bus.
 */
export async function showOnDaemon(shown: Shown, events: DaemonEvents): Promise<DaemonNotification> {
  const actions = ['default,Open', ...shown.actions.map((label) => `${label},${label}`)];
  const child = spawn(
    'dunstify',
    [
      '--printid',
      '--appname=MyDailyTradingSignals',
      `--urgency=${shown.urgency}`,
      ...actions.map((action) => `--action=${action}`),
      '--',
      shown.title,
      shown.body,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  process.once('exit', () => child.kill());
  const { promise, resolve, reject } = Promise.withResolvers<DaemonNotification>();
  let id: string | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (id === null) {
      id = line;
      resolve({ close: () => void spawn('dunstify', [`--close=${line}`], { stdio: 'ignore' }) });
    } else if (line === 'default') events.pressed();
    else if (closeReasons[line] === undefined) events.pressedAction(line);
    else events.closed(closeReasons[line]);
  });
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`no notification daemon took it (${code})`)));
  return promise;
}
