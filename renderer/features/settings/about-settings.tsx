import type { ReactElement } from 'react';
import { fullDate, istDate, istTime } from '../../format/ist.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useSession } from '../../state/session-context.ts';

export function AboutSettings(): ReactElement {
  const app = useDesk((state) => state.app);
  const calendar = useDesk((state) => state.market.calendar);
  const { bridge } = useSession();
  return (
    <>
      <dl className="facts">
        <dt>Version</dt>
        <dd>{app.version}</dd>
        <dt>Running since</dt>
        <dd>
          {fullDate(istDate(app.startedAt))}, {istTime(app.startedAt)}
        </dd>
        <dt>Exchange</dt>
        <dd>{app.simulated ? `simulated, at speed ${app.speed}` : 'NSE and BSE through Zerodha Kite'}</dd>
        <dt>Secrets</dt>
        <dd>{app.secretStore === 'keychain' ? 'system keychain' : 'memory, for this run only'}</dd>
        <dt>Calendar</dt>
        <dd>
          {calendar.version}, to {fullDate(calendar.to)}
        </dd>
      </dl>
      <p className="quiet">
        Charts are drawn with TradingView Lightweight Charts™, Copyright © 2025 TradingView, Inc.{' '}
        <button type="button" className="link" onClick={() => bridge.openExternal('https://www.tradingview.com/')}>
          tradingview.com
        </button>
      </p>
      <p className="quiet">
        Text is set in Inter, Copyright © 2016 The Inter Project Authors, under the SIL Open Font License 1.1.
      </p>
    </>
  );
}
