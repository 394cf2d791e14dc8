import type { Exchanges } from 'kiteconnect';
import { z } from 'zod';
import { byTurns, type Stretches } from '../turn.ts';
import type { KiteEndpoints } from './endpoints.ts';
import { KiteError } from './errors.ts';
import type { ServerTimeSink } from './exchange-time.ts';
import { envelopeOf, isFromNetwork, type KiteEnvelope } from './foreign-answer.ts';
import { type InstrumentDump, readInstrumentDump } from './instrument-dump.ts';
import { formatIstText } from './ist-text.ts';
import { answerError, badResponse } from './rest-errors.ts';
import { candlesOf, candlesSchema, profileSchema, quotesOf, quotesSchema, sessionSchema } from './rest-schemas.ts';
import { type DatedAnswer, type RestCall, restTransport } from './rest-transport.ts';
import type { KiteQuote, KiteRest, SessionCredentials } from './session.ts';

export interface RestOptions {
  readonly endpoints: KiteEndpoints;
  /** Real ms a call may wait without hearing anything; a network's time is never the market's. */
  readonly timeoutMs?: number;
  /** Hears of the `Date` of every answer that is Kite's own. */
  readonly serverTime?: ServerTimeSink;
  /** Gets one line when rows of an instrument dump cannot be read. */
  readonly log?: (line: string) => void;
}

const DEFAULT_TIMEOUT_MS = 7000;
/** The dumps are megabytes where everything else is kilobytes. */
const DUMP_TIMEOUT_FACTOR = 3;
/** Kite's limit for `/quote` (https://kite.trade/docs/connect/v3/market-quotes/). */
const MAX_QUOTE_KEYS = 500;

const MEGABYTE = 1024 * 1024;
/** Several times what Kite answers with: a session is 1 KB, 500 quotes 0.5 MB, 60 days of minutes 1.5 MB, a list 5 MB. */
export const LONGEST_ANSWER = { account: MEGABYTE, quotes: 4 * MEGABYTE, candles: 8 * MEGABYTE, list: 32 * MEGABYTE };

/**
 * Twice the keys Kite answers with, or more: a profile has some 20, a quote with its order book 62, and candles are lists.
 * Each key that is read costs about a us of the desk's time.
 */
const MOST_KEYS = { account: 200, quote: 150, candles: 200 };

type AnyCall = Omit<RestCall, 'timeoutMs'>;
type AnswerBounds = Pick<RestCall, 'maxBytes' | 'mostKeys'>;

const ofAccount: AnswerBounds = { maxBytes: LONGEST_ANSWER.account, mostKeys: MOST_KEYS.account };
const ofCandles: AnswerBounds = { maxBytes: LONGEST_ANSWER.candles, mostKeys: MOST_KEYS.candles };

function ofQuotes(asked: number): AnswerBounds {
  return { maxBytes: LONGEST_ANSWER.quotes, mostKeys: MOST_KEYS.account + MOST_KEYS.quote * asked };
}

