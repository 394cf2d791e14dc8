import { join } from 'node:path';
import {
  defaultSettings,
  type Settings,
  type SettingsPatch,
  settingsPatchSchema,
  settingsSchema,
} from './contract/settings.ts';
import { Listeners } from './listeners.ts';
import { isNoFile } from './storage/disk-error.ts';
import type { Disk } from './storage/disk-thread.ts';

/** The trader's settings, always whole and valid. */
export interface SettingsStore {
  get(): Settings;
  /**
   * Changes what the patch names and leaves the rest. Throws, and changes nothing, for a value that is not allowed
   * (`ZodError`). The file follows when it can be written.
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
  /** One sentence for the trader when settings were set aside or cannot be read; otherwise null. */
  readonly notice: string | null;
  /** Whether changes go to the file; false: they are for this run only. */
  readonly isKept: boolean;
}

/** The most that is read of a settings file. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Settings in `settings.json` in the home folder. A file that cannot be understood is set aside, and the defaults are used.
 * One that cannot be read now is left as it is: changes are for this run only. `save` brings changes to the disk.
 */
export async function openSettings(
  disk: Pick<Disk, 'readText' | 'setAside'>,
  home: string,
  nowMs: number,
  save: (settings: Settings) => void,
): Promise<OpenedSettings> {
  const path = join(home, 'settings.json');
  try {
    const { settings, problem } = await settingsAt(disk, path);
    const aside = problem === null ? null : await disk.setAside(path, nowMs);
    const notice = aside === null ? null : `The settings ${problem}: set aside as ${aside}, and the defaults are used.`;
    return { store: settingsStore(settings, save), notice, isKept: true };
  } catch {
    return {
      store: memorySettings(),
      notice: `The settings cannot be read (${path}): the defaults are used for this run only.`,
      isKept: false,
    };
  }
}

async function settingsAt(disk: Pick<Disk, 'readText'>, path: string): Promise<ReadSettings> {
  try {
    return parsedSettings(await disk.readText(path, MOST_BYTES));
  } catch (error) {
    if (!isNoFile(error)) throw error;
    return { settings: defaultSettings, problem: 'are no file' };
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

interface ReadSettings {
  readonly settings: Settings;
  /** The middle of a sentence; null: nothing is wrong. */
  readonly problem: string | null;
}

/** The settings in a file's text (null: no file), or the defaults and what is wrong, as the middle of a sentence. */
function parsedSettings(text: string | null): ReadSettings {
  if (text === null) return { settings: defaultSettings, problem: null };
  try {
    const parsed = settingsSchema.safeParse(JSON.parse(text));
    if (parsed.success) return { settings: parsed.data, problem: null };
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0] ?? 'file')))];
    return { settings: defaultSettings, problem: `hold values that are not allowed (${names.join(', ')})` };
  } catch {
    return { settings: defaultSettings, problem: 'could not be read' };
  }
}
