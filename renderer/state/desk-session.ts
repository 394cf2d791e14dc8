import type { DeskBridge, LinkState, TickInterest } from '../../src/contract/bridge.ts';
import type { DeskState, StateMessage } from '../../src/contract/state.ts';
import { decodeTickBatch, type TickBatch, TickBatchError } from '../../src/contract/tick-lane.ts';
import { marketRate } from '../../src/contract/transport.ts';
import { CandleBook } from './candle-book.ts';
import { DeskClock, type PageTime } from './desk-clock.ts';
import { applyStateMessage, useDeskView } from './desk-store.ts';
import { FollowedCandles } from './followed-candles.ts';
import { InterestRegistry } from './interest.ts';
import { PaintReport } from './paint-report.ts';
import { type Painting, QuoteBook } from './quotes.ts';
import { SnapshotRequest } from './snapshot-request.ts';
import { forgetMarket } from './ui-store.ts';

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
  const followed = new FollowedCandles(candles);
  const tellInterest = (wanted: TickInterest): void => {
    followed.set(wanted.candles);
    bridge.setInterest(wanted);
  };
  const interest = new InterestRegistry(tellInterest);
  const stack = new DisposableStack();
  stack.use(clock);
  let unreadable = 0;
  let wasUnreadable = false;

  const forgetWhatChanged = (before: DeskState, after: DeskState): void => {
    const isAnother = isAnotherDesk(before, after);
    if (before.app.simulated !== after.app.simulated) forgetMarket();
    if (isAnother || !sameSlots(before, after)) {
      quotes.clear();
      paintReport.clear();
      followed.rename();
    }
    if (isAnother) candles.startDesk();
    else if (before.market.date !== after.market.date) candles.startDay();
  };
  const onState = (message: StateMessage): void => {
    if (message.type === 'snapshot') snapshots.settle();
    const before = useDeskView.getState();
    const after = applyStateMessage(before, message);
    if (after === 'hole') {
      snapshots.need();
      return;
    }
    if (after.state === null) return;
    clock.sync(message.now, marketRate(after.state));
    useDeskView.setState(after);
    if (before.state !== null) forgetWhatChanged(before.state, after.state);
    if (message.type === 'snapshot') tellInterest(interest.current());
  };
  const snapshots = stack.use(
    new SnapshotRequest(time, () => {
      // Subscribing anew is how a bridge is asked for a snapshot.
      stopListening();
      stopListening = bridge.onState(onState);
    }),
  );
  let stopListening = bridge.onState(onState);
  stack.defer(() => stopListening());

  /** What candles were lost is not known. Leaving the interest and coming back has all of them sent whole. */
  const resendCandles = (): void => {
    const wanted = interest.current();
    candles.expectWhole();
    bridge.setInterest({ ...wanted, candles: [] });
    bridge.setInterest(wanted);
  };
  const onTicks = (buffer: ArrayBuffer): void => {
    const batch = readBatch(buffer);
    if (batch === null) {
      unreadable++;
      if (!wasUnreadable) resendCandles();
    } else {
      paintReport.arrived(batch, interest.isHidden);
      quotes.apply(batch.quotes);
      followed.put(batch.candles);
    }
    wasUnreadable = batch === null;
    // An unreadable batch is acknowledged too: the desk would hold the next one for ever.
    const seq = batch?.seq ?? sequenceOf(buffer);
    if (seq !== null) bridge.acknowledgeTicks(seq);
  };
  stack.defer(bridge.onTicks(onTicks));

  const onLink = (link: LinkState): void => {
    const { link: before, state } = useDeskView.getState();
    useDeskView.setState({ link });
    // Whoever attaches gets a snapshot unasked; whoever was asked for one before is gone.
    if (link === 'lost') snapshots.settle();
    // A desk sends everything of interest whole to an interface that attaches.
    if (link === 'lost') candles.expectWhole();
    if (link === 'connected' && before === 'lost' && state !== null) candles.refreshToday();
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
