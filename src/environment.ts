import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type ClockSpec, parseClockSpec } from './clock.ts';
import { type KiteEndpoints, zerodhaEndpoints } from './kite/endpoints.ts';

/** What the environment says, read once at start; honoured only when the app is not packaged. */
export interface DeskEnvironment {
  readonly endpoints: KiteEndpoints;
  /** Market time other than the PC's; null for the system clock. */
  readonly clock: ClockSpec | null;
  /** Another exchange or another time: everything is marked and kept apart. */
  readonly simulated: boolean;
  readonly home: string | null;
  readonly secrets: 'memory' | 'keychain';
  readonly apiKey: string | null;
  readonly apiSecret: string | null;
  readonly accessToken: string | null;
  /** Where logins come back to, instead of the setting; for simulations, which may run beside the app itself. */
  readonly redirectUrl?: string;
  /** The bundled exchange's program, when it is at hand. */
  readonly exchangeEntry: string | null;
}

/** An environment variable that cannot be used; the message names it and never its value. */
export class EnvironmentError extends Error {
  readonly code = 'environment';
}

const root = (...protocols: readonly string[]) =>
  z
    .url({ protocol: new RegExp(`^(${protocols.join('|')})$`) })
    // Tokens travel there: unencrypted to this PC alone.
    .refine((url) => /^(https|wss):/.test(url) || isLoopback(URL.parse(url)?.hostname ?? ''))
    .transform((url) => url.replace(/\/+$/, ''))
    .optional();

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

const schema = z.object({
  MDTS_API_ROOT: root('http', 'https'),
  MDTS_LOGIN_ROOT: root('http', 'https'),
  MDTS_TICKER_ROOT: root('ws', 'wss'),
  MDTS_CLOCK: z.string().optional(),
  MDTS_HOME: z.string().min(1).optional(),
  MDTS_SECRETS: z.enum(['memory', 'keychain']).default('keychain'),
  MDTS_API_KEY: z.string().min(1).optional(),
  MDTS_API_SECRET: z.string().min(1).optional(),
  MDTS_ACCESS_TOKEN: z.string().min(1).optional(),
  MDTS_REDIRECT_URL: z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ }).optional(),
  MDTS_EXCHANGE_ENTRY: z.string().min(1).optional(),
});

/** Taken out of the environment once read, where diagnostic reports and the processes this one starts would find them. */
const secretNames = ['MDTS_API_KEY', 'MDTS_API_SECRET', 'MDTS_ACCESS_TOKEN'] as const;

/** As `readEnvironment`, of this process; its secrets are not in the environment any more afterwards. */
export function takeEnvironment(env: NodeJS.ProcessEnv, packaged: boolean): DeskEnvironment {
  const environment = readEnvironment(env, packaged);
  for (const name of secretNames) delete env[name];
  return environment;
}

/** Reads the environment; `packaged` apps take nothing from it. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>, packaged: boolean): DeskEnvironment {
  const given = packaged ? {} : Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
    throw new EnvironmentError(`Cannot use ${names.join(', ')}: not of the documented form.`);
  }
  const values = parsed.data;
  const elsewhere = values.MDTS_API_ROOT ?? values.MDTS_LOGIN_ROOT ?? values.MDTS_TICKER_ROOT;
  return {
    endpoints: {
      apiRoot: values.MDTS_API_ROOT ?? zerodhaEndpoints.apiRoot,
      loginRoot: values.MDTS_LOGIN_ROOT ?? zerodhaEndpoints.loginRoot,
      tickerRoot: values.MDTS_TICKER_ROOT ?? zerodhaEndpoints.tickerRoot,
    },
    clock: values.MDTS_CLOCK === undefined ? null : parseClockSpec(values.MDTS_CLOCK),
    simulated: elsewhere !== undefined || values.MDTS_CLOCK !== undefined,
    home: values.MDTS_HOME ?? null,
    secrets: values.MDTS_SECRETS,
    apiKey: values.MDTS_API_KEY ?? null,
    apiSecret: values.MDTS_API_SECRET ?? null,
    accessToken: values.MDTS_ACCESS_TOKEN ?? null,
    ...(values.MDTS_REDIRECT_URL === undefined ? {} : { redirectUrl: values.MDTS_REDIRECT_URL }),
    exchangeEntry: values.MDTS_EXCHANGE_ENTRY ?? null,
  };
}

/** The folder of settings, journal and database; what is simulated has one of its own below it. */
export function homeFolder(wanted: string | null, simulated: boolean): string {
  const home = wanted === null ? defaultHome() : resolve(wanted);
  return simulated ? join(home, 'simulated') : home;
}

function defaultHome(): string {
  const name = 'MyDailyTradingSignals';
  if (process.platform === 'win32') return join(process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), name);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), name);
}
