import { WebSocket } from 'ws';
import { demoUser, type Exchange } from './exchange.ts';
import type { ExchangeApp } from './sessions.ts';

/** The code that a first client's first tick runs through is compiled when it first runs: several clients make it quick. */
const CLIENTS = 3;
/** The rows of the dump that clients follow first: indices, and futures of the three. */
const followed = /,INDICES,|,"?(NIFTY|BANKNIFTY|SENSEX)"?,[^,]*,[^,]*,[^,]*,[^,]*,[^,]*,FUT,/;

/**
 * Lets throwaway clients connect and get their first ticks, so that on a fast market clock the first real client does not
 * wait market seconds for this process to warm up.
 */
export async function warmUp(exchange: Exchange, app: ExchangeApp, nowMs: number): Promise<void> {
  const tokens: number[] = [];
  for (const name of ['NSE', 'BSE', 'NFO', 'BFO']) {
    const answer = await fetch(`${exchange.apiRoot}/instruments/${name}`);
    const rows = (await answer.text()).split('\n').filter((row) => followed.test(row));
    tokens.push(...rows.map((row) => Number.parseInt(row, 10)));
  }
  for (let client = 0; client < CLIENTS; client++) {
    const accessToken = exchange.issueToken({ userId: demoUser.userId, mintedAtMs: nowMs });
    await firstTick(`${exchange.tickerRoot}?api_key=${app.apiKey}&access_token=${accessToken}`, tokens);
  }
}

function firstTick(url: string, tokens: readonly number[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = new WebSocket(url);
  socket.on('open', () => {
    socket.send(JSON.stringify({ a: 'subscribe', v: tokens }));
    socket.send(JSON.stringify({ a: 'mode', v: ['full', tokens] }));
  });
  socket.on('message', (data, isBinary) => {
    if (!isBinary || (data as Buffer).length < 4) return;
    socket.close();
    resolve();
  });
  socket.on('error', reject);
  return promise;
}