/** Kite's REST API. Every failure is a `KiteError`, every value has been checked; no answer is asked for twice. */
export function kiteRestClient({ endpoints, timeoutMs = DEFAULT_TIMEOUT_MS, serverTime, log }: RestOptions): KiteRest {
  const send = restTransport(endpoints, serverTime);
  /** The first bad row of each exchange's list that was told. */
  const badRows = new Map<string, string | undefined>();

  const call = async (request: AnyCall, secrets: readonly string[], isLogin = false): Promise<ReadAnswer> =>
    accepted(await send({ ...request, timeoutMs }), secrets, isLogin);
  const callSigned = (
    session: SessionCredentials,
    most: AnswerBounds,
    sendWith: RestCall['send'],
  ): Promise<ReadAnswer> => call({ ...session, ...most, send: sendWith }, [session.accessToken]);

  return {
    async createSession({ apiKey, apiSecret }, requestToken) {
      const answer = await call(
        {
          apiKey,
          accessToken: null,
          ...ofAccount,
          send: (client) => client.generateSession(requestToken, apiSecret),
        },
        [apiSecret, requestToken],
        true,
      );
      return dataOf(answer, sessionSchema, 'a session');
    },

    async endSession(session) {
      const answer = await callSigned(session, ofAccount, (client) =>
        client.invalidateAccessToken(session.accessToken),
      );
      dataOf(answer, z.boolean(), 'the end of a session');
    },

    async profile(session) {
      const answer = await callSigned(session, ofAccount, (client) => client.getProfile());
      return dataOf(answer, profileSchema, 'a profile');
    },

    async quotes(session, keys) {
      if (keys.length === 0) return new Map<string, KiteQuote>();
      if (keys.length > MAX_QUOTE_KEYS) {
        throw new KiteError('bad-request', `Kite quotes ${MAX_QUOTE_KEYS} instruments a call, not ${keys.length}.`);
      }
      const answer = await callSigned(session, ofQuotes(keys.length), (client) => client.getQuote([...keys]));
      return await rowsOf(answer, quotesSchema, quotesOf, 'quotes');
    },

    async instruments(exchange) {
      if (!/^[A-Z]{2,6}$/.test(exchange)) throw new KiteError('bad-request', 'That is not the name of an exchange.');
      const answer = accepted(
        await send({
          apiKey: '',
          accessToken: null,
          timeoutMs: timeoutMs * DUMP_TIMEOUT_FACTOR,
          maxBytes: LONGEST_ANSWER.list,
          mostKeys: MOST_KEYS.account,
          send: (client) => client.getInstruments(exchange as Exchanges),
        }),
        [],
      );
      const dump = answer.contentType.includes('text/csv') ? await readInstrumentDump(answer.body) : null;
      if (dump === null || dump.instruments.length === 0) throw badResponse(answer, 'a list of instruments');
      answer.tellTime();
      if (dump.badRows > 0 && dump.firstBadRow !== badRows.get(exchange)) log?.(badRowsText(exchange, dump));
      badRows.set(exchange, dump.firstBadRow);
      return dump.instruments;
    },

    async candles(session, { token, interval, fromMs, toMs, openInterest, onRefused }) {
      // As text: the client would write a `Date` in the PC's zone.
      const [from, to] = [formatIstText(fromMs), formatIstText(toMs)];
      const answer = await callSigned(session, ofCandles, (client) =>
        client.getHistoricalData(token, interval, from, to, false, openInterest),
      );
      const { candles, refused } = await rowsOf(answer, candlesSchema, candlesOf, 'candles');
      if (refused.length > 0) {
        log?.(`${refused.length} rows of the history of instrument ${token} are no candles`);
        onRefused?.(refused);
      }
      return candles;
    },
  };
}

function badRowsText(exchange: string, { badRows, firstBadRow }: InstrumentDump): string {
  const rows = badRows === 1 ? '1 row' : `${badRows} rows`;
  return `${rows} of the ${exchange} instrument list cannot be read and ${badRows === 1 ? 'is' : 'are'} left out: ${firstBadRow}`;
}

/** An answer that has been read once: reading a long one is work. */
interface ReadAnswer extends DatedAnswer {
  readonly envelope: KiteEnvelope | null;
}

/** Kite's envelope tells Kite's time, whatever is in it; anything else is a gateway's, with a `Date` of its own. */
function accepted(answer: DatedAnswer, secrets: readonly string[], isLogin = false): ReadAnswer {
  const envelope = envelopeOf(answer);
  if (envelope !== null && !isFromNetwork(answer.status)) answer.tellTime();
  const error = answerError(answer, secrets, envelope, isLogin);
  if (error !== null) throw error;
  return { ...answer, envelope };
}

/** The `data` of Kite's envelope `{"status":"success","data":…}`, checked. */
function dataOf<T>(answer: ReadAnswer, schema: z.ZodType<T>, what: string): T {
  const { envelope } = answer;
  const parsed = schema.safeParse(envelope?.status === 'success' ? envelope.data : undefined);
  if (!parsed.success) throw badResponse(answer, what);
  return parsed.data;
}

/** The same of many rows, read in stretches between which the event loop turns. */
async function rowsOf<T, Rows>(
  answer: ReadAnswer,
  schema: z.ZodType<T>,
  read: (data: T) => Stretches<Rows | null>,
  what: string,
): Promise<Rows> {
  const rows = await byTurns(read(dataOf(answer, schema, what)));
  if (rows === null) throw badResponse(answer, what);
  return rows;
}
