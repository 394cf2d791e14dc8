import { parseArgs } from 'node:util';

export interface ShellArguments {
  /** Start in the tray, without a window. */
  readonly hidden: boolean;
  /** The folder of settings, journal and database; null: the system's place for it. */
  readonly home: string | null;
  readonly tokenStdin: boolean;
  readonly help: boolean;
}

/**
 * Reads the shell's own options out of a command line that Chromium's switches share, so what is unknown is passed over.
 * `args`: everything after the executable.
 */
export function parseShellArguments(args: readonly string[]): ShellArguments {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      hidden: { type: 'boolean' },
      home: { type: 'string' },
      'token-stdin': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return {
    hidden: values.hidden === true,
    home: typeof values.home === 'string' ? values.home : null,
    tokenStdin: values['token-stdin'] === true,
    help: values.help === true,
  };
}

export const shellUsage = `Usage: npm start -- [options]

  --hidden        start in the tray, without a window
  --browser       serve the app to a browser instead of opening a window
  --home DIR      keep settings, journal and database in DIR
  --token-stdin   read an access token from the first line of standard input
  --help          show this text
`;
