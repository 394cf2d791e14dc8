/**
 * A connection that brings nothing any more, one that brings heartbeats and no prices, and a login that Kite refuses: when
 * the desk knows, by its own record of the day, and what it tries then.
 */
import { z } from 'zod';
import type { Bench, Figures } from './bench.ts';
import { type LiveExchange, startLiveExchange } from './support/live-exchange.ts';
import { AppError, pause, type RunningApp, startApp } from './support/running-app.ts';
import { median } from './support/statistics.ts';

const ROUNDS = 3;
/** Long enough for a further attempt, were there one. */
const WATCHED_MS = 20_000;

export const noticeBench: Bench = {
  name: 'notice',
  title: 'a silent line, a mute one, a refused login: to noticed',
  figures: [
    { name: 'silentMs', what: 'no frame at all: to noticed and reconnecting, slowest', unit: 'ms', atMost: 8_000 },
    { name: 'silentIdleMs', what: 'the same when no prices are due, slowest', unit: 'ms', atMost: 8_000 },
    { name: 'muteMs', what: 'heartbeats without prices: to noticed, slowest', unit: 'ms', atMost: 5_000 },
    { name: 'refusedMs', what: 'HTTP 403: to the trader told, slowest', unit: 'ms', atMost: 2_000 },
    { name: 'refusedMedianMs', what: 'HTTP 403: to the trader told, median', unit: 'ms' },
    { name: 'refusedAttempts', what: `sockets tried in the ${WATCHED_MS / 1000} s after it`, unit: '', atMost: 0 },
  ],
  run: async () => {
    const idle = await stall('15:40:10', 'stall');
    const silent = await stalls('stall');
    const mute = await stalls('mute');
    return {
      silentMs: Math.max(...silent.map(({ attemptedMs }) => attemptedMs)),
      silentIdleMs: idle.attemptedMs,
      muteMs: Math.max(...mute.map(({ noticedMs }) => noticedMs)),
      ...(await refusals()),
    };
  },
};

/** From the beginning of a stall, ms: to its being known, and to the next attempt where that comes later. */
interface Stall {
  readonly noticedMs: number;
  readonly attemptedMs: number;
}

async function stalls(kind: 'stall' | 'mute'): Promise<readonly Stall[]> {
  const found: Stall[] = [];
  for (let round = 0; round < ROUNDS; round++) found.push(await stall('10:00', kind));
  return found;
}

/** On an app of its own: what stalls again and again is given more time. */
async function stall(at: string, kind: 'stall' | 'mute'): Promise<Stall> {
  await using live = await startLiveExchange({ at });
  await using app = await startApp(live);
  await app.until(({ feed }) => feed.state === 'live' && feed.source === 'websocket');
  await pause(2_000 + Math.random() * 3_000);
  const startedMs = live.clock.now();
  live.exchange.control.apply({ kind });
  await app.until(({ feed }) => feed.state !== 'live' && attemptsAfter(live, startedMs).length > 0);
  const { feed } = await recordOf(app);
  const noticedAt = feed.find(({ at: told, state }) => told >= startedMs && state !== 'live')?.at ?? Number.NaN;
  const attemptedAt = attemptsAfter(live, startedMs)[0] ?? Number.NaN;
  return { noticedMs: noticedAt - startedMs, attemptedMs: Math.max(noticedAt, attemptedAt) - startedMs };
}

/** From the death of a token to the alert, and the attempts after the one that was refused. */
async function refusals(): Promise<Figures> {
  await using live = await startLiveExchange();
  await using app = await startApp(live);
  const told: number[] = [];
  let attempts = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await app.until(({ feed }) => feed.state === 'live');
    const killedMs = live.clock.now();
    live.exchange.control.apply({ kind: 'killToken' });
    await app.until(({ feed }) => feed.state === 'blocked');
    await pause(WATCHED_MS);
    const alert = (await recordOf(app)).alerts.find(({ id, raisedAt }) => id === 'token' && raisedAt >= killedMs);
    told.push((alert?.raisedAt ?? Number.NaN) - killedMs);
    attempts += attemptsAfter(live, killedMs).length - 1;
    const status = await app.post('/api/token', { access_token: live.issueToken() });
    if (status !== 200) throw new AppError(`the new token was answered with HTTP ${status}`);
  }
  return { refusedMs: Math.max(...told), refusedMedianMs: median(told), refusedAttempts: attempts };
}

/** Market instants of the sockets tried since, ms since the epoch. */
function attemptsAfter({ exchange }: LiveExchange, sinceMs: number): readonly number[] {
  return exchange.stats.upgrades.filter(({ atMs }) => atMs >= sinceMs).map(({ atMs }) => atMs);
}

/** What the benchmark reads of the day's record. */
const recordSchema = z.object({
  feed: z.array(z.object({ at: z.number(), state: z.string() })),
  alerts: z.array(z.object({ id: z.string(), raisedAt: z.number() })),
});

async function recordOf(app: RunningApp): Promise<z.infer<typeof recordSchema>> {
  return recordSchema.parse(await app.get('/api/journal'));
}
