import { describe, expect, it } from 'vitest';
import { ok, type Result } from '../../../src/contract/result.ts';
import type { Desk } from '../../../src/desk/desk-api.ts';
import {
  type DeskHostOptions,
  type RunningDeskHost,
  type Simulation,
  startDeskHost,
} from '../../../src/desk/desk-host.ts';
import { deskState } from '../electron/desk-state.ts';

/** Desks and an exchange that only note what happens to them. */
class Bench {
  readonly events: string[] = [];
  readonly logged: string[] = [];
  failing: 'exchange' | 'simulated desk' | 'own desk' | 'closing' | null = null;
  private endListener: () => void = () => {};
  private count = 0;
  /** Each is held until it is resolved; null: nothing is held. */
  exchangeGate: PromiseWithResolvers<void> | null = null;
  deskGate: PromiseWithResolvers<void> | null = null;
  /** Resolved when a simulated desk is asked for. */
  deskAsked = Promise.withResolvers<void>();
  closingGate: PromiseWithResolvers<void> | null = null;
  /** Resolved when a desk is asked to close. */
  closingAsked = Promise.withResolvers<void>();

  get options(): DeskHostOptions {
    return {
      openDesk: async () => this.desk('own'),
      startSimulation: () => this.simulation(),
      log: (level, _area, text) => void this.logged.push(`${level}: ${text}`),
    };
  }

  endExchange(): void {
    this.endListener();
  }

  private async simulation(): Promise<Simulation> {
    await this.exchangeGate?.promise;
    if (this.failing === 'exchange') throw new Error('no exchange today');
    this.events.push('exchange starts');
    return {
      openDesk: async () => {
        this.deskAsked.resolve();
        await this.deskGate?.promise;
        return this.desk('simulated');
      },
      onEnd: (listener) => {
        this.endListener = listener;
      },
      [Symbol.asyncDispose]: async () => void this.events.push('exchange stops'),
    };
  }

  private desk(kind: 'own' | 'simulated'): Desk {
    const name = `${kind} ${++this.count}`;
    if (this.failing === `${kind} desk`) throw new Error(`no ${kind} desk`);
    this.events.push(`${name} opens`);
    const invoke = async (command: unknown): Promise<Result<unknown>> => ok(`${name} did ${command}`);
    const unused = (): never => {
      throw new Error('not part of this test');
    };
    return {
      state: deskState({ app: { version: name } }),
      get today(): never {
        return unused();
      },
      candles: unused,
      health: unused,
      tokenStatus: unused,
      journal: unused,
      get currentJournal() {
        return unused();
      },
      invoke,
      takeToken: unused,
      log: unused,
      completeLogin: unused,
      abandonLogin: unused,
      attach: unused,
      watchMarket: unused,
      wake: unused,
      [Symbol.asyncDispose]: async () => {
        this.closingAsked.resolve();
        await this.closingGate?.promise;
        this.events.push(`${name} closes`);
        if (this.failing === 'closing') throw new Error('stuck');
      },
    };
  }
}

const nameOf = (host: RunningDeskHost): string => host.desk.state.app.version;

/** The name of the desk that takes over next, once the change is complete. */
async function nextDesk(host: RunningDeskHost): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  using _swaps = host.onSwap((desk) => resolve(desk.state.app.version));
  const name = await promise;
  await new Promise<void>((done) => {
    setImmediate(done);
  });
  return name;
}

