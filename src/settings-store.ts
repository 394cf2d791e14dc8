import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import {
  defaultSettings,
  type Settings,
  type SettingsPatch,
  settingsPatchSchema,
  settingsSchema,
} from './contract/settings.ts';
import { setAside } from './files/set-aside.ts';
import { Listeners } from './listeners.ts';

/** The trader's settings, always whole and valid. */
export interface SettingsStore {
  get(): Settings;
  /**
   * Changes what the patch names and leaves the rest. Throws, and changes nothing, for a value that is not allowed
   * (`ZodError`) and when the file cannot be written.
   */
  update(patch: SettingsPatch): void;
  /** Told after every change. */
  onChange(listener: (settings: Settings) => void): Disposable;
}

/** Settings for this run only. */
export function memorySettings(initial: Settings = defaultSettings): SettingsStore {
  return settingsStore(initial, () => {});
}

export interface OpenedSettings {
  readonly store: SettingsStore;
  /** One sentence for the trader when settings were set aside or cannot be saved; otherwise null. */
  readonly notice: string | null;
}

/**
 * Settings in `settings.json` in the home folder, written atomically. A file that cannot be understood is set aside, and
 * the defaults are used. Settings of a later version that this one does not know stay in the file.
 */
export function fileSettings(home: string, nowMs: number): OpenedSettings {
  const path = join(home, 'settings.json');
  try {
    mkdirSync(home, { recursive: true });
    const problem = problemWith(path);
    const aside = problem === null ? null : setAside(path, nowMs);
    const file = new Conf<Record<string, unknown>>({ cwd: home, configName: 'settings', fileExtension: 'json' });
    const store = settingsStore(settingsSchema.parse(file.store), (settings) => file.set(settings));
    const notice = aside === null ? null : `The settings ${problem}: set aside as ${aside}, and the defaults are used.`;
    return { store, notice };
  } catch {
    return {
      store: memorySettings(),
      notice: `The settings cannot be opened (${path}): the defaults are used for this run only.`,
    };
  }
}

function settingsStore(initial: Settings, save: (settings: Settings) => void): SettingsStore {
  const listeners = new Listeners<Settings>();
  let current = initial;
  return {
    get: () => current,
    update: (patch) => {
      const { notify, ...rest } = settingsPatchSchema.parse(patch);
      const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      const next = settingsSchema.parse({ ...current, ...given, notify: { ...current.notify, ...notify } });
      save(next);
      current = next;
      listeners.tell(current);
    },
    onChange: (listener) => listeners.add(listener),
  };
}

/** What is wrong with a settings file, as the middle of a sentence; null when it is sound or absent. */
function problemWith(path: string): string | null {
  if (!existsSync(path)) return null;
  try {
    const parsed = settingsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return null;
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0] ?? 'file')))];
    return `hold values that are not allowed (${names.join(', ')})`;
  } catch {
    return 'could not be read';
  }
}
