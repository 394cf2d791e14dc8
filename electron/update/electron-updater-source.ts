import electronUpdater from 'electron-updater';
import type { UpdateSource } from './updater.ts';

/** Updates from where the packaged app was published to. Nothing happens by itself. */
export function electronUpdaterSource(): UpdateSource {
  const { autoUpdater, CancellationToken } = electronUpdater;
  autoUpdater.autoDownload = false;
  // Quitting at half past nine must not start an installer.
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.allowDowngrade = false;
  // An installer fetched from an address that the release's own file names would be checked by that file's sum alone.
  autoUpdater.disableWebInstaller = true;
  autoUpdater.logger = null;
  // Failures come as rejections; an `error` event that nobody hears would be thrown.
  autoUpdater.on('error', () => {});
  return {
    // On Linux nothing but the release's own list of sums vouches for a package, and a deb is installed as root.
    canInstall: process.platform !== 'linux',
    check: async () => {
      const result = await autoUpdater.checkForUpdates();
      return result?.isUpdateAvailable === true ? result.updateInfo.version : null;
    },
    download: async (signal) => {
      const cancellation = new CancellationToken();
      signal.addEventListener('abort', () => cancellation.cancel(), { once: true });
      await autoUpdater.downloadUpdate(cancellation);
    },
    install: () => autoUpdater.quitAndInstall(),
  };
}
