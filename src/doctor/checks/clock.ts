import { spanWords } from '../../contract/span-words.ts';
import { broken, type Check, doubtful, type Finding, fine, skipped } from '../check.ts';
import type { AnswerFacts } from '../probes.ts';

/** This PC's clock against a server's. */
export interface SkewFacts {
  /** Ours minus theirs; above 0 when ours is ahead. */
  readonly skewMs: number;
  /** By how much that may be wrong: the server tells whole seconds, and its answer took a while. */
  readonly uncertaintyMs: number;
}

const LIMIT_MS = 8_000;
/** Exchange times are whole seconds, and how long ticks travel is known only roughly. */
const TICK_UNCERTAINTY_MS = 500;
/** From here ages and candles begin to be off. */
const WARNING_MS = 2_000;
/** From here the day's steps and the login's deadline happen at the wrong time. */
const FAILURE_MS = 60_000;

export interface ClockPorts {
  /** By the `Date` of Kite's answers so far; null until one has come. */
  readonly dateOffset: () => SkewFacts | null;
  /** This PC's clock minus the exchange's by the ticks of the day, ms; null when they do not tell. */
  readonly tickSkewMs: () => number | null;
  /** The answer the examination already has; `atMs`: the desk's wall clock when its head came, ms since the epoch. */
  answeredAt(signal: AbortSignal): Promise<{ readonly answer: AnswerFacts; readonly atMs: number }>;
}

export function clockCheck(ports: ClockPorts): Check {
  return {
    id: 'clock',
    title: 'Clock',
    limitMs: LIMIT_MS,
    examine: async ({ signal, earlier }) => {
      const tickSkewMs = ports.tickSkewMs();
      if (tickSkewMs !== null) return readSkew({ skewMs: tickSkewMs, uncertaintyMs: TICK_UNCERTAINTY_MS });
      const dateOffset = ports.dateOffset();
      if (dateOffset !== null) return readSkew(dateOffset);
      if (earlier.get('answer')?.result === 'skipped') return skipped('There is no server to compare the clock with.');
      const { answer, atMs } = await ports.answeredAt(signal);
      return answer.serverTimeMs === null
        ? skipped('The server did not say what time it is.')
        : readSkew(skewOf(answer.serverTimeMs, answer.elapsedMs, atMs));
    },
  };
}

/** The server's time was cut to the second, some time between sending and receiving. */
export function skewOf(serverTimeMs: number, elapsedMs: number, receivedAtMs: number): SkewFacts {
  return {
    skewMs: receivedAtMs - elapsedMs / 2 - (serverTimeMs + 500),
    uncertaintyMs: 500 + elapsedMs / 2,
  };
}

export function readSkew({ skewMs, uncertaintyMs }: SkewFacts): Finding {
  const evidence = `${skewMs > 0 ? '+' : ''}${(skewMs / 1000).toFixed(1)} s, give or take ${(uncertaintyMs / 1000).toFixed(1)} s`;
  const leastMs = Math.abs(skewMs) - uncertaintyMs;
  const where = skewMs > 0 ? 'ahead' : 'behind';
  if (leastMs >= FAILURE_MS) {
    return broken(
      `This PC's clock is ${spanWords(Math.abs(skewMs))} ${where}: logins and the day's times go wrong. Switch on automatic time.`,
      evidence,
    );
  }
  if (leastMs >= WARNING_MS) {
    return doubtful(
      `This PC's clock is ${spanWords(Math.abs(skewMs))} ${where}, so ages of prices are shown wrong. Switch on automatic time.`,
      evidence,
    );
  }
  return fine("This PC's clock agrees with Kite's.", evidence);
}
