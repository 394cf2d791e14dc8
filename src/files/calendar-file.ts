import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { bundledCalendar } from '../market/bundled-calendar.ts';
import { type ReadOverrides, readOverrides } from '../market/calendar-overrides.ts';
import { ReloadableCalendar } from '../market/reloadable-calendar.ts';
import { DiskError, isNoFile } from '../storage/disk-error.ts';
import type { Disk } from '../storage/disk-thread.ts';

export interface CalendarFilePorts {
  readonly disk: Pick<Disk, 'stat' | 'readText' | 'setAside'>;
  readonly home: string;
  /** Real time. */
  readonly clock: Clock;
}

/** The calendar with the trader's own rows, which is told anew whenever their file changes. */
export interface FollowedCalendar extends Disposable {
  readonly calendar: ReloadableCalendar;
  /** Sentences for the trader: rows that cannot be used, each by itself, or a file that was set aside. */
  readonly notices: readonly string[];
  /**
   * Looks for changes until disposed. `log` gets what is wrong with them, and that they are in force. `changed` is called
   * again with each look until it has not thrown.
   */
  follow(log: Log, changed: () => void): Disposable;
}

/** Real time. A look costs the disk's thread microseconds. */
const POLL_MS = 2_000;
/** The most that is read of a calendar file. */
const MOST_BYTES = 1024 * 1024;

/**
 * The trader's own calendar rows in `calendar.json` in the home folder: an exchange that closes or opens at short notice.
 * At the start a file that is no calendar is set aside and the bundled calendar used as it is. Later on what was in force
 * stays so until the file can be understood: it may be half written.
 */
export async function followCalendarFile(ports: CalendarFilePorts, nowMs: number): Promise<FollowedCalendar> {
  const { disk, home, clock } = ports;
  const path = join(home, 'calendar.json');
  const calendar = new ReloadableCalendar(bundledCalendar());
  const first = await readAtStart(disk, path, nowMs);
  if (first.overrides !== null) calendar.replace(bundledCalendar(first.overrides));
  let version = first.version;
  let isLooking = false;
  /** The version that cannot be read, once that was told. */
  let told: string | undefined;
  let timer: Disposable | null = null;
  /** Whether the rows in force are those that were passed on last. */
  let isPassedOn = true;
  let loggedFailure: string | null = null;

  const look = async (log: Log, changed: () => void): Promise<void> => {
    passOn(changed);
    const seen = (await disk.stat(path))?.version ?? null;
    if (seen === version || seen === told) return;
    const text = await textOf(seen, log);
    if (text === undefined) return;
    const read = readOverrides(text);
    version = seen;
    for (const problem of read?.problems ?? ['it is no calendar: what was in force stays so']) {
      log('warning', 'schedule', `Your calendar file: ${problem}.`);
    }
    if (read === null) return;
    calendar.replace(bundledCalendar(read.overrides));
    const { length } = read.overrides.days;
    log('info', 'schedule', `Your calendar file was read: ${length} ${length === 1 ? 'day is' : 'days are'} in force.`);
    isPassedOn = false;
    passOn(changed);
  };
  const passOn = (changed: () => void): void => {
    if (isPassedOn) return;
    changed();
    isPassedOn = true;
    loggedFailure = null;
  };
  /** Null: there is no file; undefined: what there is is none, which has been told. */
  const textOf = async (seen: string | null, log: Log): Promise<string | null | undefined> => {
    if (seen === null) return null;
    try {
      return await disk.readText(path, MOST_BYTES);
    } catch (error) {
      if (!isNoFile(error)) throw error;
      told = seen ?? undefined;
      log('warning', 'schedule', `Your calendar file (${path}) is no file: what was in force stays so.`);
      return undefined;
    }
  };
  const noteFailure = (error: unknown, log: Log): void => {
    // A disk that does not answer is told of elsewhere.
    if (error instanceof DiskError) return;
    const reason = error instanceof Error ? error.message : 'unknown failure';
    if (reason === loggedFailure) return;
    loggedFailure = reason;
    log(
      'error',
      'schedule',
      `A change of your calendar file could not be followed (${reason}). Trying again by itself.`,
    );
  };
  return {
    calendar,
    notices: first.notices,
    follow: (log, changed) => {
      let isFollowed = true;
      const stillChanged = (): void => {
        if (isFollowed) changed();
      };
      timer?.[Symbol.dispose]();
      const looking = clock.setInterval(() => {
        if (isLooking) return;
        isLooking = true;
        void look(log, stillChanged)
          .catch((error: unknown) => noteFailure(error, log))
          .finally(() => {
            isLooking = false;
          });
      }, POLL_MS);
      timer = looking;
      return {
        [Symbol.dispose]: () => {
          isFollowed = false;
          looking[Symbol.dispose]();
        },
      };
    },
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  };
}

interface AtStart {
  readonly overrides: ReadOverrides['overrides'] | null;
  readonly version: string | null;
  readonly notices: readonly string[];
}

async function readAtStart(disk: CalendarFilePorts['disk'], path: string, nowMs: number): Promise<AtStart> {
  try {
    const version = (await disk.stat(path))?.version ?? null;
    const read = readOverrides(version === null ? null : await disk.readText(path, MOST_BYTES));
    if (read !== null) {
      const notices = read.problems.map((problem) => `Your calendar file (${path}): ${problem}.`);
      return { overrides: read.overrides, version, notices };
    }
    const aside = await disk.setAside(path, nowMs);
    const notice = `Your calendar file could not be understood: set aside as ${aside}, and the bundled calendar is used.`;
    return { overrides: null, version: null, notices: [notice] };
  } catch {
    const notice = `Your calendar file cannot be read (${path}): the bundled calendar is used until it can.`;
    return { overrides: null, version: null, notices: [notice] };
  }
}
