import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Popover } from '@base-ui/react/popover';
import { type ReactElement, useState } from 'react';
import type { SteeringOrder, TransportState } from '../../../src/contract/transport.ts';
import { fullDate, istDate, istTime } from '../../format/ist.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useKeys } from '../../state/keys.ts';
import { useCommand, useNow } from '../../state/session-context.ts';
import { useUi } from '../../state/ui-store.ts';
import { jumpTargets } from './jump-targets.ts';
import { TransportControls } from './transport-controls.tsx';

/** Marks everything on the screen as simulated; opens what steers the simulated day and the way out of it. */
export function SimulationMenu(): ReactElement | null {
  const { simulated, speed } = useDesk((state) => state.app);
  const transport = useDesk((state) => state.transport);
  const [isOpen, setOpen] = useState(false);
  const run = useCommand();
  const pauseOrGoOn = (): void => {
    if (transport !== undefined) void run('simulation.steer', { do: transport.paused ? 'resume' : 'pause' });
  };
  const open = (): void => setOpen(transport !== undefined);
  useKeys({ p: pauseOrGoOn, P: pauseOrGoOn, s: open, S: open });
  if (!simulated) return null;
  const rate = speed === 1 ? '' : ` ${speed}×`;
  if (transport === undefined) {
    return (
      <span className="simulated" title={ABOUT}>
        SIMULATED{rate}
      </span>
    );
  }
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className="simulated simulated--menu" title={ABOUT}>
        SIMULATED {transport.paused ? <PausedSign /> : rate}
        <span className="simulated__sign" aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end" className="popover-positioner">
          <Popover.Popup className="popover">
            <SimulatedDay transport={transport} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function PausedSign(): ReactElement {
  return (
    <>
      <span className="simulated__paused" aria-hidden="true" />
      <span className="visually-hidden"> paused</span>
    </>
  );
}

const ABOUT = 'Prices come from the simulated exchange, not from the market';

function SimulatedDay({ transport }: { readonly transport: TransportState }): ReactElement {
  const market = useDesk((state) => state.market);
  const now = useNow();
  const run = useCommand();
  const date = istDate(now);
  const steer = async (order: SteeringOrder): Promise<string | null> => {
    const result = await run('simulation.steer', order, 'own');
    return result.ok ? null : result.error.message;
  };
  return (
    <>
      <Popover.Title className="popover__title">Simulated day</Popover.Title>
      <Popover.Description className="popover__text">
        {fullDate(date)}, {istTime(now)} IST{transport.paused ? ', paused' : ''}
      </Popover.Description>
      <TransportControls
        paused={transport.paused}
        speed={transport.speed}
        now={now}
        date={date}
        midnight={Date.parse(`${date}T00:00:00+05:30`)}
        targets={jumpTargets(market, now)}
        steer={steer}
      />
      {transport.leadsTo === 'start' ? <LeaveForStart /> : <EndApp />}
    </>
  );
}

/** Back to the trader's own start: nothing is lost by it, so nothing is asked. */
function LeaveForStart(): ReactElement {
  const run = useCommand();
  return (
    <div className="transport__leave">
      <Popover.Close className="button button--plain button--small" onClick={() => void run('simulation.stop', {})}>
        Leave the simulation
      </Popover.Close>
    </div>
  );
}

/** The app was started for the simulation alone: leaving it ends the app. */
function EndApp(): ReactElement {
  const run = useCommand();
  const end = async (): Promise<void> => {
    const result = await run('simulation.stop', {});
    if (result.ok) useUi.setState({ hasEnded: true });
  };
  return (
    <div className="transport__leave">
      <AlertDialog.Root>
        <AlertDialog.Trigger className="button button--plain button--small">End the simulation</AlertDialog.Trigger>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="dialog-backdrop" />
          <AlertDialog.Popup className="dialog">
            <AlertDialog.Title className="dialog__title">End the simulation?</AlertDialog.Title>
            <AlertDialog.Description className="dialog__description">
              The app was started for the simulation and closes with it. For your own account, start the app with npm
              start.
            </AlertDialog.Description>
            <div className="button-row button-row--end">
              <AlertDialog.Close className="button button--plain button--medium">Cancel</AlertDialog.Close>
              <AlertDialog.Close className="button button--primary button--medium" onClick={() => void end()}>
                End
              </AlertDialog.Close>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </div>
  );
}
