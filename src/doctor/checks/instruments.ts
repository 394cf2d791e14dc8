import { istTimeOf } from '../../market/ist.ts';
import { broken, type Check, doubtful, type Finding, failedBefore, fine, fixes, skipped } from '../check.ts';

/** What is known of the day's instrument list. */
export interface InstrumentFacts {
  /** When today's list was taken, ms since the epoch; null while there is none. */
  readonly takenAtMs: number | null;
  readonly followed: number;
  /** What could not be resolved from it, one sentence each. */
  readonly problems: readonly string[];
  /** Why it could not be had just now; null when it could, or was not asked for. */
  readonly failure: string | null;
}

export interface InstrumentPorts {
  facts(): InstrumentFacts;
  /** Asks for today's list; the reason when it cannot be had. */
  take(): Promise<string | null>;
}

/** Four lists of up to 4 MB. */
const LIMIT_MS = 20_000;

export function instrumentsCheck(ports: InstrumentPorts): Check {
  return {
    id: 'instruments',
    title: 'Instrument list',
    limitMs: LIMIT_MS,
    lateFinding: doubtful("Kite's instrument list does not arrive: the connection is very slow.", 'not in time'),
    examine: async ({ earlier }) => {
      if (ports.facts().takenAtMs !== null) return readInstruments(ports.facts());
      if (failedBefore(earlier, 'dns', 'tcp', 'tls', 'answer') !== null) {
        return skipped("Kite cannot be reached for today's list.", evidenceOf(ports.facts()));
      }
      const failure = await ports.take();
      return readInstruments({ ...ports.facts(), failure });
    },
  };
}

export function readInstruments(facts: InstrumentFacts): Finding {
  const [problem] = facts.problems;
  if (facts.takenAtMs === null) {
    const reason = facts.failure ?? "Today's instrument list could not be loaded.";
    return facts.followed === 0
      ? broken(`${reason} Without it there is nothing to follow.`, evidenceOf(facts), fixes.retry)
      : doubtful(`${reason} The instruments of an earlier list are followed.`, evidenceOf(facts), fixes.retry);
  }
  if (problem !== undefined) return doubtful(problem, evidenceOf(facts));
  return fine("Today's instrument list is there, and everything asked for is in it.", evidenceOf(facts));
}

function evidenceOf({ takenAtMs, followed, problems }: InstrumentFacts): string {
  const taken = takenAtMs === null ? 'no list of today' : `taken at ${istTimeOf(takenAtMs)}`;
  return `${taken}, ${followed} followed${problems.length === 0 ? '' : `, ${problems.length} not resolved`}`;
}
