import type { Clock } from '../clock.ts';
import type { InstrumentMatch } from '../contract/commands.ts';
import type { Settings } from '../contract/settings.ts';
import type { InstrumentState } from '../contract/state.ts';
import type { QuoteBook } from '../feed/quote-book.ts';
import {
  type InstrumentList,
  type InstrumentListStore,
  InstrumentLists,
  type ListFailure,
  listFailureWords,
} from '../instruments/instrument-lists.ts';
import {
  type DeskQuestion,
  exchangesOf,
  type ResolutionProblem,
  type ResolvedInstrument,
  resolving,
  rowOf,
} from '../kite/instruments.ts';
import type { KiteInstrument, KiteRest } from '../kite/session.ts';
import type { Log } from '../log.ts';
import type { MarketCalendar } from '../market/calendar.ts';
import { type IstDate, instantOf, istDateOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { byTurns, eventLoopTurn, type Stretches } from '../turn.ts';
import { InstrumentSearch } from './instrument-search.ts';
import { newProblemsText } from './problem-words.ts';

export interface InstrumentPorts {
  readonly clock: Clock;
  /** Real time, for how long lists are waited for. */
  readonly realClock: Clock;
  readonly rest: Pick<KiteRest, 'instruments'>;
  /** Where lists outlive a run; absent: nowhere. */
  readonly lists?: InstrumentListStore;
  readonly calendar: MarketCalendar;
  readonly book: QuoteBook;
  readonly settings: () => Settings;
  /** Nobody can use prices yet: nothing is said of lists. */
  readonly isUnneeded?: () => boolean;
  readonly log: Log;
  /** The list of what is followed has changed, or what is wrong with it; `part`: the rest of a long list is to come. */
  readonly changed: (extent: 'part' | 'whole') => void;
}

/** What a resolution came to: the list's date, and what is wrong with it. */
export type Resolution =
  | { readonly ok: true; readonly date: IstDate; readonly problems: readonly ResolutionProblem[] }
  | { readonly ok: false; readonly message: string };

/** Lists that are wanted and could not be loaded. */
export interface ListTrouble {
  readonly failures: readonly ListFailure[];
  /** How many instruments have no prices for want of a list. */
  readonly without: number;
  /** The day of the oldest list that stands in for a newer one; null when none does. */
  readonly olderDate: IstDate | null;
}

/** What is followed before the first dump is there: the hours of the default desk. */
const DEFAULT_SEGMENTS: readonly Segment[] = ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT', 'BFO_FUT'];
/** So long the first list that comes waits for the others, so that all are followed in one order; real ms. */
const FIRST_LISTS_WAIT_MS = 1_500;
/** A change of the settings waits so long for a list it needs; what comes later is taken when it comes. Real ms. */
const SETTINGS_WAIT_MS = 5_000;
/** Instruments that are begun with, or given up, at a stretch: a few ms of work. */
const FOLLOWED_AT_A_STRETCH = 1_000;

/**
 * What the desk follows: names from the settings, tokens from the exchanges' lists. Keeps the slots: an instrument that
 * goes keeps its slot as retired, so that slots (indices into `DeskState.instruments`) never change their meaning.
 */
export class DeskInstruments implements Disposable {
  private readonly ports: InstrumentPorts;
  private readonly lists: InstrumentLists;
  private list: readonly InstrumentState[] = [];
  private activeList: readonly InstrumentState[] = [];
  /** Of the active ones; null: to be gathered. */
  private segmentList: readonly Segment[] | null = null;
  private found: readonly ResolutionProblem[] = [];
  /** Made from the lists at the first search. */
  private searchable: Promise<InstrumentSearch> | null = null;
  /** Lists that came before the first application wait for the others until this is over. */
  private isGathering = true;
  private gathering: Disposable | null = null;
  /** An application that is not over with its first stretch. */
  private applying: Promise<void> | null = null;
  /** Lists or settings have changed since the last application began. */
  private isOutdated = false;
  private isDisposed = false;

  constructor(ports: InstrumentPorts) {
    this.ports = ports;
    this.lists = new InstrumentLists({
      clock: ports.clock,
      realClock: ports.realClock,
      rest: ports.rest,
      ...(ports.lists === undefined ? {} : { store: ports.lists }),
      isUnneeded: ports.isUnneeded ?? (() => false),
      log: ports.log,
      changed: () => this.onLists(),
    });
  }

  /** In slot order. */
  get states(): readonly InstrumentState[] {
    return this.list;
  }

  get active(): readonly InstrumentState[] {
    return this.activeList;
  }

  /** What is wrong with the last resolution. */
  get problems(): readonly ResolutionProblem[] {
    return this.found;
  }

  /** Lists that are wanted and could not be loaded; null when all is well, or nobody needs them yet. */
  get listTrouble(): ListTrouble | null {
    const { failures } = this.lists;
    if (failures.length === 0 || this.ports.isUnneeded?.() === true) return null;
    const older = this.olderLists.map(({ date }) => date).sort();
    return { failures, without: this.unlisted, olderDate: older[0] ?? null };
  }

  /** How many instruments that were asked for have no token because their exchange's list is missing. */
  get unlisted(): number {
    return this.found.filter(({ code }) => code === 'missing-dump').length;
  }

  /** When today's lists were taken (ms since the epoch, the earliest of them); null while one is missing or older. */
  get resolvedTodayAt(): number | null {
    const today = istDateOf(this.ports.clock.now());
    const lists = this.exchanges.map((exchange) => this.lists.all.get(exchange));
    if (lists.length === 0 || !lists.every((list) => list?.date === today)) return null;
    return Math.min(...lists.map((list) => list?.takenAtMs ?? 0));
  }

  /** The segments whose hours the desk keeps. */
  get segments(): readonly Segment[] {
    this.segmentList ??= segmentsOf(this.active);
    return this.segmentList;
  }

  /**
   * Takes the lists that were not taken at `sinceMs` or later (the beginning of today unless given; ms since the epoch)
   * and resolves names to tokens. What is wanted is asked of the settings again whenever a list has come. `when`: as of
   * `InstrumentLists.take`.
   */
  async resolve(sinceMs = this.startOfToday, when: 'now' | 'in-turn' = 'now'): Promise<Resolution> {
    this.waitForTheFirst();
    const asked = new Set<string>();
    for (;;) {
      const missing = this.exchanges.filter((exchange) => !asked.has(exchange));
      if (missing.length === 0) break;
      this.lists.want(this.exchanges);
      for (const exchange of missing) asked.add(exchange);
      await this.lists.take(missing, sinceMs, when);
    }
    await this.apply();
    const late = this.exchanges.find((exchange) => !this.lists.isTakenSince(exchange, sinceMs));
    if (late === undefined) return { ok: true, date: istDateOf(this.ports.clock.now()), problems: this.found };
    const code = this.lists.failures.find(({ exchange }) => exchange === late)?.code ?? 'unknown';
    return { ok: false, message: `Kite's ${late} instrument list could not be loaded: ${listFailureWords(code)}.` };
  }

  /** Resolves anew from the lists at hand, after a change of the settings, and asks for those that are not. */
  async applySettings(): Promise<void> {
    const { realClock } = this.ports;
    this.lists.want(this.exchanges);
    if (!this.isGathering) await this.apply();
    if (this.resolvedTodayAt !== null) return;
    await new Promise<void>((resolve) => {
      const timer = realClock.setTimeout(resolve, SETTINGS_WAIT_MS);
      void this.resolve().finally(() => {
        timer[Symbol.dispose]();
        resolve();
      });
    });
  }

  /** Something has changed outside, or the trader asks: lists that failed are asked for at once. */
  retryNow(): void {
    this.lists.retryNow();
  }

  /** The instrument of the day's lists with this key; null when there is none. */
  listed(key: string): KiteInstrument | null {
    const exchange = key.slice(0, key.indexOf(':'));
    const list = this.lists.all.get(exchange);
    return list === undefined ? null : rowOf(list.instruments, key);
  }

  /** The day's instruments that fit the words, best first. */
  async search(text: string, limit: number): Promise<readonly InstrumentMatch[]> {
    this.searchable ??= byTurns(
      InstrumentSearch.stretches([...this.lists.all.values()].map(({ instruments }) => instruments)),
    );
    return await byTurns((await this.searchable).finding(text, limit));
  }

  /** Brings the parts of the states that ticks change up to date; returns the slots that did change. */
  refreshStatus(slots: Iterable<number>): readonly number[] {
    const { book } = this.ports;
    const next = [...this.list];
    const changed: number[] = [];
    for (const slot of slots) {
      const instrument = next[slot];
      if (instrument === undefined) continue;
      const status = { stale: book.isStale(slot), firstTickAt: book.firstTickAt(slot) };
      if (status.stale === instrument.stale && status.firstTickAt === instrument.firstTickAt) continue;
      next[slot] = { ...instrument, ...status };
      changed.push(slot);
    }
    if (changed.length > 0) this.setList(next);
    return changed;
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
    this.gathering?.[Symbol.dispose]();
    this.lists[Symbol.dispose]();
  }

  private get exchanges(): readonly string[] {
    const { underlyings, watchlist } = this.ports.settings();
    return exchangesOf(underlyings, watchlist);
  }

  private get startOfToday(): number {
    return instantOf(istDateOf(this.ports.clock.now()), '00:00');
  }

  private get olderLists(): readonly InstrumentList[] {
    const today = istDateOf(this.ports.clock.now());
    return [...this.lists.all.values()].filter(({ date }) => date !== today);
  }

  private waitForTheFirst(): void {
    if (!this.isGathering || this.gathering !== null) return;
    this.gathering = this.ports.realClock.setTimeout(() => void this.apply(), FIRST_LISTS_WAIT_MS);
  }

  private onLists(): void {
    this.searchable = null;
    if (!this.isGathering) void this.apply();
  }

  /**
   * Brings what is followed up to date with lists and settings: what is little at once, what is much in stretches. Whatever
   * changes meanwhile is taken in before it ends.
   */
  private apply(): Promise<void> {
    this.isGathering = false;
    this.gathering?.[Symbol.dispose]();
    this.isOutdated = true;
    if (this.applying !== null) return this.applying;
    const work = this.application();
    if (work.next().done === true) return Promise.resolve();
    this.applying = eventLoopTurn()
      .then(() => byTurns(work))
      .finally(() => {
        this.applying = null;
      });
    return this.applying;
  }

  private *application(): Stretches<void> {
    while (this.isOutdated && !this.isDisposed) {
      this.isOutdated = false;
      const resolved = yield* resolving(this.question());
      if (this.isOutdated) continue;
      const { instruments, clashes } = withOwnTokens(resolved.instruments, this.active);
      const problems = [...resolved.problems, ...clashes];
      // Without a list a documented token is what there is: that the list is missing is told of the list.
      const told = problems.filter(({ code, subject }) => code !== 'documented-token' || this.lists.has(subject));
      for (const { level, text } of newProblemsText(this.found, told)) this.ports.log(level, 'instruments', text);
      this.found = told;
      yield* this.follow(instruments);
      this.ports.changed('whole');
    }
  }

  private question(): DeskQuestion {
    const { calendar, settings, clock } = this.ports;
    const { underlyings, watchlist } = settings();
    return {
      underlyings,
      watchlist,
      dumps: new Map([...this.lists.all].map(([name, list]) => [name, list.instruments])),
      olderLists: new Map(this.olderLists.map(({ exchange, date }) => [exchange, date])),
      followed: new Map(this.active.map(({ key, token }) => [key, token])),
      today: istDateOf(clock.now()),
      calendar,
    };
  }

  private *follow(instruments: readonly ResolvedInstrument[]): Stretches<void> {
    const wanted = new Set(instruments.map(({ key, token }) => `${token} ${key}`));
    // Those that go give their tokens up before those that come take them.
    const gone = [...this.list.entries()].filter(
      ([, { retired, token, key }]) => !retired && !wanted.has(`${token} ${key}`),
    );
    for (const some of partsOf(gone)) {
      const next = [...this.list];
      for (const [slot] of some) this.retire(next, slot);
      this.setList(next);
    }
    const parts = partsOf(instruments);
    for (const some of parts) {
      // Prices come between the stretches: each begins with the list as it is then.
      const next = [...this.list];
      for (const instrument of some) this.add(next, instrument);
      this.setList(next);
      if (parts.length < 2) return;
      this.ports.changed('part');
      yield;
    }
  }

  private retire(list: InstrumentState[], slot: number): void {
    const instrument = list[slot];
    if (instrument === undefined) return;
    this.ports.book.retire(slot);
    list[slot] = { ...instrument, retired: true, stale: false };
  }

  private add(list: InstrumentState[], instrument: ResolvedInstrument): void {
    const { book, clock, log } = this.ports;
    try {
      const slot = book.add(instrument);
      const known = list[slot];
      const followedSince = known === undefined || known.retired ? clock.now() : known.followedSince;
      const status = { followedSince, firstTickAt: book.firstTickAt(slot), stale: book.isStale(slot), retired: false };
      list[slot] = { ...instrument, ...status };
    } catch (error) {
      log('error', 'instruments', error instanceof Error ? error.message : `${instrument.key} cannot be followed.`);
    }
  }

  private setList(list: readonly InstrumentState[]): void {
    this.list = list;
    this.activeList = list.filter((instrument) => !instrument.retired);
    this.segmentList = null;
  }
}

/**
 * The instruments that have a token of their own: prices come by token, and one that two names share would give both the
 * price of one. The name that is followed already keeps it, otherwise the first; the others are problems.
 */
function withOwnTokens(
  instruments: readonly ResolvedInstrument[],
  followed: readonly InstrumentState[],
): { readonly instruments: readonly ResolvedInstrument[]; readonly clashes: readonly ResolutionProblem[] } {
  const holders = new Map(followed.map(({ token, key }) => [token, key]));
  const owners = new Map<number, string>();
  for (const { token, key } of instruments) if (holders.get(token) === key) owners.set(token, key);
  for (const { token, key } of instruments) if (!owners.has(token)) owners.set(token, key);
  const clashes = instruments.flatMap(({ token, key }): readonly ResolutionProblem[] => {
    const owner = owners.get(token);
    if (owner === undefined || owner === key) return [];
    const message = `${key} cannot be followed: Kite's list gives it the same number as ${owner}.`;
    return [{ code: 'shared-token', severity: 'error', subject: key, message }];
  });
  if (clashes.length === 0) return { instruments, clashes };
  return { instruments: instruments.filter(({ token, key }) => owners.get(token) === key), clashes };
}

function segmentsOf(instruments: readonly InstrumentState[]): readonly Segment[] {
  const own = new Set(instruments.flatMap(({ segment }) => (segment === null ? [] : [segment])));
  return own.size === 0 ? DEFAULT_SEGMENTS : [...own];
}

function partsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const parts = Math.ceil(items.length / FOLLOWED_AT_A_STRETCH);
  return Array.from({ length: parts }, (_, part) =>
    items.slice(part * FOLLOWED_AT_A_STRETCH, (part + 1) * FOLLOWED_AT_A_STRETCH),
  );
}
