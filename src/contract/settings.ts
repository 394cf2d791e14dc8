import { z } from 'zod';

/** What the trader can change. Nothing secret: api key, secret and token live in the secret store. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  /** Where Kite sends the browser after a login; registered with the api key in Zerodha's developer console. */
  redirectUrl: z
    .url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ })
    .default('http://127.0.0.1:7414/kite/callback'),
  /** A file to watch for a token from another tool; null: none. */
  tokenFile: z.string().min(1).max(4096).nullable().default(null),
  /** Index underlyings shown as cards. */
  underlyings: z
    .array(z.enum(['NIFTY', 'BANKNIFTY', 'SENSEX']))
    .min(1)
    .max(3)
    .default(['NIFTY', 'BANKNIFTY', 'SENSEX']),
  /** Further instruments by key (`NFO:NIFTY26NOV26000CE`). */
  watchlist: z
    .array(z.string().regex(/^[A-Z]{2,5}:.{1,60}$/))
    .max(9000)
    .default([]),
  notify: z
    .object({
      tokenDead: z.boolean().default(true),
      feedLost: z.boolean().default(true),
      fallback: z.boolean().default(false),
      marketOpen: z.boolean().default(false),
    })
    .prefault({}),
  /** Collapsed parts of the window. */
  bottomPanelOpen: z.boolean().default(false),
});

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});
