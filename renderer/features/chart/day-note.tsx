import type { ReactElement } from 'react';
import { useDesk } from '../../state/desk-store.ts';
import { useNow } from '../../state/session-context.ts';
import { dayNoteContent } from './day-note-content.ts';

/** Above the chart on days that are not ordinary: holiday, special session, calendar unknown. */
export function DayNote(): ReactElement | null {
  const market = useDesk((state) => state.market);
  const content = dayNoteContent(
    market,
    useNow(),
    useDesk((state) => state.schedule.steps),
  );
  if (content === null) return null;
  return (
    <aside className="day-note" data-tone={content.tone}>
      <strong>{content.title}</strong>
      <span>{content.detail}</span>
    </aside>
  );
}
