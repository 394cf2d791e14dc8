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
  /** Ends the app: what leaving comes to where the app itself was started on a simulated exchange. */
  readonly endApp?: () => void;
  readonly log: Log;
}

/** A host whose commands reach whichever desk is running, and which starts and stops the simulation between them. */
export interface RunningDeskHost extends DeskHost, AsyncDisposable {}

/**
 * Runs one desk at a time: the trader's own, or one on a simulated exchange, which keeps another home. The shells keep
 * their one door to it and are told when the desk behind it changes.
 */
export async function startDeskHost(options: DeskHostOptions): Promise<RunningDeskHost> {
  const listeners = new Set<(desk: Desk) => void>();
  let simulation: Simulation | null = null;
  let running = await options.openDesk();
  /** The change under way; it never rejects. */
  let changing: Promise<unknown> | null = null;
  /** The part of it in which one desk takes the place of another. */
  let swapping: Promise<void> | null = null;
  let closing: Promise<void> | null = null;

  const swapTo = (open: () => Promise<Desk>): Promise<void> => {
    if (closing !== null) return Promise.reject(new Error('the app is closing'));
    swapping = swap(open).finally(() => {
      swapping = null;
    });
    return swapping;
  };

  /** The next desk is open before the last one closes: when it cannot be opened, nothing has changed. */
  const swap = async (open: () => Promise<Desk>): Promise<void> => {
    const before = running;
    running = await open();
    for (const listener of [...listeners]) listener(withSimulation(running));
    try {
      await before[Symbol.asyncDispose]();
    } catch (error) {
      options.log('error', 'app', `The desk before this one did not close well: ${reasonOf(error)}`);
    }
  };

  const start = async (startSimulation: () => Promise<Simulation>): Promise<void> => {
    const started = await startSimulation();
    const ending = { hasEnded: false };
    started.onEnd(() => {
      ending.hasEnded = true;
      void endedByItself(started);
    });
    try {
      await swapTo(() => started.openDesk());
    } catch (error) {
      await started[Symbol.asyncDispose]();
      throw error;
    }
    simulation = started;
    if (ending.hasEnded && closing === null) await stop(started);
  };

  const stop = async (ending: Simulation): Promise<void> => {
    await swapTo(options.openDesk);
    simulation = null;
    await ending[Symbol.asyncDispose]();
  };

  /** While the app closes, its exchange may end first: there is no desk to go back to any more. */
  const endedByItself = async (ended: Simulation): Promise<void> => {
    if (simulation !== ended || closing !== null) return;
    options.log('warning', 'app', 'The simulated exchange ended by itself.');
    await change(() => stop(ended));
  };

  /** One change at a time; a failure is told as a sentence, and why in the log. */
  const change = (run: () => Promise<void>): Promise<Result<null>> | Result<null> => {
    if (closing !== null) return failed('closing', 'The app is closing.');
    if (changing !== null) return failed('busy', 'The exchange is being changed already.');
    const result = carriedOut(run).finally(() => {
      changing = null;
    });
    changing = result;
    return result;
  };

  const carriedOut = async (run: () => Promise<void>): Promise<Result<null>> => {
    try {
      await run();
      return ok(null);
    } catch (error) {
      if (closing !== null) return failed('closing', 'The app is closing.');
      options.log('error', 'app', `Changing the exchange failed: ${reasonOf(error)}`);
      return failed('simulation-failed', `The exchange could not be changed: ${reasonOf(error)}`);
    }
  };

  /**
   * What a change under way has opened is closed too, and the exchange after its desk. An exchange that is still starting
   * is not waited for before the desk has closed.
   */
  const close = async (): Promise<void> => {
    await swapping?.catch(() => undefined);
    try {
      await running[Symbol.asyncDispose]();
    } finally {
      await changing;
      await simulation?.[Symbol.asyncDispose]();
    }
  };

  const startOnCommand = (): Promise<Result<null>> | Result<null> => {
    const { startSimulation } = options;
    if (startSimulation === null) return failed('no-simulation', 'The simulated exchange is not part of this build.');
    if (simulation !== null) return failed('already-simulated', 'The simulated exchange is running already.');
    return change(() => start(startSimulation));
  };

  const stopOnCommand = (): Promise<Result<null>> | Result<null> => {
    const ending = simulation;
    if (ending !== null) return change(() => stop(ending));
    if (!running.state.app.simulated || options.endApp === undefined) {
      return failed('not-simulated', 'There is no simulation to leave.');
    }
    // Not before the answer has gone out.
    setImmediate(options.endApp);
    return ok(null);
  };

  /** The two commands that outlive a desk are answered here. */
  const withSimulation = (desk: Desk): Desk => {
    const invoke: Desk['invoke'] = async (name, args) => {
      if (name === 'simulation.start') return startOnCommand();
      if (name === 'simulation.stop') return stopOnCommand();
      const isSecret = name === 'token.set' || name === 'credentials.save';
      return isSecret && isVisited(desk) ? notInSimulation : desk.invoke(name, args);
    };
    const takeToken: Desk['takeToken'] = async (accessToken, door) =>
      isVisited(desk) ? notInSimulation : desk.takeToken(accessToken, door);
    return forwarded(desk, { invoke, takeToken });
  };

  return {
    get desk() {
      return withSimulation(running);
    },
    onSwap: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.asyncDispose]: () => {
      // Commands and the exchange's own end look at it, so it is there before anything is closed.
      const done = Promise.withResolvers<void>();
      if (closing === null) {
        closing = done.promise;
        close().then(done.resolve, done.reject);
      }
      return closing;
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}

/**
 * Whether the trader is on a visit to a simulation, which has a login of its own: one of the trader's is not its business.
 * An app that was started on a simulated exchange is given that exchange's.
 */
function isVisited({ state }: Desk): boolean {
  return state.transport?.leadsTo === 'start';
}

const notInSimulation = failed(
  'simulated',
  'This is a simulation with a login of its own; Kite was not asked. Leave it to use a login of yours.',
);

/** The same desk with other commands; an object of its own, because a desk's state is read anew each time. */
function forwarded(desk: Desk, { invoke, takeToken }: Pick<Desk, 'invoke' | 'takeToken'>): Desk {
  return {
    get state() {
      return desk.state;
    },
    health: () => desk.health(),
    tokenStatus: () => desk.tokenStatus(),
    journal: (date) => desk.journal(date),
    get currentJournal() {
      return desk.currentJournal;
    },
    get today() {
      return desk.today;
    },
    candles: (query) => desk.candles(query),
    invoke,
    takeToken,
    log: (...line) => desk.log(...line),
    completeLogin: (url) => desk.completeLogin(url),
    abandonLogin: (failure) => desk.abandonLogin(failure),
    attach: (client) => desk.attach(client),
    watchMarket: (listener) => desk.watchMarket(listener),
    wake: (reason) => desk.wake(reason),
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}
