/**
 * Run as a process of its own with TZ set: asks for one session, quote and candle through our client and through the
 * official one, and prints the instants each makes of them.
 */
import { KiteConnect } from 'kiteconnect';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import { startRestServer, success } from './rest-server.ts';

const session = { apiKey: 'key', accessToken: 'token' };
await using server = await startRestServer();
const rest = kiteRestClient({ endpoints: { apiRoot: server.root, loginRoot: server.root, tickerRoot: '' } });

server.answer = success({ user_id: 'AB1234', access_token: 't', login_time: '2026-03-08 02:30:00' });
const { loginAtMs } = await rest.createSession({ apiKey: 'key', apiSecret: 'secret' }, 'request');

server.answer = success({
  'NSE:NIFTY 50': {
    instrument_token: 256265,
    last_price: 1,
    timestamp: '2026-11-23 09:15:01',
    ohlc: { open: 1, high: 1, low: 1, close: 1 },
  },
});
const quote = (await rest.quotes(session, ['NSE:NIFTY 50'])).get('NSE:NIFTY 50');
const officialClient = new KiteConnect({ api_key: 'key', access_token: 'token', root: server.root });
const officialQuotes: Record<string, { timestamp: unknown }> = await officialClient.getQuote(['NSE:NIFTY 50']);
const officialTime = officialQuotes['NSE:NIFTY 50']?.timestamp;

server.answer = success({ candles: [['2026-11-23T09:15:00+0530', 1, 1, 1, 1, 0]] });
const at = Date.parse('2026-11-23T09:15:00+05:30');
const candles = await rest.candles(session, {
  token: 256265,
  interval: 'minute',
  fromMs: at,
  toMs: at + 60_000,
  openInterest: false,
});
const asked = server.asked.at(-1)?.query;

console.log(
  JSON.stringify({
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    loginAtMs,
    quoteMs: quote?.exchangeTimeMs,
    officialQuoteMs: officialTime instanceof Date ? officialTime.getTime() : null,
    candleMs: candles[0]?.startMs,
    from: asked?.get('from'),
    to: asked?.get('to'),
  }),
);
