import { parseArgs } from 'node:util';
import { z } from 'zod';

export const DEFAULT_PORT = 7413;

export const usage = `Usage: npm start -- [options]

  --browser       serve the app to a browser instead of opening a window
  --port N        port of browser mode on 127.0.0.1 (default ${DEFAULT_PORT}, or a free one when that is taken)
  --no-open       do not open the browser
  --home DIR      keep settings, journal and database in DIR
  --key-file FILE keep the key of the local API in FILE (made if missing, for you alone) and do not print it
  --token-stdin   read an access token from the first line of standard input
  --help          show this text
`;

export interface StartOptions {
  /** Null: the default port, or a free one. */
  readonly port: number | null;
  readonly open: boolean;
  readonly home: string | null;
  readonly keyFile: string | null;
  readonly tokenStdin: boolean;
  readonly help: boolean;
}

/** Arguments that cannot be used; the message says which, in one sentence. */
export class ArgumentsError extends Error {
  readonly code = 'arguments';
}

const portText = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().min(0).max(65_535));

/** Reads the command line of `npm start`. */
export function parseStartArguments(args: readonly string[]): StartOptions {
  const { values } = parse(args);
  const port = portText.optional().safeParse(values.port);
  if (!port.success) throw new ArgumentsError(`--port ${values.port} is not a port number.`);
  return {
    port: port.data ?? null,
    open: !values['no-open'],
    home: values.home ?? null,
    keyFile: values['key-file'] ?? null,
    tokenStdin: values['token-stdin'] ?? false,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        browser: { type: 'boolean' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        home: { type: 'string' },
        'key-file': { type: 'string' },
        'token-stdin': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new ArgumentsError(error instanceof Error ? error.message : 'unreadable arguments');
  }
}
