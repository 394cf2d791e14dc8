/** A rectangle on the desktop, in device-independent pixels. */
export interface DesktopBounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The main window's place. */
export interface WindowPlace {
  readonly bounds: DesktopBounds;
  readonly minimized: boolean;
}

export interface DisplayPlace {
  readonly id: number;
  readonly bounds: DesktopBounds;
}

/** What the system tells an app about the PC. */
export type PowerEvent = 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen' | 'shutdown';

/** A frame that an invocation says it comes from: none, one below the page's main one, or that with a foreign document. */
export type ForgedFrame =
  | 'null'
  | { readonly url: string; readonly origin: string; readonly below: true }
  | { readonly documentOrigin: string };

/** What a page has wanted to save, and whether the app let it. */
export interface DesktopDownload {
  readonly url: string;
  readonly allowed: boolean;
}

/** Web permissions, by Electron's names. */
export type WebPermission = 'geolocation' | 'media' | 'notifications' | 'clipboard-read' | 'clipboard-sanitized-write';

/**
 * The desktop around the running app: what happens to its main window, what the system tells it, and what it asks of the
 * system. What is on the stand-in only rejects on the real binary.
 */
export interface DesktopSystem {
  windowPlace(): Promise<WindowPlace>;
  placeWindow(bounds: DesktopBounds): Promise<void>;
  closeWindow(): Promise<void>;
  /** The person's session ends, as Windows tells the window. */
  endSession(): Promise<void>;
  /** The system's own appearance changes. Stand-in only. */
  systemTheme(scheme: 'light' | 'dark'): Promise<void>;
  minimizeWindow(): Promise<void>;
  restoreWindow(): Promise<void>;
  /** The page's process dies. */
  crashWindow(): Promise<void>;
  /** The page does not answer any more, as the system sees it. Stand-in only. */
  hangWindow(): Promise<void>;
  /** A helper process of Chromium's dies. */
  killHelper(): Promise<void>;
  /** Displays were plugged in or out; the first is the primary one. Stand-in only. */
  setDisplays(displays: readonly [DisplayPlace, ...DisplayPlace[]]): Promise<void>;

  /** As from the application menu or the dock. */
  quit(): Promise<void>;
  /** The system tells the process to end. */
  terminate(): Promise<void>;
  /** Chooses from the application menu, by labels from the outside in. */
  chooseFromMenu(...path: readonly string[]): Promise<void>;
  /** A click on the dock's icon. */
  activate(): Promise<void>;
  /** Starts the app once more, with the same home; its exit code. */
  startAgain(args: readonly string[]): Promise<number | null>;

  power(event: PowerEvent): Promise<void>;
  /** The PC sleeps: wall time passes and nothing else. Stand-in only, with `STAND_IN_CLOCK`. */
  sleepPc(forMs: number): Promise<void>;
  setOnline(online: boolean): Promise<void>;
  /** How many of the app's blockers keep the PC awake. */
  sleepBlockers(): Promise<number>;

  /** Whether every process of a page is to be in Chromium's sandbox. */
  isSandboxed(): Promise<boolean>;
  /** How many listeners of the app's a channel has that takes messages without an answer. */
  ipcListeners(channel: string): Promise<number>;
  /** What pages have wanted to save, oldest first. */
  downloads(): Promise<readonly DesktopDownload[]>;
  /** What the app answers a page of the main window that asks for a permission. Stand-in only. */
  grants(permission: WebPermission): Promise<boolean>;
  /** Whether pages of the main window get no devices (USB and the like). Stand-in only. */
  deniesDevices(): Promise<boolean>;
  /** Sends to the main process as the main window's page, from another frame; what that frame would get. Stand-in only. */
  forgeInvoke(frame: ForgedFrame, channel: string, args: readonly unknown[]): Promise<unknown>;
  /** The same from a page that is not the interface's: the login window's. Stand-in only. */
  forgeInvokeFromLogin(channel: string, args: readonly unknown[]): Promise<unknown>;
}
