import { failed, ok, type Result } from '../contract/result.ts';
import type { Log } from '../log.ts';
import type { Desk, DeskHost } from './desk-api.ts';

/** A simulated exchange that is running for us. Disposing stops it. */
export interface Simulation extends AsyncDisposable {
  /** Opens a desk that lives on it. */
  openDesk(): Promise<Desk>;
  /** Called when the exchange ended by itself. */
  onEnd(listener: () => void): void;
}

export interface DeskHostOptions {
  /** Opens the trader's own desk. */
  readonly openDesk: () => Promise<Desk>;
  /** Starts a simulated exchange; null where there is none to start. */
  readonly startSimulation: (() => Promise<Simulation>) | null;
  readonly log: Log;
}

/** A host whose commands reach whichever desk is running, and which starts and stops the simulation between them. */
export interface RunningDeskHost extends DeskHost, AsyncDisposable {}

/**
 * Runs one desk at a time: the trader's own, or one on a simulated exchange. The shells keep their one door to it and
 * are told when the desk behind it changes.
 */
export async function startDeskHost(options: DeskHostOptions): Promise<RunningDeskHost> {
  const listeners = new Set<(desk: Desk) => void>();
  let simulation: Simulation | null = null;
  let running = await options.openDesk();
  let isSwapping = false;

  const swap = async (open: () => Promise<Desk>): Promise<Result<null>> => {
    if (isSwapping) return failed('busy', 'The exchange is being changed already.');
    isSwapping = true;
    try {
      const before = running;
      await before[Symbol.asyncDispose]();
      running = await open();
      for (const listener of [...listeners]) listener(withSimulation(running));
      return ok(null);
    } finally {
      isSwapping = false;
    }
  };

  const start = async (): Promise<Result<null>> => {
    if (options.startSimulation === null)
      return failed('no-simulation', 'The simulated exchange is not part of this build.');
    if (simulation !== null) return failed('already-simulated', 'The simulated exchange is running already.');
    const started = await options.startSimulation();
    simulation = started;
    started.onEnd(() => void stop());
    return swap(() => started.openDesk());
  };

  const stop = async (): Promise<Result<null>> => {
    const ending = simulation;
    if (ending === null) return failed('not-simulated', 'The simulated exchange is not running.');
    simulation = null;
    const result = await swap(options.openDesk);
    await ending[Symbol.asyncDispose]();
    return result;
  };

  /** The two commands that outlive a desk are answered here. */
  const withSimulation = (desk: Desk): Desk =>
    forwarded(desk, async (name, args) => {
      if (name !== 'simulation.start' && name !== 'simulation.stop') return desk.invoke(name, args);
      try {
        return await (name === 'simulation.start' ? start() : stop());
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown error';
        options.log('error', 'app', `The simulated exchange failed: ${reason}`);
        return failed('simulation-failed', 'The simulated exchange could not be started.');
      }
    });

  return {
    get desk() {
      return withSimulation(running);
    },
    onSwap: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await simulation?.[Symbol.asyncDispose]();
    },
  };
}

/** The same desk with other commands; an object of its own, because a desk's state is read anew each time. */
function forwarded(desk: Desk, invoke: Desk['invoke']): Desk {
  return {
    get state() {
      return desk.state;
    },
    health: () => desk.health(),
    tokenStatus: () => desk.tokenStatus(),
    journal: (date) => desk.journal(date),
    invoke,
    takeToken: (accessToken, door) => desk.takeToken(accessToken, door),
    log: (...line) => desk.log(...line),
    completeLogin: (url) => desk.completeLogin(url),
    attach: (client) => desk.attach(client),
    watchMarket: (listener) => desk.watchMarket(listener),
    wake: (reason) => desk.wake(reason),
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}
