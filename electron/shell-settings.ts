import { z } from 'zod';
import type { Settings } from '../src/contract/settings.ts';

const schema = z.object({
  /** Start with the PC, in the tray. */
  startAtLogin: z.boolean().default(false),
  /** Keep the PC awake from shortly before the login check until the feed stops. */
  preventSleep: z.boolean().default(true),
  /** Where Kite's login page is shown. */
  loginIn: z.enum(['window', 'browser']).default('window'),
});

export type ShellSettings = z.infer<typeof schema>;

/** The settings that only the desktop shell acts on. */
export function shellSettings(settings: Settings): ShellSettings {
  return schema.parse(settings);
}
