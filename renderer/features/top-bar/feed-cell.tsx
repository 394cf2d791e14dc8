import { Popover } from '@base-ui/react/popover';
import type { ReactElement } from 'react';
import { Button } from '../../components/button.tsx';
import { formatAge, formatAgeBriefly, formatCountdown } from '../../format/durations.ts';
import { istTime } from '../../format/ist.ts';
import { formatQuantity } from '../../format/numbers.ts';
import { isAtRest, worstAge } from '../../format/worst-age.ts';
import { useDesk, useLink } from '../../state/desk-store.ts';
import { useInstruments } from '../../state/selection.ts';
import { useCommand, useNow, useSession } from '../../state/session-context.ts';
import { useOpenTab } from '../bottom-panel/panel-focus.ts';
import { connectionOf } from './connection.ts';
import { ConnectionMark } from './connection-mark.tsx';

/** Connection, source and data age; opens the feed's details and its switch. */
export function FeedCell(): ReactElement {
  const feed = useDesk((state) => state.feed);
  const connection = connectionOf(feed, useLink());
  return (
    <Popover.Root>
      <Popover.Trigger className="cell cell--button">
        <span className="cell__label">{connection.source === 'backup' ? 'Feed (backup)' : 'Feed'}</span>
        <span className="cell__value feed-word" data-shape={connection.shape}>
          <ConnectionMark shape={connection.shape} />
          <span>
            {connection.word}
            {connection.missingSince === null ? null : <MissingFor since={connection.missingSince} />}
          </span>
        </span>
      </Popover.Trigger>
      <span className="visually-hidden" role="status">
        Feed {connection.word}
      </span>
      <DataAge />
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="popover-positioner">
          <Popover.Popup className="popover">
            <FeedDetails />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** How long prices have been missing, in its largest unit. */
function MissingFor({ since }: { readonly since: number }): ReactElement {
  const now = useNow();
  return <span className="feed-word__for">, {formatAgeBriefly(now - since)}</span>;
}

/** The worst of the cards' instruments, by name; how many of them are stale. */
function DataAge(): ReactElement {
  const now = useNow();
  const { quotes } = useSession();
  const followed = useInstruments().filter(({ role }) => role !== 'watch');
  const known = followed.map((instrument) => ({ ...instrument, quote: quotes.get(instrument.slot) }));
  const { title, ageMs, stale } = worstAge(known, now);
  const isResting = known.some(({ quote }) => quote !== undefined && isAtRest(quote));
  return (
    <div className="cell cell--age">
      <span className="cell__label">{title ?? 'Data age'}</span>
      <span className="cell__value" data-stale={stale > 0}>
        {ageMs === null ? (isResting ? 'not trading' : 'no data') : formatAge(ageMs)}
        {stale === 0 ? null : <span className="cell__detail">{`${stale} of ${followed.length} stale`}</span>}
      </span>
    </div>
  );
}

function FeedDetails(): ReactElement {
  const feed = useDesk((state) => state.feed);
  const now = useNow();
  const run = useCommand();
  const openTab = useOpenTab();
  const connection = connectionOf(feed, useLink());
  return (
    <>
      <Popover.Title className="popover__title">{connection.word}</Popover.Title>
      <Popover.Description className="popover__text">
        {feed.causeText ?? `The feed should be ${feed.desired}: ${feed.desiredReason}.`}
      </Popover.Description>
      <dl className="facts">
        <dt>In this state since</dt>
        <dd>{istTime(feed.since)}</dd>
        {feed.retryAt === null ? null : (
          <>
            <dt>Next attempt</dt>
            <dd>
              in {formatCountdown(feed.retryAt - now)}, after {feed.attempt} failed
            </dd>
          </>
        )}
        <dt>Last frame</dt>
        <dd>{feed.lastFrameAt === null ? 'none' : `${formatAge(now - feed.lastFrameAt)} ago`}</dd>
        <dt>Ticks</dt>
        <dd>{formatQuantity(feed.ticks)}</dd>
        <dt>Reconnects</dt>
        <dd>{formatQuantity(feed.reconnects)}</dd>
      </dl>
      <div className="button-row">
        {feed.paused ? (
          <Button look="primary" size="small" onClick={() => void run('feed.resume', {})}>
            Resume feed
          </Button>
        ) : (
          <Button size="small" onClick={() => void run('feed.pause', {})}>
            Pause feed
          </Button>
        )}
        <Button size="small" disabled={feed.desired === 'off'} onClick={() => void run('feed.retry', {})}>
          Reconnect now
        </Button>
        <Popover.Close className="button button--quiet button--small" onClick={() => openTab('health')}>
          Health
        </Popover.Close>
      </div>
    </>
  );
}
