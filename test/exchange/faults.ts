import { z } from 'zod';
import type { Clock } from '../../src/clock.ts';
import { malformedSorts } from './ticker/malformed-frames.ts';

/** Timing that every lasting fault takes, in market time from now; without `forMs` it lasts until cleared. */
const timing = { startInMs: z.number().nonnegative().optional(), forMs: z.number().positive().optional() };
const count = z.int().positive().optional();

export const faultSchema = z.discriminatedUnion('kind', [
  /** The current access tokens die. */
  z.strictObject({ kind: z.literal('killToken'), startInMs: timing.startInMs }),
  /** As if the user had logged out of every Kite session. */
  z.strictObject({ kind: z.literal('masterLogout'), startInMs: timing.startInMs }),
  /** Closes every socket, or the one opened after so many others that are open, with the code given or without a closing handshake (a client sees 1006). */
  z.strictObject({
    kind: z.literal('drop'),
    code: z.int().min(1000).max(4999).optional(),
    socket: z.int().nonnegative().optional(),
    startInMs: timing.startInMs,
  }),
  /** Answers with this status instead; `count` limits how often. Below 400 it is not Kite that answers: a portal. */
  z.strictObject({
    kind: z.literal('refuse'),
    where: z.enum(['rest', 'socket', 'both']),
    status: z.int().min(200).max(599),
    html: z.boolean().optional(),
    count,
    ...timing,
  }),
  /** Sockets stay open and nothing comes. */
  z.strictObject({ kind: z.literal('stall'), ...timing }),
  /** Heartbeats come, data does not. */
  z.strictObject({ kind: z.literal('mute'), ...timing }),
  /** A wrong frame before each data frame. */
  z.strictObject({ kind: z.literal('malformed'), sort: z.enum(malformedSorts), count, ...timing }),
  /** Frames arrive late. */
  z.strictObject({ kind: z.literal('delay'), ms: z.number().positive(), ...timing }),
  /** Connections are reset, or requests and upgrades are never answered. */
  z.strictObject({ kind: z.literal('refuseConnections'), how: z.enum(['reset', 'hang']), ...timing }),
  /** The plan has no market data: 403 for the socket and for quotes, while the profile answers. */
  z.strictObject({ kind: z.literal('wrongPlan'), ...timing }),
  /** 403 for the socket under an active plan, while all calls work; a login made after the fault began cures it. */
  z.strictObject({ kind: z.literal('socketRefused'), ...timing }),
  /** Instrument lists never come, come a little a second, or end in mid-line; of one exchange or of all. */
  z.strictObject({
    kind: z.literal('lists'),
    how: z.enum(['hang', 'trickle', 'partial']),
    exchange: z.string().optional(),
    ...timing,
  }),
  /** Minutes are in the history only so many ms after their end, or not at all until the fault is over. */
  z.strictObject({ kind: z.literal('lateRows'), byMs: z.number().positive().optional(), ...timing }),
  /** An instrument has another trading symbol in the lists. */
  z.strictObject({
    kind: z.literal('renamed'),
    tradingSymbol: z.string().min(1),
    to: z.string().regex(/^[^,"\n]+$/),
    ...timing,
  }),
  /** The times in one instrument's packets are so far off, ms: ahead above 0. */
  z.strictObject({ kind: z.literal('wrongStamp'), token: z.int().positive(), byMs: z.int(), ...timing }),
  /** The `Date` of every answer is so far off the market's time, ms: ahead above 0. */
  z.strictObject({ kind: z.literal('dateSkew'), byMs: z.int(), ...timing }),
  /** Each data frame comes twice. */
  z.strictObject({ kind: z.literal('duplicate'), ...timing }),
  /** Each data frame is followed by the one before it. */
  z.strictObject({ kind: z.literal('outOfOrder'), ...timing }),
  /** One instrument sends nothing. */
  z.strictObject({ kind: z.literal('quiet'), token: z.int().positive(), ...timing }),
]);

/** A scripted fault, as the control endpoint takes it. */
export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault['kind'];
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

/** Faults that happen at a moment instead of lasting. */
export type MomentaryKind = 'killToken' | 'masterLogout' | 'drop';
export type LastingKind = Exclude<FaultKind, MomentaryKind>;

/** A fault in force or to come; instants in ms since the epoch, null for no end. */
export interface ScriptedFault {
  readonly id: number;
  readonly fault: Fault;
  readonly startMs: number;
  readonly endMs: number | null;
  /** How often it still applies; null without a limit. */
  readonly remaining: number | null;
}

const momentary: readonly FaultKind[] = ['killToken', 'masterLogout', 'drop'] satisfies MomentaryKind[];

/** What is going wrong at the moment, by market time. */
export class FaultBook implements Disposable {
  private readonly clock: Clock;
  private readonly happen: (fault: FaultOf<MomentaryKind>) => void;
  private scripted: ScriptedFault[] = [];
  private readonly timers = new Map<number, Disposable>();
  private nextId = 1;

  /** `happen` carries out the faults that are moments. */
  constructor(clock: Clock, happen: (fault: FaultOf<MomentaryKind>) => void) {
    this.clock = clock;
    this.happen = happen;
  }

  /** Puts a fault in force, now or later; returns the number by which to clear it. */
  apply(fault: Fault): number {
    const id = this.nextId++;
    const startMs = this.clock.now() + (fault.startInMs ?? 0);
    if (isMomentary(fault)) {
      if ((fault.startInMs ?? 0) === 0) this.happen(fault);
      else this.schedule(id, fault, startMs);
      return id;
    }
    const endMs = fault.forMs === undefined ? null : startMs + fault.forMs;
    const remaining = 'count' in fault ? (fault.count ?? null) : null;
    this.scripted = [...this.list(), { id, fault, startMs, endMs, remaining }];
    return id;
  }

  /** Ends one fault, or all. */
  clear(id?: number): void {
    this.scripted = this.scripted.filter((entry) => id !== undefined && entry.id !== id);
    for (const [timerId, timer] of this.timers) {
      if (id !== undefined && timerId !== id) continue;
      timer[Symbol.dispose]();
      this.timers.delete(timerId);
    }
  }

  /** Faults in force or to come. */
  list(): readonly ScriptedFault[] {
    const now = this.clock.now();
    const isOver = ({ endMs, remaining }: ScriptedFault): boolean =>
      (endMs !== null && endMs <= now) || (remaining !== null && remaining <= 0);
    if (this.scripted.some(isOver)) this.scripted = this.scripted.filter((entry) => !isOver(entry));
    return this.scripted;
  }

  /** The fault of this kind in force that `applies`; null without one. */
  active<K extends LastingKind>(kind: K, applies: (fault: FaultOf<K>) => boolean = () => true): FaultOf<K> | null {
    return (this.find(kind, applies)?.fault as FaultOf<K> | undefined) ?? null;
  }

  /** When the fault of this kind that is in force began, ms since the epoch; null without one. */
  since(kind: LastingKind): number | null {
    return this.find(kind, () => true)?.startMs ?? null;
  }

  /** Like `active`, and counts the use against the fault's limit. */
  use<K extends LastingKind>(kind: K, applies: (fault: FaultOf<K>) => boolean = () => true): FaultOf<K> | null {
    const found = this.find(kind, applies);
    if (found === undefined) return null;
    this.scripted = this.scripted.map((entry) =>
      entry.id === found.id && entry.remaining !== null ? { ...entry, remaining: entry.remaining - 1 } : entry,
    );
    return found.fault as FaultOf<K>;
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  private find<K extends LastingKind>(kind: K, applies: (fault: FaultOf<K>) => boolean): ScriptedFault | undefined {
    if (this.scripted.length === 0) return undefined;
    const now = this.clock.now();
    return this.list().find(
      ({ fault, startMs }) => fault.kind === kind && startMs <= now && applies(fault as FaultOf<K>),
    );
  }

  private schedule(id: number, fault: FaultOf<MomentaryKind>, startMs: number): void {
    const run = (): void => {
      this.timers.delete(id);
      this.happen(fault);
    };
    this.timers.set(id, this.clock.setTimeout(run, startMs - this.clock.now()));
  }
}

function isMomentary(fault: Fault): fault is FaultOf<MomentaryKind> {
  return momentary.includes(fault.kind);
}
