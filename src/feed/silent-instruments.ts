import type { Clock } from '../clock.ts';
import type { InstrumentRole, SilentInstrument } from '../contract/state.ts';
import { KiteError } from '../kite/errors.ts';
import type { KiteQuote, SessionCredentials } from '../kite/session.ts';
import type { PartFlow } from './flow-watch.ts';
import { limitAtSpeed } from './freshness.ts';
import type { BookInstrument, QuoteBook } from './quote-book.ts';
import type { QuoteRequests } from './quote-requests.ts';
import { KEYS_PER_REQUEST } from './rest-fallback.ts';
import { stageAt, stageStart } from './segment-day.ts';

/** Silence after which REST is asked whether there is anything newer. */
const ASKED_AFTER_MS: Readonly<Record<InstrumentRole, number>> = { spot: 4_000, future: 10_000, watch: 15_000 };
/** A contract that is usually calm is given so many times its usual interval, and is asked about this late at most. */
const USUAL_INTERVALS = 3;
const LONGEST_UNASKED_MS = 60_000;
/** What REST has may still be on its way over the socket for so long. */
const UNDER_WAY_MS = 2_000;
/** Others of its connection tick: the line is not the matter. */
const PEERS_WITHIN_MS = 2_500;
const FAILURES_TOLD = 3;
const LONGEST_BACKOFF_MS = 10_000;
/** Without an answer for this long, REST brings nothing of an instrument. */
const UNANSWERED_MS = 5_000;

/** An instrument that may be silent. Monotonic ms unless named `…At`. */
interface Suspect {
  readonly slot: number;
  /** Wall time of its last packet, or since when packets were due. */
  readonly sinceAt: number;
  nextAskMs: number;
  failures: number;
  /** Since when REST is known to have something newer. */
  newerSinceMs: number | null;
  told: SilentInstrument | null;
}

interface Followed {
  readonly slot: number;
  readonly key: string;
  readonly token: number;
  readonly role: InstrumentRole;
  readonly part: number;
  /** Wall time. */
  readonly sinceAt: number;
}

/** How prices come at the moment. */
export interface SilenceFacts {
  readonly flows: readonly PartFlow[];
  readonly isQuiet: boolean;
  readonly restDelivers: boolean;
  readonly isShown: (token: number) => boolean;
}

export interface SilenceEvents {
  quotes(quotes: Iterable<KiteQuote>, receivedAtMs: number): void;
  /** Kite turned the token down. */
  tokenRejected(): void;
  /** Who is silent has changed. */
  changed(): void;
}

/**
 * One instrument that sends nothing while others of its connection tick. Silence alone proves nothing: a calm contract
 * has none to send. So REST is asked for that one, and only where it has something newer, or cannot be asked, is the
 * instrument called silent; from then on its price comes by REST until the socket brings it again. Watched instruments
 * count while they are shown. Level-triggered: `look` may be called as often as one likes.
 */
export class SilentInstruments {
  private readonly clock: Clock;
  private readonly book: QuoteBook;
  private readonly requests: QuoteRequests;
  private readonly events: SilenceEvents;
  private readonly suspects = new Map<number, Suspect>();
  private followed: readonly Followed[] = [];
  private current: readonly SilentInstrument[] = [];
  private isAsking = false;
  private restSinceMs: number | null = null;

  constructor(clock: Clock, book: QuoteBook, requests: QuoteRequests, events: SilenceEvents) {
    this.clock = clock;
    this.book = book;
    this.requests = requests;
    this.events = events;
  }

  /** Those that are known to be silent; the same list until one comes or goes. */
  get list(): readonly SilentInstrument[] {
    return this.current;
  }

  /** `parts`: the tokens of each connection. */
  follow(instruments: readonly BookInstrument[], parts: readonly (readonly number[])[]): void {
    const partOf = new Map(parts.flatMap((tokens, part) => tokens.map((token) => [token, part] as const)));
    const before = new Map(this.followed.map((one) => [one.slot, one.sinceAt]));
    const nowAt = this.clock.now();
    this.followed = instruments.map(({ key, token, role }) => {
      const slot = this.book.slotOf(key);
      return { slot, key, token, role, part: partOf.get(token) ?? 0, sinceAt: before.get(slot) ?? nowAt };
    });
    const slots = new Set(this.followed.map(({ slot }) => slot));
    for (const slot of [...this.suspects.keys()]) if (!slots.has(slot)) this.forget(slot);
    this.publish();
  }

