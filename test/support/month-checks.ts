/** What a day of faults must have come to: each check returns what is wrong, in words; nothing when all is well. */
import type { GapState } from '../../src/contract/state.ts';
import { type IstDate, instantOf, istTimeOf } from '../../src/market/ist.ts';
import { type DrawnDay, type PlannedFault, RECOVERY_MS } from './fault-days.ts';
import type { SeenState } from './state-watch.ts';

/** Something that was told outside the window. */
export interface Notice {
  readonly at: number;
  readonly id: string;
  readonly title: string;
}

/** Everything a day has left behind. */
export interface PlayedDay {
  readonly date: IstDate;
  readonly drawn: DrawnDay;
  readonly seen: readonly SeenState[];
  readonly notices: readonly Notice[];
  readonly gaps: readonly GapState[];
  /** The exchange times that NIFTY's ticks bore, until the closing auction. */
  readonly niftyTimes: readonly number[];
  /** The instruments' keys in the order of their slots. */
  readonly keys: readonly string[];
}

/** A disk that takes nothing is found out by the next minute's candles, and told when it has not healed in half a minute. */
const DISK_NOTICED_MS = 120_000;
/** Longer than it may take to notice anything. */
const NOTICED_MS = 8_000;
/** A line that is cut is back before this. */
const BLINK_MS = 300;
/** A clock that is set is looked at anew within this. */
const SKEW_SETTLES_MS = 2_000;
/** A wrong clock is known by the fastest of half a minute's ticks. */
const SKEW_NOTICED_MS = 35_000;
/** A quiet future is told from a calm one after fifteen seconds. */
const QUIET_NOTICED_MS = 17_000;
const SILENCE_TOLD_MS = 20_000;
/** Instants on record are as exact as the feed's looks at itself, and a tick's way. */
const RECORD_MS = 1_500;
/** Kite's stamps are whole seconds: a tick may be up to so much later. */
const STAMP_MS = 1_000;
/** An outage counts from the last tick, and a single instrument may have rested for so long before it was made quiet. */
const REST_MS = 5_000;

/** All that is wrong with a day, each in one line. */
export function faultsFound(day: PlayedDay): readonly string[] {
  return [...falseAlarms(day), ...missed(day), ...notices(day), ...unrecorded(day), ...invented(day)];
}

/** Whatever was said while nothing was wrong. */
function falseAlarms({ date, drawn, seen, keys }: PlayedDay): readonly string[] {
  const untilMs = instantOf(date, '15:45:00');
  return seen
    .filter(({ at }) => at < untilMs)
    .filter((each) => isDisturbed(each) && !isExplained(each, drawn, date, keys))
    .map(({ at, state: { feed, alerts, instruments } }) => {
      const stale = instruments.filter((instrument) => instrument.stale).map(({ key }) => key);
      const last = drawn.faults.findLast(({ startMs }) => startMs <= at);
      const what = `${feed.state} ${feed.cause ?? ''} [${alerts.map(({ id }) => id)}] [${stale}]`;
      return `${istTimeOf(at)} false alarm: ${what} after ${last?.name}`;
    });
}

function isDisturbed({ state: { feed, instruments, alerts } }: SeenState): boolean {
  return feed.state !== 'live' || instruments.some(({ stale }) => stale) || alerts.length > 0;
}

function isExplained(
  seen: SeenState,
  { faults, halt, morning }: DrawnDay,
  date: IstDate,
  keys: readonly string[],
): boolean {
  if (seen.at <= morning.backMs) return true;
  const [haltMs, overMs] = halt === null ? [0, 0] : [instantOf(date, halt.from), instantOf(date, halt.until)];
  if (isWithin(seen.at, haltMs, overMs + RECOVERY_MS) && isOnlyQuiet(seen)) return true;
  return faults.some((fault) => explains(fault, seen, keys));
}

/** A halt is said in the window, as the exchange's own doing. */
function isOnlyQuiet({ state: { feed, alerts } }: SeenState): boolean {
  const isCalm = alerts.every(({ id, severity }) => id === 'feed' && severity !== 'action');
  return isCalm && feed.state !== 'blocked' && feed.state !== 'backoff';
}

