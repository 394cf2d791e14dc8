import { CandleDrawing } from '../../renderer/features/chart/candle-drawing.ts';
import { type DeskSession, startDeskSession } from '../../renderer/state/desk-session.ts';
import { noDesk, useDeskView } from '../../renderer/state/desk-store.ts';
import type { DeskBridge, LinkState, TickInterest } from '../../src/contract/bridge.ts';
import type { CandleRow } from '../../src/contract/commands.ts';
import type { StateMessage } from '../../src/contract/state.ts';
import type { UiAttachment } from '../../src/desk/desk-api.ts';
import { StrictSeries } from './strict-series.ts';
import type { Floor } from './trading-floor.ts';

/** A bar as the chart's series holds it: the axis's time in s, prices in rupees. */
export type Bar = ReturnType<StrictSeries<'Candlestick'>['data']>[number];

/**
 * The interface's page at a floor's desk: its own session, books and chart drawing, with the desk's lanes joined to them
 * directly. The view of the desk is the module's, so there is one page at a time.
 */
export interface PageOnFloor extends Disposable {
  readonly session: DeskSession;
  /** Charts exactly these instruments from now on. */
  chart(keys: readonly string[]): Promise<void>;
  /** The current day's candles as the page has them. */
  rows(key: string): readonly CandleRow[];
  /** The same as the chart's series got them. */
  bars(key: string): readonly Bar[];
  /** Loses the link to the desk, and finds it again: to the desk that is running then. */
  loseLink(): void;
  findLink(): Promise<void>;
  /** Spoils the next batch on its way. */
  spoilBatch(): void;
}

interface Charted extends Disposable {
  readonly series: StrictSeries<'Candlestick'>;
}

/** The way between a page and whatever desk is running. */
class FloorBridge implements DeskBridge {
  private readonly floor: Floor;
  private readonly links = new Set<(state: LinkState) => void>();
  private readonly states = new Set<(message: StateMessage) => void>();
  private readonly ticks = new Set<(batch: ArrayBuffer) => void>();
  private interest: TickInterest | null = null;
  private attachment: UiAttachment | null = null;
  spoilsNext = false;

  constructor(floor: Floor) {
    this.floor = floor;
  }

  invoke: DeskBridge['invoke'] = async (name, args) => (await this.floor.desk.invoke(name, args)) as never;

  onState(listener: (message: StateMessage) => void): () => void {
    this.states.add(listener);
    this.attachment?.resendSnapshot();
    return () => void this.states.delete(listener);
  }

  onTicks(listener: (batch: ArrayBuffer) => void): () => void {
    this.ticks.add(listener);
    return () => void this.ticks.delete(listener);
  }

  onLink(listener: (state: LinkState) => void): () => void {
    this.links.add(listener);
    return () => void this.links.delete(listener);
  }

  acknowledgeTicks(seq: number): void {
    const { attachment } = this;
    queueMicrotask(() => attachment?.acknowledge(seq));
  }

  setInterest(interest: TickInterest): void {
    this.interest = interest;
    this.attachment?.setInterest(interest);
  }

  openExternal(): void {}

  attach(): void {
    const attachment = this.floor.desk.attach({
      state: (message) => {
        for (const listener of [...this.states]) listener(message);
      },
      ticks: (batch) => this.deliver(batch),
    });
    this.attachment = attachment;
    if (this.interest !== null) attachment.setInterest(this.interest);
    for (const listener of this.links) listener('connected');
  }

  detach(): void {
    this.attachment?.[Symbol.dispose]();
    this.attachment = null;
    for (const listener of this.links) listener('lost');
  }

  private deliver(batch: ArrayBuffer): void {
    const whole = this.spoilsNext ? batch.slice(0, batch.byteLength - 8) : batch;
    this.spoilsNext = false;
    for (const listener of this.ticks) listener(whole);
  }
}

export function openPage(floor: Floor): PageOnFloor {
  useDeskView.setState(noDesk, true);
  const bridge = new FloorBridge(floor);
  const { clock } = floor;
  const session = startDeskSession(
    bridge,
    { monotonic: () => clock.monotonic(), setTimeout: (run, ms) => clock.setTimeout(run, ms) },
    { before: (paint) => paint(), after: (tell) => tell() },
  );
  bridge.attach();
  let shown: Disposable | null = null;
  let wanted: readonly string[] = [];
  const charted = new Map<string, Charted>();
  /** As a component does: by the slots the instruments have now. */
  const showSlots = (): void => {
    const instruments = useDeskView.getState().state?.instruments ?? [];
    const slots = wanted.map((key) => instruments.findIndex((each) => each.key === key && !each.retired));
    const before = shown;
    shown = session.interest.show(
      'candles',
      slots.filter((slot) => slot >= 0),
    );
    before?.[Symbol.dispose]();
  };
  const stopWatching = useDeskView.subscribe(({ state }, before) => {
    if (state?.instruments !== before.state?.instruments) showSlots();
  });
  return {
    session,
    chart: async (keys) => {
      wanted = keys;
      for (const [key, chart] of [...charted]) {
        if (keys.includes(key)) continue;
        chart[Symbol.dispose]();
        charted.delete(key);
      }
      for (const key of keys) if (!charted.has(key)) charted.set(key, chartOf(session, key));
      showSlots();
      await floor.settle();
    },
    rows: (key) => session.candles.day(key, null).rows,
    bars: (key) => charted.get(key)?.series.data() ?? [],
    loseLink: () => bridge.detach(),
    findLink: async () => {
      bridge.attach();
      await floor.settle();
    },
    spoilBatch: () => {
      bridge.spoilsNext = true;
    },
    [Symbol.dispose]: () => {
      stopWatching();
      for (const chart of charted.values()) chart[Symbol.dispose]();
      session[Symbol.dispose]();
      bridge.detach();
    },
  };
}

/** The day drawn as `ChartCanvas` has it drawn: all rows, then what becomes of them. */
function chartOf(session: DeskSession, key: string): Charted {
  const series = new StrictSeries<'Candlestick'>();
  const volumes = new StrictSeries<'Histogram'>();
  const drawing = new CandleDrawing({ candles: series.api, volumes: volumes.api });
  drawing.draw(session.candles.day(key, null).rows);
  const stops = [
    session.candles.subscribe(key, null, () => undefined),
    session.candles.onChange(key, null, (change) => drawing.apply(change)),
  ];
  return {
    series,
    [Symbol.dispose]: () => {
      for (const stop of stops) stop();
    },
  };
}
