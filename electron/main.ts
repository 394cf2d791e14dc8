/** The desktop app's main process. Everything that decides is in `src/`; this puts it into windows, tray and system. */
import { shell } from 'electron/common';
import { app } from 'electron/main';
import { readTokenFromStdin } from '../src/auth/token-stdin.ts';
import { systemClock } from '../src/clock.ts';
import { ok } from '../src/contract/result.ts';
import type { AlertState } from '../src/contract/state.ts';
import type { Desk } from '../src/desk/desk-api.ts';
import type { RunningDeskHost } from '../src/desk/desk-host.ts';
import { takeEnvironment } from '../src/environment.ts';
import { trustSystemAuthorities } from '../src/kite/system-authorities.ts';
import { hasHungThread } from '../src/storage/disk-thread.ts';
import { appVersion } from '../src/version.ts';
import { registerAppScheme, setupAppProtocol } from './app-protocol.ts';
import { parseShellArguments, shellUsage } from './arguments.ts';
import { setupDesk } from './desk.ts';
import { setupDeskIpc } from './desk-ipc.ts';
import { DeskWatch } from './desk-watch.ts';
import { askToRetryWindow, askToSignInAgain, confirmQuit } from './dialogs.ts';
import { externalLink } from './external-links.ts';
import { APP_NAME, UI_ORIGIN } from './identity.ts';
import { MainIpc } from './ipc/main-ipc.ts';
import { SignIn } from './login/sign-in.ts';
import { setupMenu, setupTheme } from './menu/menu.ts';
import { NavigationGuard } from './navigation-guard.ts';
import { DesktopNotifications } from './notifications.ts';
import { setupPermissions } from './permissions.ts';
import { setupLoginItem, wasStartedAtLogin } from './power/login-item.ts';
import { setupPower } from './power/power.ts';
import { setupSleepBlocker } from './power/sleep-blocker.ts';
import { showWakeSetUp } from './power/wake-set-up.ts';
import { Quit } from './quit/quit.ts';
import { quitWarning } from './quit/quit-warning.ts';
import { ShellLog } from './shell-log.ts';
import { failStart, isFirstStart, refuseUnsafeSwitches, setupIdentity, setupSandbox, shellFolder } from './start.ts';
import { setupTray } from './tray/tray.ts';
import type { TrayCommand } from './tray/tray-model.ts';
import { setupUpdater } from './update/setup-updater.ts';
import { setupCrashHandling } from './window/crash-handling.ts';
import { MainWindow } from './window/main-window.ts';
import { WindowMemoryStore } from './window/window-memory.ts';

main().catch(failStart);