  /** Judges everybody, and asks REST where it is due. `session`: the login to ask with. */
  look(session: SessionCredentials, facts: SilenceFacts): void {
    const peersAt = this.latestByPart(facts.flows.length);
    this.restSinceMs = facts.restDelivers ? (this.restSinceMs ?? this.clock.monotonic()) : null;
    for (const one of this.followed) {
      if (one.role === 'watch' && !facts.isShown(one.token)) this.forget(one.slot);
      else this.judge(one, facts, peersAt[one.part] ?? 0);
    }
    this.publish();
    this.askIfDue(session, facts.flows);
  }

  /** The feed is not wanted any more, or there is no login to ask with: nothing can be known of anybody's silence. */
  stop(): void {
    for (const slot of [...this.suspects.keys()]) this.forget(slot);
    this.restSinceMs = null;
    this.publish();
  }

  private judge(one: Followed, facts: SilenceFacts, peersAt: number): void {
    const nowAt = this.clock.now();
    const flow = facts.flows[one.part];
    const day = this.book.dayOfSlot(one.slot);
    const suspect = this.suspects.get(one.slot);
    const isTrading = day !== undefined && stageAt(day, nowAt) === 'continuous';
    const hasCome = suspect !== undefined && this.book.arrivals.streamedAt(one.slot) > suspect.sinceAt;
    if (flow === undefined || !isTrading || hasCome) this.forget(one.slot);
    else if (!flow.isLive) this.judgeByRest(one, facts.restDelivers);
    else if (flow.isInTime && !facts.isQuiet && nowAt - peersAt <= this.limit(PEERS_WITHIN_MS)) {
      const dueAt = Math.max(stageStart(day, nowAt) ?? nowAt, nowAt - flow.liveForMs, one.sinceAt);
      this.judgeSilence(one, Math.max(dueAt, this.book.arrivals.streamedAt(one.slot)));
    }
  }

  private judgeSilence(one: Followed, sinceAt: number): void {
    const { role, slot } = one;
    const silentMs = this.clock.now() - sinceAt;
    const usualMs = USUAL_INTERVALS * this.book.arrivals.usualIntervalMs(slot);
    const askedAfterMs = Math.max(ASKED_AFTER_MS[role], Math.min(usualMs, LONGEST_UNASKED_MS));
    if (silentMs <= this.limit(askedAfterMs)) return;
    const suspect = this.suspects.get(slot) ?? this.suspect(slot, sinceAt);
    // Told once it is stale by the one rule for that; a watched instrument has none.
    if (suspect.told !== null || (role !== 'watch' && !this.book.staleness.isSilent(slot))) return;
    const { newerSinceMs, failures } = suspect;
    const isProven = newerSinceMs !== null && this.clock.monotonic() - newerSinceMs >= this.limit(UNDER_WAY_MS);
    const isUnknown = failures >= FAILURES_TOLD && silentMs > this.limit(Math.max(askedAfterMs, usualMs));
    if (isProven) this.tell(one, suspect, 'newer-by-rest');
    else if (isUnknown) this.tell(one, suspect, 'no-answer');
  }

  /**
   * Its connection is down: no others of it come, and the fallback asks for all. This one has no answer where REST brings
   * the others and not this one; whatever else was known of it has gone with the connection.
   */
  private judgeByRest(one: Followed, restDelivers: boolean): void {
    const told = this.suspects.get(one.slot)?.told ?? null;
    const limitMs = this.limit(UNANSWERED_MS);
    const isAnswered = this.clock.now() - this.book.arrivals.answeredAt(one.slot) <= limitMs;
    const hasDelivered = this.restSinceMs !== null && this.clock.monotonic() - this.restSinceMs > limitMs;
    if (isAnswered || !restDelivers || told?.evidence !== 'no-answer') this.forget(one.slot);
    if (isAnswered || !hasDelivered || this.suspects.has(one.slot)) return;
    const sinceAt = this.book.arrivals.streamedAt(one.slot) || one.sinceAt;
    this.tell(one, this.suspect(one.slot, sinceAt), 'no-answer');
  }

  private suspect(slot: number, sinceAt: number): Suspect {
    const suspect = { slot, sinceAt, nextAskMs: 0, failures: 0, newerSinceMs: null, told: null };
    this.suspects.set(slot, suspect);
    return suspect;
  }

