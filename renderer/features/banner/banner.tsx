import type { ReactElement } from 'react';
import { missingPrices } from '../../../src/contract/missing-prices.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { useDesk, useLink } from '../../state/desk-store.ts';
import { useCommand, useNow } from '../../state/session-context.ts';
import { openSettings, useUi } from '../../state/ui-store.ts';
import { useOpenTab } from '../bottom-panel/panel-focus.ts';
import { useSignIn } from '../sign-in/use-sign-in.ts';
import { type BannerContent, bannerContent, type Missed } from './banner-content.ts';
import './banner.css';

const buttonTexts: Readonly<Record<NonNullable<BannerContent['button']>, string>> = {
  'sign-in': 'Sign in',
  'open-settings': 'Open settings',
  'retry-feed': 'Reconnect now',
  'resume-feed': 'Resume feed',
  'open-doctor': 'Open doctor',
  'dismiss-alert': 'Dismiss',
  'dismiss-error': 'Dismiss',
};

/**
 * What is wrong, in one sentence; empty when nothing is. What else there is to say stands beside it where it fits whole,
 * and always among the alerts. The live region stays, so that changes are read out.
 */
export function Banner(): ReactElement {
  const content = bannerContent(
    useLink(),
    useUi((ui) => ui.commandError),
    useDesk((state) => state.alerts),
    useMissed(),
  );
  return (
    <div className="banner-region" role="alert">
      {content === null ? null : (
        <div className="banner" data-severity={content.severity}>
          <Icon name="alert" size={16} />
          <p className="banner__text" title={content.body ?? undefined}>
            <strong>{content.title}</strong>{' '}
            <span className="banner__body">
              <span>{content.body}</span>
            </span>
          </p>
          {content.more > 0 ? <MoreAlerts count={content.more} /> : null}
          {content.button === null ? null : <BannerButton content={content} button={content.button} />}
        </div>
      )}
    </div>
  );
}

/** What the whole market's sessions make and the feed does not bring. Nobody misses what was never set up. */
function useMissed(): Missed {
  const market = useDesk((state) => state.market);
  const feed = useDesk((state) => state.feed);
  const isSetUp = useDesk((state) => state.auth.state !== 'unconfigured');
  const link = useLink();
  const now = useNow();
  // Whatever the feed last said, nothing reaches this window without the link.
  const reaching = link === 'connected' ? feed : ({ ...feed, state: 'off', source: 'none' } as const);
  return { missing: isSetUp ? missingPrices(market, market.sessions, reaching, now) : null, now };
}

function MoreAlerts({ count }: { readonly count: number }): ReactElement {
  const openTab = useOpenTab();
  return (
    <button type="button" className="banner__more" onClick={() => openTab('alerts')}>
      and {count} more
    </button>
  );
}

interface BannerButtonProps {
  readonly content: BannerContent;
  readonly button: NonNullable<BannerContent['button']>;
}

function BannerButton({ content, button }: BannerButtonProps): ReactElement {
  const run = useCommand();
  const signIn = useSignIn();
  const openTab = useOpenTab();
  const act = (): void => {
    switch (button) {
      case 'sign-in':
        void signIn();
        break;
      case 'open-settings':
        openSettings('account');
        break;
      case 'retry-feed':
        void run('feed.retry', {});
        break;
      case 'resume-feed':
        void run('feed.resume', {});
        break;
      case 'open-doctor':
        openTab('doctor');
        break;
      case 'dismiss-alert':
        if (content.alertId !== null) void run('alert.dismiss', { id: content.alertId });
        break;
      case 'dismiss-error':
        useUi.setState({ commandError: null });
        break;
    }
  };
  return (
    <Button
      look={content.severity === 'action' || content.severity === 'missing' ? 'primary' : 'plain'}
      size="small"
      onClick={act}
    >
      {buttonTexts[button]}
    </Button>
  );
}
