import { type RunningDeskHost, startDeskHost } from '../src/desk/desk-host.ts';
import { openDesk, type ShellPorts } from '../src/desk/open-desk.ts';
import type { DeskEnvironment } from '../src/environment.ts';
import type { Log } from '../src/log.ts';
import type { NotificationChannel } from '../src/notify/alert-center.ts';
import { startSimulation } from '../src/serve/simulator.ts';
import { appVersion } from '../src/version.ts';

export interface DeskOptions {
  readonly environment: DeskEnvironment;
  /** The folder asked for on the command line. */
  readonly home: string | null;
  readonly channels: readonly NotificationChannel[];
  readonly log: Log;
  /** Ends the app: what leaving a simulation it was started for comes to. */
  readonly endApp: () => void;
}

/** Opens the same desk that browser mode runs, with the shell's ways to reach the trader. */
export function setupDesk({ environment, home, channels, log, endApp }: DeskOptions): Promise<RunningDeskHost> {
  const hasSimulator = environment.exchangeEntry !== null;
  const shell: ShellPorts = {
    version: appVersion,
    home,
    channels,
    hasLoginWindow: true,
    canSimulate: hasSimulator && !environment.simulated,
  };
  return startDeskHost({
    openDesk: () => openDesk(environment, shell),
    startSimulation: hasSimulator ? () => startSimulation(environment, shell) : null,
    endApp,
    log,
  });
}