  private tell({ key, slot }: Followed, suspect: Suspect, evidence: SilentInstrument['evidence']): void {
    if (suspect.told?.evidence === evidence) return;
    if (suspect.told === null) suspect.nextAskMs = 0;
    suspect.told = { key, since: suspect.sinceAt, evidence };
    this.book.staleness.setProven(slot, true);
  }

  private forget(slot: number): void {
    if (!this.suspects.delete(slot)) return;
    this.book.staleness.setProven(slot, false);
  }

  private publish(): void {
    const list = [...this.suspects.values()].flatMap(({ told }) => told ?? []);
    if (list.length === this.current.length && list.every((one, index) => one === this.current[index])) return;
    this.current = list;
    this.events.changed();
  }

  /** Of a connection that is down the fallback asks for all. */
  private askIfDue(session: SessionCredentials, flows: readonly PartFlow[]): void {
    if (this.isAsking || this.suspects.size === 0) return;
    const nowMs = this.clock.monotonic();
    const isDue = ({ slot, part }: Followed): boolean => {
      const suspect = this.suspects.get(slot);
      if (suspect === undefined || flows[part]?.isLive !== true || suspect.nextAskMs > nowMs) return false;
      return suspect.told !== null || suspect.newerSinceMs === null;
    };
    const asked = this.followed.filter(isDue).slice(0, KEYS_PER_REQUEST);
    if (asked.length > 0) void this.ask(session, asked);
  }

  private async ask(session: SessionCredentials, asked: readonly Followed[]): Promise<void> {
    this.isAsking = true;
    try {
      const quotes = await this.requests.ask(
        session,
        asked.map(({ key }) => key),
      );
      for (const one of asked) this.answered(one, quotes.get(one.key));
    } catch (error) {
      const code = error instanceof KiteError ? error.code : 'unknown';
      for (const one of asked) this.failed(one);
      if (code === 'token-rejected' || code === 'credentials-invalid') this.events.tokenRejected();
    } finally {
      this.isAsking = false;
    }
  }

  private answered(one: Followed, quote: KiteQuote | undefined): void {
    const { slot, role } = one;
    const suspect = this.suspects.get(slot);
    // It has come meanwhile.
    if (suspect === undefined || this.book.arrivals.streamedAt(slot) > suspect.sinceAt) return;
    const isNews = quote === undefined ? null : this.book.isNews(quote);
    if (quote === undefined || isNews === null) {
      this.failed(one);
      return;
    }
    suspect.failures = 0;
    const nowMs = this.clock.monotonic();
    if (isNews) suspect.newerSinceMs ??= nowMs;
    else this.book.arrivals.upToDate(slot, this.clock.now());
    const isCalm = suspect.newerSinceMs === null;
    suspect.nextAskMs = isCalm ? nowMs + this.limit(ASKED_AFTER_MS[role]) : 0;
    if (suspect.told === null) return;
    this.events.quotes([quote], this.clock.now());
    // Kite answers again: it has something newer, or this instrument only is calm.
    if (isCalm) this.takeBack(suspect);
    else this.tell(one, suspect, 'newer-by-rest');
    this.publish();
  }

  private takeBack(suspect: Suspect): void {
    suspect.told = null;
    this.book.staleness.setProven(suspect.slot, false);
  }

  private failed(one: Followed): void {
    const suspect = this.suspects.get(one.slot);
    if (suspect === undefined) return;
    suspect.failures++;
    const waitMs = Math.min(LONGEST_BACKOFF_MS, 1_000 * 2 ** suspect.failures);
    suspect.nextAskMs = this.clock.monotonic() + waitMs;
    // What REST was to bring does not come any more.
    if (suspect.told !== null && suspect.failures >= FAILURES_TOLD) this.tell(one, suspect, 'no-answer');
  }

  /** When each connection last brought news of anybody, wall time. */
  private latestByPart(parts: number): readonly number[] {
    const latest = new Array<number>(parts).fill(0);
    for (const { slot, part } of this.followed) {
      latest[part] = Math.max(latest[part] ?? 0, this.book.arrivals.streamedAt(slot));
    }
    return latest;
  }

  private limit(ms: number): number {
    return limitAtSpeed(ms, this.clock.speed);
  }
}
