import type { Clock } from '../clock.ts';
import type { InstrumentMatch } from '../contract/commands.ts';
import type { Settings } from '../contract/settings.ts';
import type { InstrumentState } from '../contract/state.ts';
import type { QuoteBook } from '../feed/quote-book.ts';
import { KiteError } from '../kite/errors.ts';
import {
  type Dumps,
  exchangesOf,
  type ResolutionProblem,
  type ResolvedInstrument,
  resolveDesk,
} from '../kite/instruments.ts';
import type { KiteInstrument, KiteRest } from '../kite/session.ts';
import type { Log } from '../log.ts';
import type { MarketCalendar } from '../market/calendar.ts';
import { type IstDate, istDateOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { InstrumentSearch } from './instrument-search.ts';

export interface InstrumentPorts {
  readonly clock: Clock;
  readonly rest: KiteRest;
  readonly calendar: MarketCalendar;
  readonly book: QuoteBook;
  readonly settings: () => Settings;
  readonly log: Log;
  /** The list of what is followed has changed. */
  readonly changed: () => void;
}

/** What a resolution came to: the list's date, and what is wrong with it. */
export type Resolution =
  | { readonly ok: true; readonly date: IstDate; readonly problems: readonly ResolutionProblem[] }
  | { readonly ok: false; readonly message: string };

/** What is followed before the first dump is there: the hours of the default desk. */
const DEFAULT_SEGMENTS: readonly Segment[] = ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT', 'BFO_FUT'];

/**
 * What the desk follows: names from the settings, tokens from the day's dump. Keeps the slots: an instrument that goes
 * keeps its slot as retired, so that slots (indices into `DeskState.instruments`) never change their meaning.
 */
export class DeskInstruments {
  private readonly ports: InstrumentPorts;
  private list: readonly InstrumentState[] = [];
  private found: readonly ResolutionProblem[] = [];
  private dumps: Dumps = new Map();
  /** Made from the dumps at the first search. */
  private searchable: InstrumentSearch | null = null;
  private resolved: { readonly date: IstDate; readonly atMs: number } | null = null;
  private running: Promise<Resolution> | null = null;

  constructor(ports: InstrumentPorts) {
    this.ports = ports;
  }

  /** In slot order. */
  get states(): readonly InstrumentState[] {
    return this.list;
  }

  get active(): readonly InstrumentState[] {
    return this.list.filter((instrument) => !instrument.retired);
  }

  /** What is wrong with the last resolution. */
  get problems(): readonly ResolutionProblem[] {
    return this.found;
  }

  /** When today's dump was last taken (ms since the epoch); null while only an older day's, or none, is known. */
  get resolvedTodayAt(): number | null {
    return this.resolved?.date === istDateOf(this.ports.clock.now()) ? this.resolved.atMs : null;
  }

  /** The segments whose hours the desk keeps. */
  get segments(): readonly Segment[] {
    const own = new Set(this.active.flatMap(({ segment }) => (segment === null ? [] : [segment])));
    return own.size === 0 ? DEFAULT_SEGMENTS : [...own];
  }

  /** Takes the day's dumps and resolves names to tokens; one at a time, later callers share the answer. */
  resolve(): Promise<Resolution> {
    this.running ??= this.fetchAndResolve().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Resolves anew from the dumps at hand, after a change of the watchlist. */
  async applySettings(): Promise<void> {
    const { underlyings, watchlist } = this.ports.settings();
    const isComplete = exchangesOf(underlyings, watchlist).every((exchange) => this.dumps.has(exchange));
    if (this.resolvedTodayAt === null || !isComplete) await this.resolve();
    else this.apply(istDateOf(this.ports.clock.now()));
  }

  /** The day's instruments that fit the words, best first. */
  search(text: string, limit: number): readonly InstrumentMatch[] {
    this.searchable ??= new InstrumentSearch(this.dumps.values());
    return this.searchable.find(text, limit);
  }

  /** Brings the parts of the states that ticks change up to date; true when something did change. */
  refreshStatus(slots: Iterable<number>): boolean {
    const { book } = this.ports;
    const next = [...this.list];
    let changed = false;
    for (const slot of slots) {
      const instrument = next[slot];
      if (instrument === undefined) continue;
      const status = { stale: book.isStale(slot), firstTickAt: book.firstTickAt(slot) };
      if (status.stale === instrument.stale && status.firstTickAt === instrument.firstTickAt) continue;
      next[slot] = { ...instrument, ...status };
      changed = true;
    }
    if (changed) this.list = next;
    return changed;
  }

  private async fetchAndResolve(): Promise<Resolution> {
    const { rest, clock, settings, log } = this.ports;
    const date = istDateOf(clock.now());
    const { underlyings, watchlist } = settings();
    const dumps = new Map<string, readonly KiteInstrument[]>();
    let failure: string | null = null;
    for (const exchange of exchangesOf(underlyings, watchlist)) {
      try {
        dumps.set(exchange, await rest.instruments(exchange));
      } catch (error) {
        failure = `Kite's ${exchange} instrument list could not be had (${error instanceof KiteError ? error.code : 'unknown error'}).`;
        log('warning', 'instruments', failure);
      }
    }
    if (dumps.size === 0) return { ok: false, message: failure ?? 'No instrument list was asked for.' };
    this.dumps = dumps;
    this.searchable = null;
    const problems = this.apply(date);
    if (failure === null) this.resolved = { date, atMs: clock.now() };
    return failure === null ? { ok: true, date, problems } : { ok: false, message: failure };
  }

  private apply(date: IstDate): readonly ResolutionProblem[] {
    const { calendar, settings, log } = this.ports;
    const { underlyings, watchlist } = settings();
    const { instruments, problems } = resolveDesk({ underlyings, watchlist, dumps: this.dumps, today: date, calendar });
    for (const problem of problems) {
      log(problem.severity === 'info' ? 'info' : 'warning', 'instruments', problem.message);
    }
    this.found = problems;
    this.follow(instruments);
    return problems;
  }

  private follow(instruments: readonly ResolvedInstrument[]): void {
    const { book, log } = this.ports;
    const next = [...this.list];
    const followed = new Set<number>();
    for (const instrument of instruments) {
      try {
        const slot = book.add(instrument);
        followed.add(slot);
        const status = { firstTickAt: book.firstTickAt(slot), stale: book.isStale(slot), retired: false };
        next[slot] = { ...instrument, ...status };
      } catch (error) {
        log('error', 'instruments', error instanceof Error ? error.message : `${instrument.key} cannot be followed.`);
      }
    }
    for (const [slot, instrument] of next.entries()) {
      if (followed.has(slot) || instrument.retired) continue;
      book.retire(slot);
      next[slot] = { ...instrument, retired: true };
    }
    this.list = next;
    this.ports.changed();
  }
}
