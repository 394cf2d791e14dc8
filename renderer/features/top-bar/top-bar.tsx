import type { ReactElement } from 'react';
import { watchedSpan } from '../../../src/contract/unknown-hours.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { formatCountdown } from '../../format/durations.ts';
import { fullDate, istDate, istMoment, istTime } from '../../format/ist.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand, useNow } from '../../state/session-context.ts';
import { openDialog, openSettings } from '../../state/ui-store.ts';
import { useSignIn } from '../sign-in/use-sign-in.ts';
import { SimulationMenu } from '../transport/simulation-menu.tsx';
import { FeedCell } from './feed-cell.tsx';
import { marketWord, nextWord } from './phase-words.ts';
import { tokenStatusOf } from './token-status.ts';
import './top-bar.css';

/** The state of the day in one line: market, feed, login, time. */
export function TopBar(): ReactElement {
  return (
    <header className="top-bar">
      <img className="top-bar__logo" src="./icon.svg" alt="MyDailyTradingSignals" width="22" height="22" />
      <MarketCell />
      <FeedCell />
      <TokenCell />
      <div className="top-bar__end">
        <SimulationMenu />
        <IstClock />
        <Button look="quiet" aria-label="Help and keys" title="Help and keys (?)" onClick={() => openDialog('help')}>
          <Icon name="help" size={16} />
        </Button>
        <Button look="quiet" aria-label="Settings" title="Settings (Ctrl+,)" onClick={() => openSettings('general')}>
          <Icon name="gear" size={16} />
        </Button>
      </div>
    </header>
  );
}

function MarketCell(): ReactElement {
  const market = useDesk((state) => state.market);
  const watched = useDesk((state) => watchedSpan(state.schedule.steps));
  const now = useNow();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of words, not of fields
    <div className="cell cell--market" role="group" aria-label="Market">
      <span className="visually-hidden" role="status">
        Market {marketWord(market)}
      </span>
      <span className="cell__label">Market</span>
      <span className="cell__value">
        <span className="phase" data-phase={market.phase}>
          {marketWord(market)}
        </span>
        {market.phase === 'unknown' ? (
          <span className="cell__detail">{watched === null ? 'hours not known' : `watching ${watched}`}</span>
        ) : market.next === null ? null : (
          <span className="cell__detail next">
            <span className="next__what">
              {nextWord(market.next.phase)} {istMoment(market.next.at, market.date)}
            </span>
            <span className="next__when">
              in <b>{formatCountdown(market.next.at - now)}</b>
            </span>
          </span>
        )}
      </span>
    </div>
  );
}

function TokenCell(): ReactElement {
  const auth = useDesk((state) => state.auth);
  const today = useDesk((state) => state.market.date);
  const status = tokenStatusOf(auth, today);
  return (
    <div className="cell cell--token">
      <span className="visually-hidden" role="status">
        Login {status.word}
      </span>
      <div className="cell__text" title={`${status.word}, ${status.detail}`}>
        <span className="cell__label token-label">
          <span>Login{auth.userId === null ? '' : <span className="token-label__user">, {auth.userId}</span>}</span>
          <span className="token-label__detail" aria-hidden="true">
            {status.detail}
          </span>
        </span>
        <span className="cell__value cell__value--wrapping">
          <span className="token-word" data-tone={status.tone}>
            {status.word}
          </span>
          <span className="cell__detail">{status.detail}</span>
        </span>
      </div>
      <TokenAction action={status.action} />
    </div>
  );
}

function TokenAction({ action }: { readonly action: ReturnType<typeof tokenStatusOf>['action'] }): ReactElement | null {
  const run = useCommand();
  const signIn = useSignIn();
  // One button stands out at a time, and the banner's is the larger.
  const inBanner = useDesk((state) => state.alerts[0]?.action === 'sign-in');
  switch (action) {
    case null:
      return null;
    case 'sign-in':
      return (
        <Button
          look={inBanner ? 'plain' : 'primary'}
          size="small"
          title="Sign in (L)"
          {...(inBanner ? { className: 'also-in-banner' } : {})}
          onClick={() => void signIn()}
        >
          Sign in
        </Button>
      );
    case 'verify':
      return (
        <Button size="small" onClick={() => void run('token.verify', {})}>
          Check now
        </Button>
      );
    case 'cancel-login':
      return (
        <Button size="small" onClick={() => void run('login.cancel', {})}>
          Cancel
        </Button>
      );
  }
}

function IstClock(): ReactElement {
  const now = useNow();
  return (
    <div className="cell cell--clock">
      <span className="cell__label">{fullDate(istDate(now))}</span>
      <time className="cell__value">{istTime(now)} IST</time>
    </div>
  );
}
