import type { DeskBridge, LinkState } from '../../src/contract/bridge.ts';
import type { DeskState, StateMessage } from '../../src/contract/state.ts';
import { decodeTickBatch, type TickBatch, TickBatchError } from '../../src/contract/tick-lane.ts';
import { CandleBook, type ReloadReason } from './candle-book.ts';
import { DeskClock, type PageTime } from './desk-clock.ts';
import { applyStateMessage, useDeskView } from './desk-store.ts';
import { InterestRegistry } from './interest.ts';
import { PaintReport } from './paint-report.ts';
import { type Painting, QuoteBook } from './quotes.ts';

/** The running connection to a desk: what components reach through `useSession`. */
export interface DeskSession extends Disposable {
  readonly bridge: DeskBridge;
  readonly clock: DeskClock;
  readonly quotes: QuoteBook;
  readonly candles: CandleBook;
  readonly interest: InterestRegistry;
  readonly paintReport: PaintReport;
  /** Tick batches that could not be read since the page was opened. */
  readonly unreadableBatches: () => number;
}

/** Connects a bridge to the store, the books and the clock. Everything stops when the session is disposed. */
export function startDeskSession(bridge: DeskBridge, time: PageTime, painting: Painting): DeskSession {
  const clock = new DeskClock(time);
  const paintReport = new PaintReport(bridge);
  const quotes = new QuoteBook(painting, () => paintReport.painted());
  const candles = new CandleBook(bridge);
  const interest = new InterestRegistry((wanted) => bridge.setInterest(wanted));
  const stack = new DisposableStack();
  stack.use(clock);
  let unreadable = 0;

  const onState = (message: StateMessage): void => {
    const before = useDeskView.getState();
    const after = applyStateMessage(before, message);
    if (after === 'hole') {
      // Subscribing anew is how a bridge is asked for a snapshot.
      stopListening();
      stopListening = bridge.onState(onState);
      return;
    }
    if (after.state === null) return;
    clock.sync(message.now, after.state.app.speed);
    useDeskView.setState(after);
    if (message.type === 'snapshot') bridge.setInterest(interest.current());
    if (before.state === null) return;
    if (isAnotherDesk(before.state, after.state) || !sameSlots(before.state, after.state)) {
      quotes.clear();
      paintReport.clear();
    }
    const reason = whyReload(before.state, after.state);
    if (reason !== null) candles.reload(reason);
  };
  let stopListening = bridge.onState(onState);
  stack.defer(() => stopListening());

  const onTicks = (buffer: ArrayBuffer): void => {
    const batch = readBatch(buffer);
    if (batch === null) {
      unreadable++;
    } else {
      paintReport.arrived(batch, interest.isHidden);
      quotes.apply(batch.quotes);
      for (const candle of batch.candles) {
        const { start, open, high, low, close, volume, openInterest, state, corrected } = candle;
        const instrument = useDeskView.getState().state?.instruments[candle.slot];
        const row = [start, open, high, low, close, volume, openInterest, state, corrected] as const;
        if (instrument !== undefined) candles.put(instrument.key, row);
      }
    }
    // An unreadable batch is acknowledged too: the desk would hold the next one for ever.
    const seq = batch?.seq ?? sequenceOf(buffer);
    if (seq !== null) bridge.acknowledgeTicks(seq);
  };
  stack.defer(bridge.onTicks(onTicks));

  const onLink = (link: LinkState): void => {
    const { link: before, state } = useDeskView.getState();
    useDeskView.setState({ link });
    if (link === 'connected' && before === 'lost' && state !== null) candles.reload('more-history');
  };
  stack.defer(bridge.onLink(onLink));

  return {
    bridge,
    clock,
    quotes,
    candles,
    interest,
    paintReport,
    unreadableBatches: () => unreadable,
    [Symbol.dispose]: () => stack.dispose(),
  };
}

/** The desk was restarted, or the simulated exchange took the place of the real one. */
function isAnotherDesk(before: DeskState, after: DeskState): boolean {
  return before.app.startedAt !== after.app.startedAt || before.app.simulated !== after.app.simulated;
}

/** Slots keep their meaning while the desk runs; after a restart they may not. */
function sameSlots(before: DeskState, after: DeskState): boolean {
  return (
    before.instruments === after.instruments ||
    before.instruments.every((instrument, slot) => after.instruments[slot]?.key === instrument.key)
  );
}

/** Whether candles may now be others, or more, than before: null when not. */
function whyReload(before: DeskState, after: DeskState): ReloadReason | null {
  if (isAnotherDesk(before, after)) return 'new-desk';
  if (before.market.date !== after.market.date) return 'new-day';
  const closedGaps = (state: DeskState): number => state.feed.gaps.filter((gap) => gap.to !== null).length;
  const tokenWorks = before.auth.state !== 'valid' && after.auth.state === 'valid';
  return tokenWorks || closedGaps(before) < closedGaps(after) ? 'more-history' : null;
}

function readBatch(buffer: ArrayBuffer): TickBatch | null {
  try {
    return decodeTickBatch(buffer);
  } catch (error) {
    if (error instanceof TickBatchError) return null;
    throw error;
  }
}

function sequenceOf(buffer: ArrayBuffer): number | null {
  return buffer.byteLength >= 8 ? new DataView(buffer).getUint32(4, true) : null;
}
