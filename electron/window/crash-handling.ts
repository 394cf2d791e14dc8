import { app, type RenderProcessGoneDetails, type WebContents } from 'electron/main';
import type { Clock } from '../../src/clock.ts';
import { redact } from '../../src/kite/redact.ts';
import type { Log } from '../../src/log.ts';
import { CrashBudget } from './crash-budget.ts';
import type { MainWindow } from './main-window.ts';

export interface CrashOptions {
  readonly window: MainWindow;
  /** Real time. */
  readonly clock: Clock;
  readonly log: Log;
  /** The window keeps crashing: asks the trader; true: try again. */
  readonly askToRetry: () => Promise<boolean>;
}

/** Different ones; more than these say nothing new. */
const STRAY_ERRORS_NOTED = 50;

/** A page that has not answered for this long is taken for dead; real ms, on top of Chromium's own patience. */
const HANG_LIMIT_MS = 10_000;

/**
 * Brings the window back when its page's process has died or hangs, and notes every other process that did. The desk
 * runs in the main process: nothing of the feed is lost by any of it.
 */
export function setupCrashHandling(options: CrashOptions): void {
  const { window, clock, log } = options;
  const budget = new CrashBudget();

  const recover = async (what: string): Promise<void> => {
    log('error', 'app', `The window ${what}. The feed is not touched by it.`);
    if (!budget.spend(clock.monotonic())) {
      if (!(await options.askToRetry())) {
        window.dropDead();
        return;
      }
      budget.reset();
    }
    window.reopen();
    log('info', 'app', 'The window was opened again.');
  };

  app.on('render-process-gone', (_event, contents, { reason }) => {
    if (reason === 'clean-exit' || contents.id !== window.contentsId) return;
    void recover(reasonWords[reason]);
  });
  app.on('child-process-gone', (_event, { type, name, reason }) => {
    if (reason === 'clean-exit') return;
    log(
      'warning',
      'app',
      `A helper process ended unexpectedly (${name ?? type}: ${reason}); Chromium starts it again.`,
    );
  });
  app.on('web-contents-created', (_event, contents) => watchForHangs(contents, clock, log));
  noteStrayErrors(log);
}

/** An error nobody caught: the desk goes on, and each is noted once, because what fails on every tick fails often. */
function noteStrayErrors(log: Log): void {
  const noted = new Set<string>();
  const note = (error: unknown): void => {
    const text = error instanceof Error ? redact(error.message) : 'unknown error';
    if (noted.has(text) || noted.size >= STRAY_ERRORS_NOTED) return;
    noted.add(text);
    log('error', 'app', `Something went wrong inside the app: ${text}`);
  };
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
}

/** A hanging page is ended, and comes back the way a crashed one does. */
function watchForHangs(contents: WebContents, clock: Clock, log: Log): void {
  let limit: Disposable | null = null;
  const relax = (): void => {
    limit?.[Symbol.dispose]();
    limit = null;
  };
  contents.on('unresponsive', () => {
    log('warning', 'app', 'A window does not answer.');
    relax();
    limit = clock.setTimeout(() => contents.forcefullyCrashRenderer(), HANG_LIMIT_MS);
  });
  contents.on('responsive', relax);
  contents.on('render-process-gone', relax);
  contents.once('destroyed', relax);
}

const reasonWords: Readonly<Record<Exclude<RenderProcessGoneDetails['reason'], 'clean-exit'>, string>> = {
  'abnormal-exit': 'ended unexpectedly',
  killed: 'was ended from outside',
  crashed: 'crashed',
  oom: 'ran out of memory',
  'launch-failed': 'could not be started',
  'integrity-failure': 'failed its integrity check',
  'memory-eviction': 'was ended to free memory',
};