function explains(fault: PlannedFault, { at, state }: SeenState, keys: readonly string[]): boolean {
  const { startMs, endMs, effect, quietSlot } = fault;
  const ids = state.alerts.map(({ id }) => id);
  const stale = state.instruments.filter((instrument) => instrument.stale).map(({ key }) => key);
  switch (effect) {
    case 'harmless':
      return false;
    case 'blink':
      return isWithin(at, startMs, endMs + BLINK_MS);
    case 'outage':
    case 'late':
      return isWithin(at, startMs, endMs + RECOVERY_MS);
    case 'quiet': {
      const isAlone =
        ids.every((id) => id === 'silent-instruments') && stale.every((key) => key === keys[quietSlot ?? -1]);
      return isWithin(at, startMs, endMs + RECOVERY_MS) && state.feed.state === 'live' && isAlone;
    }
    case 'disk': {
      const isSaid = ids.every((id) => id === 'storage');
      return isWithin(at, startMs, endMs + RECOVERY_MS) && isSaid && stale.length === 0 && state.feed.state === 'live';
    }
    case 'skew': {
      // What was received before the clock was set seems old until the next second's tick.
      const isJump = isWithin(at, startMs, startMs + SKEW_SETTLES_MS) || isWithin(at, endMs, endMs + SKEW_SETTLES_MS);
      const isBlink = isWithin(at, startMs, startMs + BLINK_MS) || isWithin(at, endMs, endMs + BLINK_MS);
      const isSaid = ids.every((id) => id === 'clock-skew') && (stale.length === 0 || isJump);
      return isBlink || (isWithin(at, startMs, endMs + RECOVERY_MS) && isSaid && state.feed.state === 'live');
    }
  }
}

/** Faults that were not told in time, did not end in time, or are not on record. */
function missed({ drawn, seen, gaps, keys }: PlayedDay): readonly string[] {
  return drawn.faults.flatMap((fault) =>
    problemsOf(fault, seen, gaps, keys).map((problem) => `${lineOf(fault)}: ${problem}`),
  );
}

function problemsOf(
  { startMs, endMs, effect, pc, quietSlot }: PlannedFault,
  seen: readonly SeenState[],
  gaps: readonly GapState[],
  keys: readonly string[],
): readonly string[] {
  const first = (fromMs: number, is: (state: SeenState['state']) => boolean): number =>
    (seen.find(({ at, state }) => at >= fromMs && is(state))?.at ?? Number.POSITIVE_INFINITY) - fromMs;
  const isOnRecord = (of: (keys: readonly string[]) => boolean, fromMs = startMs + RECORD_MS): boolean =>
    coveredUpTo(
      gaps.filter((gap) => of(gap.keys)),
      fromMs,
    ) >=
    endMs - RECORD_MS;
  const isLost = ({ feed }: SeenState['state']): boolean => feed.state !== 'live';
  const notBack = first(endMs, (state) => !isLost(state)) > RECOVERY_MS ? ['not over in time'] : [];
  switch (effect) {
    case 'harmless':
    case 'blink':
      return notBack;
    case 'outage':
      // What the PC slept through nobody could notice; whether it is on record its ticks tell.
      if (pc !== null) return notBack;
      return [
        ...(first(startMs, isLost) > NOTICED_MS ? ['not noticed in time'] : []),
        ...notBack,
        ...(isOnRecord((of) => of.length === 0) ? [] : ['not on record']),
      ];
    case 'late':
      return [...(first(startMs, isLost) > NOTICED_MS ? ['not noticed in time'] : []), ...notBack];
    case 'quiet': {
      const key = keys[quietSlot ?? -1];
      const isStale = (state: SeenState['state']): boolean =>
        state.instruments.some((instrument) => instrument.key === key && instrument.stale);
      const isTold = ({ feed }: SeenState['state']): boolean =>
        (feed.silent ?? []).some((silent) => silent.key === key);
      return [
        ...(first(startMs, isStale) > QUIET_NOTICED_MS ? ['not stale in time'] : []),
        ...(first(startMs, isTold) > SILENCE_TOLD_MS ? ['not told in time'] : []),
        ...(first(endMs, (state) => !isStale(state) && !isTold(state)) > RECOVERY_MS ? ['stale for too long'] : []),
        ...(isOnRecord((of) => of.length === 1 && of[0] === key, startMs + RECORD_MS) ? [] : ['not on record']),
      ];
    }
    case 'disk': {
      const isStored = ({ alerts }: SeenState['state']): boolean => alerts.every(({ id }) => id !== 'storage');
      return [
        ...(first(startMs, (state) => !isStored(state)) > DISK_NOTICED_MS ? ['the disk not told in time'] : []),
        ...(first(endMs, isStored) > RECOVERY_MS ? ['the disk told for too long'] : []),
        ...notBack,
      ];
    }
    case 'skew': {
      const isSaid = first(startMs, ({ alerts }) => alerts.some(({ id }) => id === 'clock-skew')) <= SKEW_NOTICED_MS;
      return [...(isSaid ? [] : ['the wrong clock not told in time']), ...notBack];
    }
  }
}