describe('the host of the running desk', () => {
  it('opens the next desk before it closes the last, tells the shells, and stops the exchange after its desk', async () => {
    const bench = new Bench();
    const host = await startDeskHost(bench.options);
    const swaps: string[] = [];
    using _swaps = host.onSwap((desk) => void swaps.push(desk.state.app.version));
    expect(await host.desk.invoke('journal.get', {})).toEqual(ok('own 1 did journal.get'));

    expect(await host.desk.invoke('simulation.start', {})).toEqual(ok(null));
    expect([nameOf(host), await host.desk.invoke('x', {})]).toEqual(['simulated 2', ok('simulated 2 did x')]);
    expect(await host.desk.invoke('simulation.start', {})).toMatchObject({ error: { code: 'already-simulated' } });
    expect(await host.desk.invoke('simulation.stop', {})).toEqual(ok(null));
    expect(nameOf(host)).toBe('own 3');
    expect(await host.desk.invoke('simulation.stop', {})).toMatchObject({ error: { code: 'not-simulated' } });
    await host[Symbol.asyncDispose]();
    expect(swaps).toEqual(['simulated 2', 'own 3']);
    expect(bench.events).toEqual([
      'own 1 opens',
      'exchange starts',
      'simulated 2 opens',
      'own 1 closes',
      'own 3 opens',
      'simulated 2 closes',
      'exchange stops',
      'own 3 closes',
    ]);
  });

  it('says so where there is no exchange to start', async () => {
    await using host = await startDeskHost({ ...new Bench().options, startSimulation: null });
    expect(await host.desk.invoke('simulation.start', {})).toMatchObject({ error: { code: 'no-simulation' } });
  });

  it.each([
    'exchange',
    'simulated desk',
  ] as const)('keeps the trader’s own desk when the %s cannot be had', async (what) => {
    const bench = new Bench();
    await using host = await startDeskHost(bench.options);
    bench.failing = what;
    expect(await host.desk.invoke('simulation.start', {})).toMatchObject({
      ok: false,
      error: { code: 'simulation-failed', message: expect.stringMatching(/^The exchange could not be changed: no /) },
    });
    expect(nameOf(host)).toBe('own 1');
    expect(bench.events).not.toContain('own 1 closes');
    expect(bench.events.includes('exchange starts')).toBe(bench.events.includes('exchange stops'));
    expect(bench.logged).toEqual([expect.stringMatching(/^error: Changing the exchange failed: no /)]);
    // And it can be had later.
    bench.failing = null;
    expect(await host.desk.invoke('simulation.start', {})).toEqual(ok(null));
  });

  it('stays on the simulated exchange when the own desk cannot be opened, and can try again', async () => {
    const bench = new Bench();
    await using host = await startDeskHost(bench.options);
    await host.desk.invoke('simulation.start', {});
    bench.failing = 'own desk';
    expect(await host.desk.invoke('simulation.stop', {})).toMatchObject({ error: { code: 'simulation-failed' } });
    expect(nameOf(host)).toBe('simulated 2');
    expect(bench.events).not.toContain('exchange stops');
    bench.failing = null;
    expect(await host.desk.invoke('simulation.stop', {})).toEqual(ok(null));
    expect(nameOf(host)).toBe('own 4');
  });

  it('goes back to the own desk when the exchange ends by itself, also while its desk is being opened', async () => {
    const bench = new Bench();
    await using host = await startDeskHost(bench.options);
    await host.desk.invoke('simulation.start', {});
    const back = nextDesk(host);
    bench.endExchange();
    expect(await back).toBe('own 3');
    expect(bench.logged).toContain('warning: The simulated exchange ended by itself.');

    bench.deskGate = Promise.withResolvers();
    bench.deskAsked = Promise.withResolvers();
    const starting = host.desk.invoke('simulation.start', {});
    await bench.deskAsked.promise;
    bench.endExchange();
    bench.deskGate.resolve();
    expect(await starting).toEqual(ok(null));
    expect(nameOf(host)).toBe('own 5');
    expect(await host.desk.invoke('simulation.stop', {})).toMatchObject({ error: { code: 'not-simulated' } });
  });

  it('makes one change at a time', async () => {
    const bench = new Bench();
    await using host = await startDeskHost(bench.options);
    bench.exchangeGate = Promise.withResolvers();
    const first = host.desk.invoke('simulation.start', {});
    expect(await host.desk.invoke('simulation.start', {})).toMatchObject({ error: { code: 'busy' } });
    bench.exchangeGate.resolve();
    expect(await first).toEqual(ok(null));
    expect(bench.events.filter((event) => event === 'exchange starts')).toHaveLength(1);
  });

  it('is on the new desk even when the old one does not close well', async () => {
    const bench = new Bench();
    const host = await startDeskHost(bench.options);
    bench.failing = 'closing';
    expect(await host.desk.invoke('simulation.start', {})).toEqual(ok(null));
    expect(nameOf(host)).toBe('simulated 2');
    expect(bench.logged).toEqual(['error: The desk before this one did not close well: stuck']);
  });
});

