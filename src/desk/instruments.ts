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
import { exchangesOf, type ResolutionProblem, type ResolvedInstrument, resolveDesk } from '../kite/instruments.ts';
import type { KiteInstrument, KiteRest } from '../kite/session.ts';
import type { Log } from '../log.ts';
import type { MarketCalendar } from '../market/calendar.ts';
import { type IstDate, instantOf, istDateOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { InstrumentSearch } from './instrument-search.ts';
import { newProblemsText } from './problem-words.ts';

export interface InstrumentPorts {
  readonly clock: Clock;
  readonly rest: Pick<KiteRest, 'instruments'>;
  /** Where lists outlive a run; absent: nowhere. */
  readonly lists?: InstrumentListStore;
  readonly calendar: MarketCalendar;
  readonly book: QuoteBook;
  readonly settings: () => Settings;
  /** Nobody can use prices yet: nothing is said of lists. */
  readonly isUnneeded?: () => boolean;
  readonly log: Log;
  /** The list of what is followed has changed, or what is wrong with it. */
  readonly changed: () => void;
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

/**
 * What the desk follows: names from the settings, tokens from the exchanges' lists. Keeps the slots: an instrument that
 * goes keeps its slot as retired, so that slots (indices into `DeskState.instruments`) never change their meaning.
 */
export class DeskInstruments implements Disposable {
  private readonly ports: InstrumentPorts;
  private readonly lists: InstrumentLists;
  private list: readonly InstrumentState[] = [];
  private activeList: readonly InstrumentState[] = [];
  private found: readonly ResolutionProblem[] = [];
  /** Made from the lists at the first search. */
  private searchable: InstrumentSearch | null = null;
  /** Lists that came before the first application wait for the others until this is over. */
  private isGathering = true;
  private gathering: Disposable | null = null;

  constructor(ports: InstrumentPorts) {
    this.ports = ports;
    this.lists = new InstrumentLists({
      clock: ports.clock,
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
    const own = new Set(this.active.flatMap(({ segment }) => (segment === null ? [] : [segment])));
    return own.size === 0 ? DEFAULT_SEGMENTS : [...own];
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
    this.apply();
    const late = this.exchanges.find((exchange) => !this.lists.isTakenSince(exchange, sinceMs));
    if (late === undefined) return { ok: true, date: istDateOf(this.ports.clock.now()), problems: this.found };
    const code = this.lists.failures.find(({ exchange }) => exchange === late)?.code ?? 'unknown';
    return { ok: false, message: `Kite's ${late} instrument list could not be loaded: ${listFailureWords(code)}.` };
  }

  /** Resolves anew from the lists at hand, after a change of the settings, and asks for those that are not. */
  async applySettings(): Promise<void> {
    const { clock } = this.ports;
    this.lists.want(this.exchanges);
    if (!this.isGathering) this.apply();
    if (this.resolvedTodayAt !== null) return;
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, SETTINGS_WAIT_MS * clock.speed);
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
    return this.lists.all.get(exchange)?.instruments.find((instrument) => instrument.key === key) ?? null;
  }

  /** The day's instruments that fit the words, best first. */
  search(text: string, limit: number): readonly InstrumentMatch[] {
    this.searchable ??= new InstrumentSearch([...this.lists.all.values()].map(({ instruments }) => instruments));
    return this.searchable.find(text, limit);
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
    const { clock } = this.ports;
    this.gathering = clock.setTimeout(() => this.apply(), FIRST_LISTS_WAIT_MS * clock.speed);
  }

  private onLists(): void {
    this.searchable = null;
    if (!this.isGathering) this.apply();
  }

  private apply(): void {
    this.isGathering = false;
    this.gathering?.[Symbol.dispose]();
    const { calendar, settings, clock, log } = this.ports;
    const { underlyings, watchlist } = settings();
    const { instruments, problems } = resolveDesk({
      underlyings,
      watchlist,
      dumps: new Map<string, readonly KiteInstrument[]>(
        [...this.lists.all].map(([name, list]) => [name, list.instruments]),
      ),
      olderLists: new Set(this.olderLists.map(({ exchange }) => exchange)),
      followed: new Map(this.active.map(({ key, token }) => [key, token])),
      today: istDateOf(clock.now()),
      calendar,
    });
    // Without a list a documented token is what there is: that the list is missing is told of the list.
    const told = problems.filter(({ code, subject }) => code !== 'documented-token' || this.lists.has(subject));
    for (const { level, text } of newProblemsText(this.found, told)) log(level, 'instruments', text);
    this.found = told;
    this.follow(instruments);
  }

  private follow(instruments: readonly ResolvedInstrument[]): void {
    const { book, clock, log } = this.ports;
    const next = [...this.list];
    const wanted = new Set(instruments.map(({ key, token }) => `${token} ${key}`));
    // Those that go give their tokens up before those that come take them.
    for (const [slot, instrument] of next.entries()) {
      if (instrument.retired || wanted.has(`${instrument.token} ${instrument.key}`)) continue;
      book.retire(slot);
      next[slot] = { ...instrument, retired: true, stale: false };
    }
    for (const instrument of instruments) {
      try {
        const slot = book.add(instrument);
        const known = next[slot];
        const followedSince = known === undefined || known.retired ? clock.now() : known.followedSince;
        const status = {
          followedSince,
          firstTickAt: book.firstTickAt(slot),
          stale: book.isStale(slot),
          retired: false,
        };
        next[slot] = { ...instrument, ...status };
      } catch (error) {
        log('error', 'instruments', error instanceof Error ? error.message : `${instrument.key} cannot be followed.`);
      }
    }
    this.setList(next);
    this.ports.changed();
  }

  private setList(list: readonly InstrumentState[]): void {
    this.list = list;
    this.activeList = list.filter((instrument) => !instrument.retired);
  }
}