/** How far the outages on record reach from an instant on; a price by REST between them ends one and begins the next. */
function coveredUpTo(gaps: readonly GapState[], fromMs: number): number {
  const inOrder = gaps.toSorted((a, b) => a.from - b.from);
  return inOrder.reduce(
    (reachedMs, { from, to }) =>
      from <= reachedMs + RECORD_MS ? Math.max(reachedMs, to ?? Number.POSITIVE_INFINITY) : reachedMs,
    fromMs - RECORD_MS,
  );
}

/** What faults that are no outage are told as. */
const noticeOf: Readonly<Partial<Record<PlannedFault['effect'], string>>> = {
  skew: 'clock-skew',
  quiet: 'silent-instruments',
  disk: 'storage',
};

/** One outage is one notice; what heals by itself, or is the market's own, is none. */
function notices({ date, drawn: { faults, morning }, notices: all }: PlayedDay): readonly string[] {
  const isOf = ({ startMs, endMs, effect }: PlannedFault, { at, id }: Notice): boolean =>
    (effect === 'outage' || effect === 'late' || id === noticeOf[effect]) && isWithin(at, startMs, endMs + RECOVERY_MS);
  const unexplained = all
    .filter(({ at }) => at > morning.backMs)
    .filter((notice) => !faults.some((fault) => isOf(fault, notice)))
    .map(({ at, title }) => `${istTimeOf(at)} a notice of nothing: ${title}`);
  const repeated = faults
    .map((fault) => [fault, all.filter((notice) => isOf(fault, notice) && !isReminder(notice, date))] as const)
    .filter(([, told]) => told.length > 1)
    .map(
      ([fault, told]) => `${lineOf(fault)}: told ${told.length} times: ${told.map(({ title }) => title).join(' / ')}`,
    );
  const unsaid = faults
    .filter(({ needsLogin }) => needsLogin)
    .filter((fault) => !all.some((notice) => isOf(fault, notice) && notice.id === 'token'))
    .map((fault) => `${lineOf(fault)}: the login was not asked for`);
  return [...unexplained, ...repeated, ...unsaid, ...morningNotices(date, morning, all)];
}

/** The day's own repetition of a login that is asked for. */
function isReminder({ at, id }: Notice, date: IstDate): boolean {
  return id === 'token' && ['08:55', '09:00', '09:10'].some((time) => Math.abs(at - instantOf(date, time)) <= 1_000);
}

/** When a morning's trouble is told, and as what; a wrong clock at the first word of Kite's. */
const morningWords: Readonly<
  Record<DrawnDay['morning']['kind'], { readonly id: string; readonly at: readonly string[] }>
> = {
  ordinary: { id: '', at: [] },
  'dead token': { id: 'token', at: ['08:50', '08:55', '09:00', '09:10'] },
  'no network': { id: 'token', at: ['08:50', '08:55', '09:00', '09:10'] },
  'no lists': { id: 'instruments', at: ['08:50', '09:00'] },
  'wrong clock': { id: 'clock-skew', at: ['08:49'] },
};