/** Lets whatever can go on without a gate go on. */
const settle = (): Promise<void> => new Promise((done) => void setImmediate(done));

describe('the host of the running desk, closing', () => {
  it('opens nothing when the exchange ends first, and closes each thing once', async () => {
    const bench = new Bench();
    const host = await startDeskHost(bench.options);
    await host.desk.invoke('simulation.start', {});
    bench.closingGate = Promise.withResolvers();
    bench.closingAsked = Promise.withResolvers();
    const closed = host[Symbol.asyncDispose]();
    await bench.closingAsked.promise;
    bench.endExchange();
    for (const command of ['simulation.stop', 'simulation.start'] as const) {
      expect(await host.desk.invoke(command, {})).toMatchObject({ ok: false });
    }
    await settle();
    bench.closingGate.resolve();
    await Promise.all([closed, host[Symbol.asyncDispose]()]);
    await settle();
    expect(bench.events.slice(3)).toEqual(['own 1 closes', 'simulated 2 closes', 'exchange stops']);
    expect(bench.logged).toEqual([]);
  });

  // Where the start of a simulation is when the host is asked to close, and whether its exchange ends meanwhile.
  it.each([
    ['exchangeGate', false],
    ['deskGate', false],
    ['deskGate', true],
    ['closingGate', false],
    ['closingGate', true],
  ] as const)('closes what a start under way has opened: at the %s, the exchange ends: %s', async (gate, endsItself) => {
    const bench = new Bench();
    const host = await startDeskHost(bench.options);
    const held = Promise.withResolvers<void>();
    bench[gate] = held;
    const starting = host.desk.invoke('simulation.start', {});
    await settle();
    const closed = host[Symbol.asyncDispose]();
    if (endsItself) bench.endExchange();
    await settle();
    // An exchange that takes its time does not keep the trader's own desk from closing.
    expect(bench.events.includes('own 1 closes')).toBe(gate === 'exchangeGate');
    held.resolve();
    await Promise.all([closed, starting]);
    await settle();
    const opened = bench.events.filter((event) => event.endsWith(' opens'));
    const wanted = opened.map((event) => event.replace(/opens$/, 'closes'));
    expect(bench.events.filter((event) => event.endsWith(' closes')).toSorted()).toEqual(wanted.toSorted());
    expect(opened).not.toContain('own 3 opens');
    expect(bench.events.filter((event) => event.startsWith('exchange'))).toEqual(['exchange starts', 'exchange stops']);
    expect(bench.logged).toEqual([]);
  });

  it('closes the own desk that leaving a simulation is opening, and stops the exchange once', async () => {
    const bench = new Bench();
    const host = await startDeskHost(bench.options);
    await host.desk.invoke('simulation.start', {});
    bench.closingGate = Promise.withResolvers();
    const leaving = host.desk.invoke('simulation.stop', {});
    await settle();
    const closed = host[Symbol.asyncDispose]();
    bench.closingGate.resolve();
    await Promise.all([leaving, closed]);
    expect(bench.events.slice(4)).toEqual(['own 3 opens', 'simulated 2 closes', 'exchange stops', 'own 3 closes']);
  });
});

describe('leaving a simulation that the app was started for', () => {
  it('ends the app, once the answer is on its way; where time is real there is nothing to leave', async () => {
    const bench = new Bench();
    const ended = Promise.withResolvers<void>();
    let hasEnded = false;
    const endApp = (): void => {
      hasEnded = true;
      ended.resolve();
    };
    const simulatedDesk = async (): Promise<Desk> => {
      const desk = await bench.options.openDesk();
      return Object.assign(Object.create(desk) as Desk, { state: deskState({ app: { simulated: true } }) });
    };
    await using simulated = await startDeskHost({
      ...bench.options,
      openDesk: simulatedDesk,
      startSimulation: null,
      endApp,
    });
    expect(await simulated.desk.invoke('simulation.stop', {})).toEqual(ok(null));
    expect(hasEnded).toBe(false);
    await ended.promise;

    await using real = await startDeskHost({
      ...bench.options,
      startSimulation: null,
      endApp: () => expect.fail('ended'),
    });
    expect(await real.desk.invoke('simulation.stop', {})).toMatchObject({ error: { code: 'not-simulated' } });
  });
});
