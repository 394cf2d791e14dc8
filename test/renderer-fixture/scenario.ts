import type { UiState } from '../../renderer/state/ui-store.ts';
import type { PriceKind } from '../../src/contract/price.ts';
import type { DeskState, InstrumentState } from '../../src/contract/state.ts';
import { goodDay } from './base-state.ts';
import { ist, TODAY } from './day-plan.ts';

/** One situation the interface has to have an answer to. */
export interface Scenario {
  readonly name: string;
  /** Market time of the first message, ms. */
  readonly now: number;
  readonly state: DeskState;
  /** What prices are like; null: none has come. */
  readonly kindOf: (instrument: InstrumentState) => PriceKind | null;
  /** The IST time up to which there are candles, and whose day they are; null: none. */
  readonly candles: { readonly date: string; readonly until: string } | null;
  /** What becomes of a question about candles. */
  readonly history: 'given' | 'partial' | 'fails' | 'hangs';
  readonly ticking: boolean;
  readonly fromRest: boolean;
  readonly isStale: (instrument: InstrumentState) => boolean;
  /** The link is cut half a second after the start. */
  readonly linkLost: boolean;
  /** What is open on the page from the start. */
  readonly ui: Partial<UiState>;
  /** Keys pressed once it stands. */
  readonly press: readonly string[];
  /** Nothing is ever answered. */
  readonly silent: boolean;
  /** Every number as wide as it can get. */
  readonly widest: boolean;
  /** Before the session a quote still has the last one's open, high, low and volume. */
  readonly carriesLastSession: boolean;
}

/** The parts of a scenario that differ from a quiet live day. */
export interface Difference {
  readonly date?: string;
  readonly time: string;
  readonly change?: (state: DeskState) => DeskState;
  readonly scenario?: Partial<Scenario>;
}

/** A quiet live day with its differences. */
export function scenarioOf(name: string, difference: Difference): Scenario {
  const { date = TODAY, time, change = (state: DeskState) => state, scenario } = difference;
  return {
    name,
    now: ist(date, time),
    state: change(goodDay(date, time)),
    kindOf: () => 'live',
    candles: { date, until: time.slice(0, 5) },
    history: 'given',
    ticking: true,
    fromRest: false,
    isStale: () => false,
    linkLost: false,
    ui: {},
    press: [],
    silent: false,
    widest: false,
    carriesLastSession: false,
    ...scenario,
  };
}
