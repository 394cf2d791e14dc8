import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeskState } from '../../src/contract/state.ts';
import type { Desk } from '../../src/desk/desk-api.ts';
import { type RunningDeskHost, startDeskHost } from '../../src/desk/desk-host.ts';
import { openDesk, type ShellPorts } from '../../src/desk/open-desk.ts';
import { type DeskEnvironment, readEnvironment } from '../../src/environment.ts';
import { instantOf } from '../../src/market/ist.ts';
import { startSimulation } from '../../src/serve/simulator.ts';

const NOWHERE = 'http://127.0.0.1:9';
const exchangeEntry = join(import.meta.dirname, '..', 'exchange', 'main.ts');

/** Resolves once the desk's state is so. */
async function reached(desk: Desk, holds: (state: DeskState) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (holds(desk.state)) resolve();
  };
  using _attachment = desk.attach({ state: look, ticks: () => {} });
  await promise;
}

describe('the simulated exchange, started from within the app', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'mdts-simulation-test-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  const openHost = (entry: string, log: string[] = []): Promise<RunningDeskHost> => {
    const environment: DeskEnvironment = {
      ...readEnvironment({ MDTS_SECRETS: 'memory' }, false),
      endpoints: { apiRoot: NOWHERE, loginRoot: NOWHERE, tickerRoot: NOWHERE.replace('http', 'ws') },
      home,
      exchangeEntry: entry,
    };
    const shell: ShellPorts = { version: 'test', home: null, channels: [], hasLoginWindow: false, canSimulate: true };
    return startDeskHost({
      openDesk: () => openDesk(environment, shell),
      startSimulation: () => startSimulation(environment, shell),
      log: (level, _area, text) => void log.push(`${level}: ${text}`),
    });
  };

  it('is a trading morning with a dead login, marked and in a home of its own; and back again', async () => {
    await using host = await openHost(exchangeEntry);
    expect(host.desk.state).toMatchObject({
      app: { simulated: false, canSimulate: true },
      auth: { state: 'unconfigured' },
    });

    expect(await host.desk.invoke('simulation.start', {})).toEqual({ ok: true, value: null });
    const { app, market } = host.desk.state;
    expect(app).toMatchObject({ simulated: true, canSimulate: false, secretStore: 'memory', speed: 20 });
    expect(['trading', 'special']).toContain(market.day);
    await reached(host.desk, ({ auth }) => auth.state === 'expired');
    expect(host.desk.health()).toMatchObject({ simulated: true });
    expect(host.desk.health().clock.now).toMatch(/T08:(49|50)/);
    expect(readdirSync(home)).toContain('simulated');

    // Its time is steered from here, the exchange's process and the desk together.
    expect(host.desk.state.transport).toEqual({ paused: false, speed: 20, leadsTo: 'start' });
    expect(await host.desk.invoke('simulation.steer', { do: 'pause' })).toEqual({ ok: true, value: null });
    const opening = instantOf(market.date, '09:15');
    expect(await host.desk.invoke('simulation.steer', { do: 'jump', to: opening })).toEqual({ ok: true, value: null });
    expect(host.desk.state).toMatchObject({ transport: { paused: true }, market: { phase: 'live' } });
    expect(host.desk.health().clock.now).toMatch(/T09:15:00/);

    // A login of the trader's is neither asked about nor taken here.
    const before = host.desk.state.auth;
    const simulatedAlone = { ok: false, error: { code: 'simulated', message: expect.stringContaining('not asked') } };
    const credentials = { apiKey: 'abcd1234efghwxyz', apiSecret: 'secret1234' };
    expect(await host.desk.takeToken('realtoken12345678', 'api')).toEqual(simulatedAlone);
    expect(await host.desk.invoke('token.set', { accessToken: 'realtoken12345678' })).toEqual(simulatedAlone);
    expect(await host.desk.invoke('credentials.save', credentials)).toEqual(simulatedAlone);
    expect(host.desk.state.auth).toEqual(before);

    expect(await host.desk.invoke('simulation.stop', {})).toEqual({ ok: true, value: null });
    expect(host.desk.state.transport).toBeUndefined();
    expect(host.desk.state).toMatchObject({ app: { simulated: false, speed: 1 }, auth: { state: 'unconfigured' } });
  });

  it('that cannot be started leaves the desk as it was, and nothing behind', async () => {
    vi.stubEnv('TMPDIR', home);
    const log: string[] = [];
    await using host = await openHost(join(home, 'no-such-program.ts'), log);
    expect(await host.desk.invoke('simulation.start', {})).toEqual({
      ok: false,
      error: { code: 'simulation-failed', message: expect.stringContaining('The simulated exchange ended at once.') },
    });
    expect(host.desk.state.app).toMatchObject({ simulated: false, canSimulate: true });
    expect(await host.desk.invoke('settings.update', { theme: 'dark' })).toMatchObject({ ok: true });
    expect(readdirSync(home).filter((name) => name.startsWith('mdts-simulation-'))).toEqual([]);
    expect(log).toHaveLength(1);
  });
});
