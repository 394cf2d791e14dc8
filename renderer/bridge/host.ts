/** Whether this page is a window of the desktop app. In browser mode what only the app can do is not offered. */
export function isInDesktopApp(): boolean {
  return window.desk !== undefined;
}
