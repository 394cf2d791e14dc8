import type { ReactElement } from 'react';
import { longDate } from '../../../src/contract/long-date.ts';
import { isInDesktopApp } from '../../bridge/host.ts';
import { Button } from '../../components/button.tsx';
import { CopyField } from '../../components/copy-field.tsx';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand, useSession } from '../../state/session-context.ts';
import { CredentialsForm } from '../settings/credentials-form.tsx';
import { StartWithPc } from '../settings/start-with-pc.tsx';
import { useSignIn } from '../sign-in/use-sign-in.ts';
import './first-run.css';

/** The first screen: connect a Kite Connect app, or look around on the simulated exchange. */
export function FirstRun(): ReactElement {
  const canSimulate = useDesk((state) => state.app.canSimulate);
  return (
    <main className="first-run">
      <header className="first-run__intro">
        <h1>Connect your Zerodha account</h1>
        <p>
          NIFTY, BANKNIFTY and SENSEX with their front-month futures, running before the market is. The app only reads
          market data: it cannot place orders.
        </p>
      </header>
      <div className="first-run__columns">
        <ConnectZerodha />
        {canSimulate ? <ExploreSimulation /> : null}
      </div>
    </main>
  );
}

function ConnectZerodha(): ReactElement {
  const redirectUrl = useDesk((state) => state.settings.redirectUrl);
  const secretStore = useDesk((state) => state.app.secretStore);
  const { bridge } = useSession();
  const signIn = useSignIn();
  return (
    <section className="first-run__connect" aria-label="Connect Zerodha">
      <ol className="first-run__steps">
        <li>
          <h2>Create an app in Kite Connect</h2>
          <p>
            Log in at Zerodha’s developer console and create an app of the type “Connect”: ₹500 a month, with live
            prices. The free type “Personal” has none.{' '}
            <button
              type="button"
              className="link"
              onClick={() => bridge.openExternal('https://developers.kite.trade/apps')}
            >
              Open the console
            </button>
          </p>
        </li>
        <li>
          <h2>Register this redirect URL</h2>
          <p>Zerodha sends your browser here after each login. It never leaves this PC.</p>
          <CopyField text={redirectUrl} label="Redirect URL" />
        </li>
        <li>
          <h2>Enter its key and secret</h2>
          <CredentialsForm submitText="Connect" onSaved={() => void signIn(true)} />
          <p className="quiet">
            {secretStore === 'keychain'
              ? 'Kept in this system’s keychain, nowhere else.'
              : 'The system’s keychain cannot be used now: kept in memory, and moved there once it can.'}
          </p>
        </li>
        <li>
          <h2>Log in on Zerodha’s page</h2>
          <p>Connect opens it. Once a day after this, one press of Sign in does it.</p>
        </li>
      </ol>
      {isInDesktopApp() ? <StartWithPc /> : null}
    </section>
  );
}

/** The same choice as the simulation's: today, or the last trading day. */
function PlayedDay(): ReactElement {
  const { date, day, previousSession } = useDesk((state) => state.market);
  if (day === 'trading') return <>today, {longDate(date)},</>;
  return previousSession === null ? <>a trading day</> : <>the last trading day, {longDate(previousSession)},</>;
}

function ExploreSimulation(): ReactElement {
  const run = useCommand();
  return (
    <section className="first-run__explore" aria-label="Simulated exchange">
      <h2>Without an account</h2>
      <p>
        A simulated exchange is built in. It plays <PlayedDay /> from 08:49, twenty times as fast: pre-open, live prices
        and close. You can pause it, go faster and jump ahead. Everything it shows is marked{' '}
        <span className="simulated">SIMULATED</span>.
      </p>
      <p>
        As on every morning the login has expired: press Sign in. The simulated login page opens with a simulated user
        filled in, and asks for nothing of yours.
      </p>
      <Button onClick={() => void run('simulation.start', {})}>Explore the simulated exchange</Button>
    </section>
  );
}
