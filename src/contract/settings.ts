import { z } from 'zod';

/** Controls, marks that turn the direction of text, and white space. */
const UNPRINTABLE = /[\p{C}\p{Z}]/u;

const notifyFields = {
  tokenDead: z.boolean(),
  feedLost: z.boolean(),
  fallback: z.boolean(),
  marketOpen: z.boolean(),
} as const;

const fields = {
  theme: z.enum(['system', 'dark', 'light']),
  redirectUrl: z
    .url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ })
    .max(1000)
    .refine(isPlainAddress),
  tokenFile: z.string().min(1).max(4096).nullable(),
  underlyings: z
    .array(z.enum(['NIFTY', 'BANKNIFTY', 'SENSEX']))
    .min(1)
    .max(3),
  watchlist: z.array(z.string().regex(/^[A-Z]{2,8}:[^\p{C}\p{Zl}\p{Zp}]{1,60}$/u)).max(9000),
  startAtLogin: z.boolean(),
  preventSleep: z.boolean(),
  loginIn: z.enum(['window', 'browser']),
  risingCandles: z.enum(['hollow', 'filled']),
  singleKeys: z.boolean(),
  bottomPanelOpen: z.boolean(),
} as const;

/** What is registered at Kite has no user, password or fragment: no browser would come back by them. */
function isPlainAddress(text: string): boolean {
  if (UNPRINTABLE.test(text) || !URL.canParse(text)) return false;
  const { username, password, hash } = new URL(text);
  return username === '' && password === '' && hash === '';
}

/** What the trader can change. Nothing secret: api key, secret and token live in the secret store. */
export const settingsSchema = z.object({
  theme: fields.theme.default('system'),
  /** Where Kite sends the browser after a login; registered with the api key in Zerodha's developer console. */
  redirectUrl: fields.redirectUrl.default('http://127.0.0.1:7414/kite/callback'),
  /** A file to watch for a token from another tool; null: none. */
  tokenFile: fields.tokenFile.default(null),
  /** Index underlyings shown as cards. */
  underlyings: fields.underlyings.default(['NIFTY', 'BANKNIFTY', 'SENSEX']),
  /** Further instruments by key (`NFO:NIFTY26NOV26000CE`). */
  watchlist: fields.watchlist.default([]),
  notify: z
    .object({
      tokenDead: notifyFields.tokenDead.default(true),
      feedLost: notifyFields.feedLost.default(true),
      fallback: notifyFields.fallback.default(false),
      marketOpen: notifyFields.marketOpen.default(false),
    })
    .prefault({}),
  /** Desktop shell: start with the PC, in the tray. */
  startAtLogin: fields.startAtLogin.default(false),
  /** Desktop shell: keep the PC awake from shortly before the login check until the feed stops. */
  preventSleep: fields.preventSleep.default(true),
  /** Desktop shell: where Kite's login page is shown. */
  loginIn: fields.loginIn.default('window'),
  /** Hollow, the direction of a candle does not rest on its colour. */
  risingCandles: fields.risingCandles.default('hollow'),
  /** Keys without Ctrl that act wherever the trader is; speech input and slips of the hand set them off too. */
  singleKeys: fields.singleKeys.default(true),
  /** Collapsed parts of the window. */
  bottomPanelOpen: fields.bottomPanelOpen.default(false),
});

export type Settings = z.infer<typeof settingsSchema>;

/** A change of some settings. Without defaults: what a change does not name stays as it is. */
export const settingsPatchSchema = z
  .strictObject({ ...fields, notify: z.strictObject(notifyFields).partial() })
  .partial();

export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});
