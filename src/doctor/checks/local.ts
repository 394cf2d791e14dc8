import type { MarketState, StorageTrouble } from '../../contract/state.ts';
import { storageWords } from '../../contract/storage-words.ts';
import { dayWords } from '../../market/date-words.ts';
import { DAY_MS, type IstDate, istTimeOf } from '../../market/ist.ts';
import { broken, type Check, codeOf, doubtful, type Finding, fine, skipped } from '../check.ts';
import type { DiskFacts, DoctorProbes, EventLoopFacts } from '../probes.ts';

/** What lies on this PC itself: disk, keychain, this process, calendar. */

const LIMIT_MS = 5_000;
const MB = 1024 * 1024;
/** A recorded day with its database journal stays below this. */
const ENOUGH_BYTES = 500 * MB;
const TOO_LITTLE_BYTES = 50 * MB;

/** `trouble`: what keeps the app from writing now; null when nothing does. */
export function diskCheck(
  probes: Pick<DoctorProbes, 'disk'>,
  trouble: () => StorageTrouble | null = () => null,
): Check {
  return {
    id: 'disk',
    title: 'Disk',
    limitMs: LIMIT_MS,
    lateFinding: broken("The disk with the app's folder does not respond.", 'no answer in time'),
    examine: async () => {
      const storage = trouble();
      return storage === null ? readDisk(await probes.disk()) : readTrouble(storage);
    },
  };
}

export function readTrouble({ cause, path, since }: StorageTrouble): Finding {
  const { title, fix } = storageWords[cause];
  return broken(`${title}. ${fix}`, `${path}: ${cause}, since ${istTimeOf(since)}`);
}

export function readDisk({ freeBytes, writeError }: DiskFacts): Finding {
  const evidence = `${Math.round(freeBytes / MB)} MB free${writeError === null ? '' : `, writing: ${writeError}`}`;
  if (writeError === 'ENOSPC' || writeError === 'EDQUOT' || freeBytes < TOO_LITTLE_BYTES) {
    return broken("The disk is full: the day's record and candles cannot be kept. Make room on it.", evidence);
  }
  if (writeError !== null) {
    return broken("The app may not write to its own folder: settings and the day's record are lost.", evidence);
  }
  if (freeBytes < ENOUGH_BYTES) return doubtful("The disk is nearly full; the day's record needs room.", evidence);
  return fine("There is room on the disk, and the app's folder can be written to.", evidence);
}

export interface KeychainPorts {
  readonly kind: 'keychain' | 'memory';
  /** A simulated exchange keeps nothing worth a keychain. */
  readonly isSimulated: boolean;
  /** Reads something; what it reads goes nowhere. */
  read(): Promise<unknown>;
}

export function keychainCheck(ports: KeychainPorts): Check {
  return {
    id: 'keychain',
    title: 'Keychain',
    limitMs: LIMIT_MS,
    lateFinding: broken('The system keychain does not answer; it may be locked.', 'no answer in time'),
    examine: async () => {
      if (ports.kind === 'memory') return readKeychain(ports, null);
      try {
        await ports.read();
        return readKeychain(ports, null);
      } catch (error) {
        return readKeychain(ports, codeOf(error));
      }
    },
  };
}

export function readKeychain(
  { kind, isSimulated }: Pick<KeychainPorts, 'kind' | 'isSimulated'>,
  errorCode: string | null,
): Finding {
  if (errorCode !== null) {
    return broken('The system keychain cannot be read: unlock it, or sign in again after a restart.', errorCode);
  }
  if (kind === 'keychain') return fine('The login is kept in the system keychain.');
  if (isSimulated) return skipped('The simulated login is kept in memory.');
  return doubtful('There is no system keychain: the login is kept in memory and is gone after a restart.');
}

/** A frame on screen is late from here. */
const SLOW_MS = 100;
/** As long as the silence that the feed would take for an outage of its own. */
const STALLED_MS = 1_000;

/** `heldUpMs`: the longest time today that this process could not run while the feed was on. */
export function eventLoopCheck(probes: Pick<DoctorProbes, 'eventLoopDelay'>, heldUpMs: () => number): Check {
  return {
    id: 'event-loop',
    title: "This app's own pace",
    limitMs: LIMIT_MS,
    lateFinding: broken('This app is held up: the PC is overloaded or was asleep.', 'not measured in time'),
    examine: async ({ signal }) => readEventLoop(await probes.eventLoopDelay(signal), heldUpMs()),
  };
}

export function readEventLoop({ p99Ms, maxMs }: EventLoopFacts, heldUpMs: number): Finding {
  const today = heldUpMs >= STALLED_MS ? `, ${(heldUpMs / 1000).toFixed(1)} s once today` : '';
  const evidence = `delay ${p99Ms.toFixed(1)} ms (p99), ${maxMs.toFixed(1)} ms at most${today}`;
  if (maxMs >= STALLED_MS) {
    return broken('This app is held up for seconds at a time: the PC is overloaded. Close other programs.', evidence);
  }
  if (p99Ms >= SLOW_MS) return doubtful('This app gets round to things late: the PC is busy.', evidence);
  return fine('This app keeps up.', evidence);
}

/** By then a new version with the next year's holidays ought to be there. */
const COVERAGE_WARNING_DAYS = 30;
/** Exchanges change holidays and hours by circular in the course of a year. */
const CHECKED_WARNING_DAYS = 180;

export function calendarCheck(market: () => MarketState): Check {
  return {
    id: 'calendar',
    title: 'Market calendar',
    limitMs: LIMIT_MS,
    examine: () => readCalendar(market()),
  };
}

export function readCalendar({ date, calendar }: Pick<MarketState, 'date' | 'calendar'>): Finding {
  const evidence = `${calendar.from} to ${calendar.to}, checked ${calendar.verifiedOn}, version ${calendar.version}`;
  if (date < calendar.from || date > calendar.to) {
    return broken(
      `The market calendar says nothing about ${dayWords(date)}: holidays and hours are guessed. Update the app.`,
      evidence,
    );
  }
  const daysLeft = daysBetween(date, calendar.to);
  if (daysLeft < COVERAGE_WARNING_DAYS) {
    return doubtful(`The market calendar ends in ${daysLeft} days. Update the app.`, evidence);
  }
  if (daysBetween(calendar.verifiedOn, date) > CHECKED_WARNING_DAYS) {
    return doubtful('The market calendar has not been checked for half a year. Update the app.', evidence);
  }
  return fine('The market calendar covers today and the weeks ahead.', evidence);
}

function daysBetween(from: IstDate, to: IstDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}