/** The morning's trouble is told in its time and once a reminder, and nothing else is. */
function morningNotices(date: IstDate, morning: DrawnDay['morning'], all: readonly Notice[]): readonly string[] {
  const told = all.filter(({ at }) => at <= morning.backMs);
  const { id, at: times } = morningWords[morning.kind];
  const due = times.map((time) => instantOf(date, time)).filter((at) => at < morning.untilMs);
  const fit = due.filter((at) => told.some((notice) => notice.id === id && isWithin(notice.at, at, at + 12_000)));
  if (fit.length === due.length && told.length === due.length) return [];
  const said = told.map(({ at, id }) => `${istTimeOf(at)} ${id}`).join(', ');
  return [
    `morning (${morning.kind} until ${istTimeOf(morning.untilMs)}): ${due.length} notices were due, told: ${said}`,
  ];
}

/** Stretches of over five seconds of which no tick ever came, and which are not on record: a sleep's, above all. */
function unrecorded({ niftyTimes, gaps, keys, drawn: { faults } }: PlayedDay): readonly string[] {
  return niftyTimes.flatMap((to, index) => {
    const from = niftyTimes[index - 1] ?? to;
    // The record is of when prices did not come; those that come late are missing as much earlier by the exchange's time.
    const lateMs = Math.max(0, ...faults.filter(({ startMs, endMs }) => isWithin(from, startMs, endMs)).map(delayOf));
    const isOnRecord = gaps.some(
      (gap) =>
        (gap.keys.length === 0 || gap.keys.includes('NSE:NIFTY 50')) &&
        gap.from <= from + STAMP_MS + lateMs + RECORD_MS &&
        (gap.to ?? 0) >= to - RECORD_MS,
    );
    // Short enough not to be called stale.
    const isQuietIndex = faults.some(
      ({ effect, quietSlot, startMs, endMs }) =>
        effect === 'quiet' && keys[quietSlot ?? -1] === 'NSE:NIFTY 50' && isWithin(from, startMs - RECORD_MS, endMs),
    );
    return to - from <= 5_000 || isOnRecord || isQuietIndex
      ? []
      : [`${istTimeOf(from)} nothing for ${(to - from) / 1000} s and not on record`];
  });
}

/** Outages on record that there were none of. */
function invented({ date, gaps, drawn: { faults, halt, morning } }: PlayedDay): readonly string[] {
  const spans = [
    ...faults
      .filter(({ effect }) => effect === 'outage' || effect === 'late' || effect === 'quiet')
      .map(({ effect, startMs, endMs }) => {
        const earlyMs = effect === 'quiet' ? REST_MS : RECORD_MS;
        return [startMs - earlyMs, endMs + RECOVERY_MS] as const;
      }),
    ...(halt === null
      ? []
      : [[instantOf(date, halt.from) - RECORD_MS, instantOf(date, halt.until) + RECOVERY_MS] as const]),
    [instantOf(date, '08:49:00'), morning.backMs] as const,
  ];
  return gaps
    .filter(({ from, to }) => !spans.some(([start, end]) => from >= start && (to ?? Number.POSITIVE_INFINITY) <= end))
    .map(
      ({ from, to, cause, keys }) =>
        `${istTimeOf(from)} to ${to === null ? 'now' : istTimeOf(to)}: an invented gap, ${cause} [${keys}]`,
    );
}

/** How late a fault makes frames, ms. */
function delayOf({ apply }: PlannedFault): number {
  return Math.max(0, ...apply.map((fault) => (fault.kind === 'delay' ? fault.ms : 0)));
}

function lineOf({ startMs, endMs, name }: PlannedFault): string {
  return `${istTimeOf(startMs)} ${name} for ${((endMs - startMs) / 1000).toFixed(1)} s`;
}

function isWithin(atMs: number, fromMs: number, toMs: number): boolean {
  return atMs >= fromMs && atMs <= toMs;
}
