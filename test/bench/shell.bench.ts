/**
 * The desktop app: from the start of its process to the first painted content of its window, and what crossing between
 * main process and page takes. On the stand-in of Electron, and on the real binary where it is present.
 */
import { findChromium } from '../../build/chromium.ts';
import { electronVersion, findElectron, noWindowReason } from '../../build/electron-binary.ts';
import { buildInterface, buildShell } from '../../build/tools.ts';
import type { DeskBridge } from '../../src/contract/bridge.ts';
import { type Bench, BenchUnavailableError, type FigureSpec, type Figures } from './bench.ts';
import { type LiveExchange, startLiveExchange } from './support/live-exchange.ts';
import { type ShellApp, startShell } from './support/shell-app.ts';
import { median, percentile } from './support/statistics.ts';

declare const desk: DeskBridge;

const ROUNDS = 7;
const INVOCATIONS = 500;
const BATCHES = 60;
const PAINTED_MS = 1_500;

export const shellBench: Bench = {
  name: 'shell',
  title: 'the desktop app: start to painted, and IPC',
  figures: [...figuresOn('standIn', 'stand-in'), ...figuresOn('electron', 'Electron')],
  run: async (say) => {
    const chromium = findChromium();
    const reason = noWindowReason();
    const executable = reason === null ? findElectron() : null;
    if (chromium === null && executable === null)
      throw new BenchUnavailableError('there is neither Chromium nor Electron');
    if (!buildInterface() || !buildShell()) throw new BenchUnavailableError('interface or shell cannot be built');
    say(`Painted: the page's first contentful paint after the process was started, median of ${ROUNDS} starts.`);
    say("The stand-in's own start, Chromium over DevTools included, is part of its figure: an upper bound.");
    say('Acknowledged: from the sending of a batch until its acknowledgement and one more question were answered.');
    if (executable === null)
      say(`Electron ${electronVersion}: not measured, ${reason ?? 'its binary is not on this machine'}.`);
    return {
      ...(chromium === null ? {} : await measure('standIn', null)),
      ...(executable === null ? {} : await measure('electron', executable)),
    };
  },
};

function figuresOn(prefix: string, name: string): readonly FigureSpec[] {
  return [
    { name: `${prefix}PaintedMs`, what: `${name}: process start to painted`, unit: 'ms', atMost: PAINTED_MS },
    { name: `${prefix}PageMs`, what: `${name}: of it, from the page's request to painted`, unit: 'ms' },
    { name: `${prefix}InvokeMs`, what: `${name}: a command and its answer, median`, unit: 'ms' },
    { name: `${prefix}InvokeP95Ms`, what: `${name}: a command and its answer, p95`, unit: 'ms' },
    { name: `${prefix}BatchMs`, what: `${name}: a batch of ticks to the page, median`, unit: 'ms' },
    { name: `${prefix}BatchP95Ms`, what: `${name}: a batch of ticks to the page, p95`, unit: 'ms' },
    { name: `${prefix}AcknowledgedMs`, what: `${name}: a batch there and acknowledged, median`, unit: 'ms' },
  ];
}

async function measure(prefix: string, executable: string | null): Promise<Figures> {
  await using live = await startLiveExchange();
  const painted: PaintTimes[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await using app = await startShell(live, executable);
    painted.push(await paintedAfter(app));
  }
  await using app = await startShell(live, executable);
  const batches = await timesOfBatches(app, live);
  const invocations = await timesOfInvocations(app);
  return {
    [`${prefix}PaintedMs`]: median(painted.map(({ sinceStartMs }) => sinceStartMs)),
    [`${prefix}PageMs`]: median(painted.map(({ sinceRequestMs }) => sinceRequestMs)),
    [`${prefix}InvokeMs`]: median(invocations),
    [`${prefix}InvokeP95Ms`]: percentile(invocations, 95),
    [`${prefix}BatchMs`]: median(batches.map(({ thereMs }) => thereMs)),
    [`${prefix}BatchP95Ms`]: percentile(
      batches.map(({ thereMs }) => thereMs),
      95,
    ),
    [`${prefix}AcknowledgedMs`]: median(batches.map(({ backMs }) => backMs)),
  };
}

/** Real ms to the first contentful paint, from the start of the process and from the page's own. */
interface PaintTimes {
  readonly sinceStartMs: number;
  readonly sinceRequestMs: number;
}

async function paintedAfter({ page, startedAt }: ShellApp): Promise<PaintTimes> {
  const { requestedAt, sinceRequestMs } = await page.evaluate(
    () =>
      new Promise<{ readonly requestedAt: number; readonly sinceRequestMs: number }>((resolve) => {
        new PerformanceObserver((list) => {
          const [paint] = list.getEntriesByName('first-contentful-paint');
          if (paint !== undefined) resolve({ requestedAt: performance.timeOrigin, sinceRequestMs: paint.startTime });
        }).observe({ type: 'paint', buffered: true });
      }),
  );
  return { sinceStartMs: requestedAt + sinceRequestMs - startedAt, sinceRequestMs };
}

/** Real ms of a command that changes nothing, one after the other. */
function timesOfInvocations({ page }: ShellApp): Promise<readonly number[]> {
  return page.evaluate(async (count) => {
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      const before = performance.now();
      await desk.invoke('alert.dismiss', { id: 'none' });
      times.push(performance.now() - before);
    }
    return times;
  }, INVOCATIONS);
}

interface BatchTimes {
  readonly thereMs: number;
  readonly backMs: number;
}

/** Real ms from a batch's stamp, which is market time, to its arrival, and until what was sent after it was answered. */
function timesOfBatches({ page }: ShellApp, { spec }: LiveExchange): Promise<readonly BatchTimes[]> {
  return page.evaluate(
    ({ marketMs, realMs, speed, count }) =>
      new Promise<readonly BatchTimes[]>((resolve) => {
        const times: BatchTimes[] = [];
        const realNow = (): number => performance.timeOrigin + performance.now();
        const SENT_AT = 16;
        const stop = desk.onTicks((batch) => {
          const sentAt = realMs + (new DataView(batch).getFloat64(SENT_AT, true) - marketMs) / speed;
          const thereMs = realNow() - sentAt;
          // The interface has heard of it first, and acknowledged it: messages keep their order.
          void desk.invoke('alert.dismiss', { id: 'none' }).then(() => {
            times.push({ thereMs, backMs: realNow() - sentAt });
            if (times.length < count) return;
            stop();
            resolve(times);
          });
        });
      }),
    { ...spec, count: BATCHES },
  );
}
