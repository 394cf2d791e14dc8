import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import type { QuoteRow } from '../../src/contract/tick-lane.ts';
import { formatAge } from '../format/durations.ts';
import { istTime } from '../format/ist.ts';
import { useNow, useQuote } from '../state/session-context.ts';

const handle = Tooltip.createHandle<{ readonly slot: number }>();

const kindSentences: Readonly<Record<QuoteRow['kind'], string>> = {
  live: 'Live: from continuous trading.',
  indicative: 'Indicative: the auction is still looking for a price.',
  frozen: 'Frozen: the last value of something that is not trading now.',
  'previous-close': 'The close of an earlier session.',
};

/** Marks a number that can be asked about: its tooltip tells its kind, its age and where it came from. */
export function AskAbout({
  slot,
  className,
  focusable = false,
  children,
}: {
  readonly slot: number;
  readonly className?: string;
  readonly focusable?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  const host = <span className={className} tabIndex={focusable ? 0 : undefined} />;
  return (
    <Tooltip.Trigger handle={handle} payload={{ slot }} delay={450} render={host}>
      {children}
    </Tooltip.Trigger>
  );
}

/** The one tooltip all prices share; rendered once. */
export function AboutPriceTooltip(): ReactElement {
  return (
    <Tooltip.Root handle={handle}>
      {({ payload }) => (
        <Tooltip.Portal>
          <Tooltip.Positioner sideOffset={6} className="tooltip-positioner">
            <Tooltip.Popup className="tooltip">{payload ? <AboutPrice slot={payload.slot} /> : null}</Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      )}
    </Tooltip.Root>
  );
}

function AboutPrice({ slot }: { readonly slot: number }): ReactElement {
  const quote = useQuote(slot);
  const now = useNow();
  if (quote === undefined) return <p>No price has come yet.</p>;
  return (
    <>
      <p className="tooltip__kind">{kindSentences[quote.kind]}</p>
      <dl className="facts">
        <dt>Exchange time</dt>
        <dd>{quote.exchangeTime > 0 ? istTime(quote.exchangeTime) : 'not sent'}</dd>
        {quote.lastTradedAt > 0 ? (
          <>
            <dt>Last traded</dt>
            <dd>{istTime(quote.lastTradedAt)}</dd>
          </>
        ) : null}
        <dt>Received</dt>
        <dd>{istTime(quote.receivedAt)}</dd>
        <dt>Age</dt>
        <dd>
          {formatAge(now - quote.receivedAt)}
          {quote.stale ? ', stale' : ''}
        </dd>
        <dt>Source</dt>
        <dd>{quote.fromRest ? 'backup, once a second' : 'live connection'}</dd>
      </dl>
    </>
  );
}
