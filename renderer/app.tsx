import type { ReactElement } from 'react';
import { AboutPriceTooltip } from './components/about-price.tsx';
import { Banner } from './features/banner/banner.tsx';
import { FirstRun } from './features/first-run/first-run.tsx';
import { HelpDialog } from './features/help/help-dialog.tsx';
import { SettingsDialog } from './features/settings/settings-dialog.tsx';
import { SignInDialog } from './features/sign-in/sign-in-dialog.tsx';
import { useFailedLogin } from './features/sign-in/use-failed-login.ts';
import { TopBar } from './features/top-bar/top-bar.tsx';
import { AddInstrumentDialog } from './features/watchlist/add-instrument-dialog.tsx';
import { Workspace } from './features/workspace/workspace.tsx';
import { useShortcuts } from './shortcuts.ts';
import { useDesk, useDeskView, useLink } from './state/desk-store.ts';
import { useKeepFocus } from './state/focus-keeper.ts';
import { useThemeOnDocument } from './state/theme.ts';
import { useUi } from './state/ui-store.ts';

/** The window: the desk once it has answered, until then the way to it. */
export function App(): ReactElement {
  const answered = useDeskView((view) => view.state !== null);
  const ended = useUi((ui) => ui.hasEnded);
  const link = useLink();
  if (ended && link !== 'connected') return <Ended />;
  return answered ? <Window /> : <NoDesk />;
}

function Window(): ReactElement {
  useThemeOnDocument();
  useShortcuts();
  useKeepFocus();
  useFailedLogin();
  const link = useLink();
  const firstRun = useDesk(({ auth, app }) => auth.state === 'unconfigured' && app.bringsKey !== true);
  return (
    <div className="window" data-link={link}>
      <TopBar />
      <Banner />
      {firstRun ? <FirstRun /> : <Workspace />}
      <SettingsDialog />
      <SignInDialog />
      <HelpDialog />
      <AddInstrumentDialog />
      <AboutPriceTooltip />
    </div>
  );
}

/** After the trader has ended the app from its page. */
function Ended(): ReactElement {
  return (
    <main className="no-desk" role="status">
      <img src="./icon.svg" alt="" width="40" height="40" />
      <h1>The simulation has ended</h1>
      <p>You can close this page. For your own account, start the app with npm start.</p>
    </main>
  );
}

/** Before the first answer of the desk. */
function NoDesk(): ReactElement {
  const link = useLink();
  return (
    <main className="no-desk" role="status">
      <img src="./icon.svg" alt="" width="40" height="40" />
      {link === 'refused' ? (
        <>
          <h1>This page does not belong to the running app</h1>
          <p>
            The app gives each start a new key. Use the page it opened, or open the address it printed in the terminal.
          </p>
        </>
      ) : link === 'lost' ? (
        <>
          <h1>The app is not running</h1>
          <p>This page connects by itself once it is. If you start it yourself, use the page it opens.</p>
        </>
      ) : (
        <h1>Connecting…</h1>
      )}
    </main>
  );
}
