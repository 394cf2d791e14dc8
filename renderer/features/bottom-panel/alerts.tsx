import type { ReactElement } from 'react';
import { Button } from '../../components/button.tsx';
import { istTime, readableDates } from '../../format/ist.ts';
import { useDesk } from '../../state/desk-store.ts';
import { useCommand } from '../../state/session-context.ts';

/** Everything that is wrong now; the banner shows the first. */
export function Alerts(): ReactElement {
  const alerts = useDesk((state) => state.alerts);
  const run = useCommand();
  if (alerts.length === 0) return <p className="empty">No alerts.</p>;
  return (
    <ul className="alert-list">
      {alerts.map((alert) => (
        <li key={alert.id} className="alert-list__item" data-severity={alert.severity}>
          <time>{istTime(alert.raisedAt)}</time>
          <p>
            <strong>{readableDates(alert.title)}</strong> {readableDates(alert.body ?? '')}
          </p>
          <Button size="small" look="quiet" onClick={() => void run('alert.dismiss', { id: alert.id })}>
            Dismiss
          </Button>
        </li>
      ))}
    </ul>
  );
}
