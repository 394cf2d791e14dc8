import { parseArgs } from 'node:util';
import { isIstDate } from '../../src/market/ist.ts';

export const demoUsage = `Usage: npm run demo -- [options]

  --date YYYY-MM-DD    day to play (default: today in India, or the last trading day)
  --at HH:MM[:SS]      market time to start at (default 08:49:30)
  --speed N            market seconds per second (default 20)
  --auto-login HH:MM   sign in by itself at that market time, through the login pages
  --exit-at HH:MM      stop at that market time and print the day's record
  --browser            serve the app to a browser instead of opening a window
  --port N             port of browser mode
  --no-open            do not open the browser
  --home DIR           keep settings, journal and database in DIR (default: a new temporary folder)
  --help               show this text
`;

export interface DemoOptions {
  readonly date: string | null;
  /** `HH:MM` or `HH:MM:SS`, IST. */
  readonly at: string;
  readonly speed: number;
  readonly autoLogin: string | null;
  readonly exitAt: string | null;
  readonly browser: boolean;
  readonly port: string | null;
  readonly open: boolean;
  readonly home: string | null;
  readonly help: boolean;
}

/** Arguments that cannot be used; the message says which, in one sentence. */
export class DemoArgumentsError extends Error {
  readonly code = 'arguments';
}

export function parseDemoArguments(args: readonly string[]): DemoOptions {
  const { values } = parse(args);
  const speed = Number(values.speed ?? '20');
  if (!(speed > 0 && speed <= 1000))
    throw new DemoArgumentsError(`--speed ${values.speed} is not a number from 0 to 1000.`);
  if (values.date !== undefined && !isIstDate(values.date)) {
    throw new DemoArgumentsError(`--date ${values.date} is not a date of the form YYYY-MM-DD.`);
  }
  return {
    date: values.date ?? null,
    at: time('--at', values.at) ?? '08:49:30',
    speed,
    autoLogin: time('--auto-login', values['auto-login']),
    exitAt: time('--exit-at', values['exit-at']),
    browser: values.browser ?? false,
    port: values.port ?? null,
    open: !values['no-open'],
    home: values.home ?? null,
    help: values.help ?? false,
  };
}

function time(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text)) {
    throw new DemoArgumentsError(`${option} ${text} is not a time of the form HH:MM or HH:MM:SS.`);
  }
  return text;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        date: { type: 'string' },
        at: { type: 'string' },
        speed: { type: 'string' },
        'auto-login': { type: 'string' },
        'exit-at': { type: 'string' },
        browser: { type: 'boolean' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        home: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new DemoArgumentsError(error instanceof Error ? error.message : 'unreadable arguments');
  }
}
