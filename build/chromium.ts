import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A Chromium the browser tests can drive (`MDTS_CHROMIUM` names another), null when there is none. */
export function findChromium(): string | null {
  const candidates = [process.env.MDTS_CHROMIUM, ...CANDIDATES];
  return candidates.find((path) => path !== undefined && existsSync(path)) ?? null;
}

/** Debian packages the browser and desktop tests use. */
const DEBIAN_PACKAGES = ['chromium', 'dbus', 'gnome-keyring', 'libsecret-1-0', 'dunst', 'xvfb'];

/** Whether this process may install Debian packages. */
function canInstall(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** The command a person would run to get what the browser tests need. */
export const chromiumInstallCommand =
  process.platform === 'linux'
    ? `sudo apt-get install -y ${DEBIAN_PACKAGES.join(' ')}`
    : 'install Google Chrome, or set MDTS_CHROMIUM to a Chromium executable';

/** Finds or, where it may, installs what the browser tests need; null with nothing changed when it may not. */
export function ensureChromium(say: (text: string) => void): string | null {
  const missing = DEBIAN_PACKAGES.filter((name) => canInstall() && !isInstalled(name));
  if (missing.length > 0) {
    say(`Installing ${missing.join(', ')} for the browser tests...`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  return findChromium();
}

function isInstalled(name: string): boolean {
  const query = spawnSync('dpkg-query', ['-W', '-f', '$' + '{Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout.includes('install ok installed');
}
