import { z } from 'zod';
import type { CandleState } from './candle.ts';
import type { DoctorReport } from './doctor.ts';
import { fieldPatterns } from './field-words.ts';
import type { Journal } from './journal.ts';
import { settingsPatchSchema } from './settings.ts';
import type { GapState, ScreenLag } from './state.ts';
import { steeringSchema } from './transport.ts';

/** More on one screen are not looked at for the lag. */
export const MOST_PAINTED_TICKS = 64;

/**
 * Everything an interface may ask of the desk. Arguments are checked by these schemas on the desk's side of every
 * transport; values are described by the types below them.
 */
export const commandSchemas = {
  /** The first-run form, or new credentials later. Stored in the secret store, never returned. */
  'credentials.save': z.strictObject({
    apiKey: z.string().trim().regex(fieldPatterns.apiKey),
    apiSecret: z.string().trim().regex(fieldPatterns.apiSecret),
  }),
  'credentials.forget': z.strictObject({}),
  /** Starts a login; the interface opens `url` in a browser (or the shell's login window does). */
  'login.start': z.strictObject({}),
  'login.cancel': z.strictObject({}),
  /** A token from elsewhere, pasted by the trader. */
  'token.set': z.strictObject({
    accessToken: z.string().trim().regex(fieldPatterns.accessToken),
  }),
  signOut: z.strictObject({}),
  'token.verify': z.strictObject({}),
  'feed.pause': z.strictObject({}),
  'feed.resume': z.strictObject({}),
  'feed.retry': z.strictObject({}),
  'alert.dismiss': z.strictObject({ id: z.string().min(1).max(100) }),
  'settings.update': settingsPatchSchema,
  /** One-minute candles of one instrument on one IST date: history and what the ticks have built. */
  'candles.get': z.strictObject({
    key: z.string().min(3).max(80),
    date: z.iso.date().nullable(),
  }),
  /** Instruments by name, for the watchlist. */
  'instruments.search': z.strictObject({ text: z.string().max(60), limit: z.number().int().min(1).max(100) }),
  'journal.get': z.strictObject({
    date: z.iso.date().nullable(),
  }),
  /** Examines everything and answers with the report; joins an examination that is going on. */
  'doctor.run': z.strictObject({}),
  'doctor.cancel': z.strictObject({}),
  /** The last report as text without secrets, to copy or save. */
  'doctor.report': z.strictObject({}),
  /**
   * What has just been painted, for the lag: when the desk received the tick that waited longest, and of ticks of
   * continuous trading the exchange's time and the desk's receipt. Desk times as they came in the batch.
   */
  'ticks.painted': z.strictObject({
    receivedAt: z.number(),
    ticks: z.array(z.tuple([z.number(), z.number()])).max(MOST_PAINTED_TICKS),
  }),
  'simulation.start': z.strictObject({}),
  /** Leaves the simulation: for the trader's own start, or for the end of an app that was started for it alone. */
  'simulation.stop': z.strictObject({}),
  'simulation.steer': steeringSchema,
} as const;

export type CommandName = keyof typeof commandSchemas;
export type CommandArgs<N extends CommandName> = z.input<(typeof commandSchemas)[N]>;

/**
 * One candle: start in ms since the epoch, prices in rupees. The open interest is null where there is none (an index) or
 * none is known. `corrected`: open, high, low or close had been given out with another value after the minute's end.
 */
export type CandleRow = readonly [
  start: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
  openInterest: number | null,
  state: CandleState,
  corrected: boolean,
];

export interface CandlesValue {
  readonly key: string;
  readonly date: string;
  readonly candles: readonly CandleRow[];
  /** Indicative prices of the pre-open, apart from candles: `[ms, rupees]`. */
  readonly indicative: readonly (readonly [number, number])[];
  /** `complete`: history was fetched. Otherwise only what this run has seen, and why. */
  readonly history: 'complete' | 'unavailable';
  readonly reason: string | null;
  /** When live data of this instrument was missing on that date, and why; `to` null: still going on. */
  readonly gaps: readonly CandleGap[];
  /** Of an earlier day, as far as Kite has told them; null for the current day. */
  readonly official: OfficialCloses | null;
}

/** A day's official close and that of the session before it, in rupees; null: not known. */
export interface OfficialCloses {
  readonly close: number | null;
  readonly previousClose: number | null;
}

export type CandleGap = Pick<GapState, 'from' | 'to' | 'cause'>;

export interface InstrumentMatch {
  readonly key: string;
  readonly title: string;
  readonly expiry: string | null;
  /** An option of another expiry than its month's last; absent otherwise. */
  readonly weekly?: true;
}

export interface CommandValues {
  'credentials.save': null;
  'credentials.forget': null;
  'login.start': { readonly url: string };
  'login.cancel': null;
  'token.set': null;
  signOut: null;
  'token.verify': null;
  'feed.pause': null;
  'feed.resume': null;
  'feed.retry': null;
  'alert.dismiss': null;
  'settings.update': null;
  'candles.get': CandlesValue;
  'instruments.search': readonly InstrumentMatch[];
  'journal.get': Journal;
  'doctor.run': DoctorReport;
  'doctor.cancel': null;
  'doctor.report': { readonly text: string };
  'ticks.painted': ScreenLag;
  'simulation.start': null;
  'simulation.stop': null;
  'simulation.steer': null;
}

export type CommandValue<N extends CommandName> = CommandValues[N];
