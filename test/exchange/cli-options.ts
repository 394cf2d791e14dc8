import { parseArgs } from 'node:util';
import type { ClockSpec } from '../../src/clock.ts';
import { parseClockSpec } from '../../src/clock.ts';
import { type IstDate, instantOf, isIstDate, istDateOf, istTimeOf } from '../../src/market/ist.ts';
import { malformedSorts } from './ticker/malformed-frames.ts';

/** What the command line asks for. */
export interface CliOptions {
  readonly port: number;
  readonly seed: number;
  /** Recorded sessions; null to look in the usual place. */
  readonly dataDir: string | null;
  readonly redirectUrl: string | null;
  /** Market time; null to follow the PC's clock. */
  readonly clock: ClockSpec | null;
  /** The app's own key and secret; null for the simulated ones. */
  readonly app: { readonly apiKey: string; readonly apiSecret: string } | null;
  /** Where to write an access token that died at the last flush. */
  readonly deadTokenFile: string | null;
  /** Prints that token instead, and ends with its standard input, not with the terminal's Ctrl-C: for who has started it. */
  readonly isChild?: true;
}

/** A command line that cannot be followed; the message says why. */
export class CliError extends Error {
  readonly code = 'command-line';
}

export const usage = `Usage: npm run exchange -- [options]

A simulated exchange that speaks Kite Connect v3 on 127.0.0.1: login pages, REST and ticker on one port.

  --port N                 TCP port; 0, the default, takes any free one
  --date YYYY-MM-DD        market date; today unless given
  --at HH:MM[:SS]          market time in IST; now unless given
  --speed N                market seconds a real second; 1 unless given
  --clock SPEC             market time as <instant>@<speed>[@<real instant>], in step with another process
  --data DIR               recorded sessions (spot_1min/<INDEX>_1min_<date>.csv)
  --seed N                 another market; 1 unless given
  --redirect-url URL       where a login redirects to
  --app-key K --app-secret S   the app's key and secret, instead of the simulated ones
  --dead-token-file PATH   writes an access token that died at the last 06:00, readable by this user alone
  --child                  prints such a token, and ends when its standard input does, not with Ctrl-C
  --help                   this text

Faults, by POST of JSON (one object or a list) to /__control/faults; lasting ones take startInMs and forMs in market ms:

  {"kind":"killToken"}   {"kind":"masterLogout"}   {"kind":"drop","code":1001}
  {"kind":"refuse","where":"rest|socket|both","status":503,"html":true,"count":3,"forMs":10000}
  {"kind":"stall"}   {"kind":"mute"}   {"kind":"delay","ms":1500}   {"kind":"wrongPlan"}
  {"kind":"malformed","sort":"${malformedSorts.join('|')}","count":10}
  {"kind":"refuseConnections","how":"reset|hang"}   {"kind":"duplicate"}   {"kind":"outOfOrder"}
  {"kind":"socketRefused"}   {"kind":"lists","how":"hang|trickle|partial","exchange":"NFO"}
  {"kind":"renamed","tradingSymbol":"RELIANCE","to":"RELIND"}   {"kind":"dateSkew","byMs":90000}
  {"kind":"wrongStamp","token":256265,"byMs":3600000}
  {"kind":"quiet","token":256265}   {"kind":"clear"}   {"kind":"clear","id":2}

GET /__control/state answers with the market clock, the counts and the faults in force.
`;

/** Reads the arguments; `null` when help was asked for. `nowMs` is the PC's time, for what is not given. */
export function parseCli(args: readonly string[], nowMs: number): CliOptions | null {
  const { values } = parse(args);
  if (values.help === true) return null;
  return {
    port: whole(values.port ?? '0', '--port', 0, 65_535),
    seed: whole(values.seed ?? '1', '--seed', 0, 0xffff_ffff),
    dataDir: values.data ?? null,
    redirectUrl: values['redirect-url'] === undefined ? null : urlOf(values['redirect-url']),
    clock: clockOf(values, nowMs),
    app: appOf(values['app-key'], values['app-secret']),
    deadTokenFile: values['dead-token-file'] ?? null,
    ...(values.child === true ? { isChild: true } : {}),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: text,
        date: text,
        at: text,
        speed: text,
        clock: text,
        data: text,
        seed: text,
        'redirect-url': text,
        'app-key': text,
        'app-secret': text,
        'dead-token-file': text,
        child: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error));
  }
}

function appOf(apiKey: string | undefined, apiSecret: string | undefined): CliOptions['app'] {
  if (apiKey === undefined && apiSecret === undefined) return null;
  if (apiKey === undefined || apiSecret === undefined) throw new CliError('--app-key and --app-secret go together');
  return { apiKey, apiSecret };
}

interface ClockValues {
  readonly date?: string;
  readonly at?: string;
  readonly speed?: string;
  readonly clock?: string;
}

function clockOf(values: ClockValues, nowMs: number): ClockSpec | null {
  const isGiven = values.date !== undefined || values.at !== undefined || values.speed !== undefined;
  if (values.clock !== undefined) {
    if (isGiven) throw new CliError('--clock stands alone: without --date, --at and --speed');
    return specOf(values.clock);
  }
  if (!isGiven) return null;
  const speed = Number(values.speed ?? 1);
  if (!(speed > 0 && Number.isFinite(speed))) throw new CliError('--speed is not a number above 0');
  const marketMs = instantOf(dateOf(values.date ?? istDateOf(nowMs)), timeOf(values.at ?? istTimeOf(nowMs)));
  return { marketMs, speed, realMs: nowMs };
}

function specOf(text: string): ClockSpec {
  try {
    return parseClockSpec(text);
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error));
  }
}

function dateOf(text: string): IstDate {
  if (!isIstDate(text)) throw new CliError('--date is not a calendar date YYYY-MM-DD');
  return text;
}

function timeOf(text: string): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text)) throw new CliError('--at is not a time HH:MM[:SS]');
  return text;
}

function whole(text: string, name: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most || text.trim() === '') {
    throw new CliError(`${name} is not a whole number from ${least} to ${most}`);
  }
  return value;
}

function urlOf(text: string): string {
  if (!URL.canParse(text)) throw new CliError('--redirect-url is not a URL');
  return text;
}