async function main(): Promise<void> {
  const options = parseShellArguments(process.argv.slice(1));
  if (options.help) {
    process.stdout.write(shellUsage);
    app.exit(0);
    return;
  }
  refuseUnsafeSwitches(app.commandLine, app.isPackaged);
  const environment = takeEnvironment(process.env, app.isPackaged);
  process.umask(0o077);
  trustSystemAuthorities();
  const folder = shellFolder(environment, options);
  const clock = systemClock();
  const log = new ShellLog();
  const resources = new DisposableStack();
  let host: RunningDeskHost | null = null;

  // What has to be said before the app is ready.
  setupIdentity(folder, appVersion);
  const isFirst = isFirstStart((argv) => {
    if (!parseShellArguments(argv).hidden) void app.whenReady().then(() => window.open());
  });
  if (!isFirst) {
    app.exit(0);
    return;
  }
  setupSandbox(log.write);
  registerAppScheme();
  const guard = new NavigationGuard(log.write);
  guard.setup(app);
  const quit = new Quit({
    warning: () => lossByQuitting(),
    confirm: confirmQuit,
    stop: () => stop(),
    clock,
    log: log.write,
  });
  quit.setup();
  await app.whenReady();

  setupAppProtocol();
  setupPermissions();
  const ipc = new MainIpc(UI_ORIGIN, log.write);
  const memory = new WindowMemoryStore(folder, clock, log.write);
  const window = new MainWindow({
    ipc,
    memory,
    title: () => windowTitle(),
    log: log.write,
  });
  // A click on the dock's icon.
  app.on('activate', () => window.open());
  setupCrashHandling({ window, clock, log: log.write, askToRetry: askToRetryWindow });
  const notifications = new DesktopNotifications({
    log: log.write,
    isSimulated: () => isSimulated(),
    onClick: (alert) => openAlert(alert),
  });
  const opening = setupDesk({
    environment,
    home: options.home,
    channels: [notifications],
    log: log.write,
    endApp: () => void quit.now(),
  });
  const signIn = resources.use(new SignIn({ opening, guard, ask: askToSignInAgain, app: window }));
  setupDeskIpc({
    ipc,
    opening,
    openExternal: async (url, leaving) => ((await openLink(url)) ? ok(null) : await signIn.showPending(url, leaving)),
  });
  // The page loads while the desk reads its files and asks the keychain.
  if (!options.hidden && !wasStartedAtLogin()) window.open();

  const running = await opening;
  host = running;
  log.connect((...line) => running.desk.log(...line));
  const watch = resources.use(new DeskWatch(host, clock));
  resources.use(host.onSwap(() => window.refreshTitle()));
  resources.use(watch.onChange((state) => signIn.follow(state)));
  resources.use(setupTheme(watch));
  resources.use(
    setupMenu(watch, {
      signIn: () => void signIn.start(),
      setPaused: (paused) => void desk()?.invoke(paused ? 'feed.pause' : 'feed.resume', {}),
      setTheme: (theme) => void desk()?.invoke('settings.update', { theme }),
      showWakeHelp: () => void showWakeSetUp(watch.state),
      openLink: (url) => void openLink(url),
    }),
  );
  resources.use(setupTray({ watch, run: (command) => runTrayCommand(command) }));
  resources.use(
    setupPower({ wake: (reason) => desk()?.wake(reason), shutDown: () => void quit.now(), clock, log: log.write }),
  );
  resources.use(setupSleepBlocker(watch, clock, log.write));
  resources.use(setupLoginItem(watch, log.write));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void quit.now());
  resources.use(await setupUpdater(clock, quit, log.write));
  if (options.tokenStdin) await takeTokenFromStdin(host.desk);

  function desk(): Desk | null {
    return host?.desk ?? null;
  }

  async function stop(): Promise<void> {
    window.remember();
    resources.dispose();
    await Promise.all([host?.[Symbol.asyncDispose](), memory[Symbol.asyncDispose]()]);
    // An orderly end would wait for the thread for ever.
    if (hasHungThread()) process.kill(process.pid, 'SIGKILL');
  }

  function lossByQuitting() {
    const state = desk()?.state;
    return state === undefined ? null : quitWarning(state);
  }

  function isSimulated(): boolean {
    return desk()?.state.app.simulated ?? environment.simulated;
  }

  function windowTitle(): string {
    return isSimulated() ? `${APP_NAME} (SIMULATED)` : APP_NAME;
  }

  function openAlert({ action }: AlertState): void {
    if (action === 'sign-in') void signIn.start();
    else window.open();
  }

  function runTrayCommand(command: TrayCommand): void {
    switch (command) {
      case 'open':
      case 'timeline':
        window.open();
        break;
      case 'sign-in':
        void signIn.start();
        break;
      case 'pause':
      case 'resume':
        void desk()?.invoke(`feed.${command}`, {});
        break;
      case 'quit':
        void quit.ask();
        break;
    }
  }
}

/** Opens a page that the interface and the menu link to, in the browser; false when the address is none of them. */
async function openLink(url: string): Promise<boolean> {
  const link = externalLink(url);
  if (link !== null) await shell.openExternal(link);
  return link !== null;
}

async function takeTokenFromStdin(desk: Desk): Promise<void> {
  const token = await readTokenFromStdin(process.stdin);
  const result = token.ok ? await desk.takeToken(token.value, 'stdin') : token;
  if (!result.ok) process.stderr.write(`${result.error.message}\n`);
}
