import { type ReactElement, useState } from 'react';
import type { ActivityEntry } from '../../../src/contract/state.ts';
import { istTime } from '../../format/ist.ts';
import { formatQuantity } from '../../format/numbers.ts';
import { useDesk } from '../../state/desk-store.ts';
import { foldRepeats } from './fold-repeats.ts';

type Level = ActivityEntry['level'];

const filters = [
  { least: 'info', name: 'All' },
  { least: 'warning', name: 'Warnings' },
  { least: 'error', name: 'Errors' },
] as const satisfies readonly { least: Level; name: string }[];

const rank: Readonly<Record<Level, number>> = { info: 0, warning: 1, error: 2 };

/** The log of the run, newest first. */
export function Activity(): ReactElement {
  const entries = useDesk((state) => state.activity);
  const [least, setLeast] = useState<Level>('info');
  const shown = foldRepeats(entries.filter((entry) => rank[entry.level] >= rank[least])).toReversed();
  return (
    <div className="activity">
      <fieldset className="segmented activity__filter" aria-label="Level">
        {filters.map((filter) => (
          <button
            key={filter.least}
            type="button"
            aria-pressed={least === filter.least}
            onClick={() => setLeast(filter.least)}
          >
            {filter.name}
          </button>
        ))}
      </fieldset>
      {shown.length === 0 ? (
        <p className="empty">{least === 'info' ? 'Nothing has happened yet.' : 'None so far.'}</p>
      ) : (
        <ol className="activity__list">
          {shown.map(({ entry, count }) => (
            <li key={`${entry.at} ${entry.area} ${entry.text}`} className="activity__entry" data-level={entry.level}>
              <time>{istTime(entry.at)}</time>
              <span className="activity__area">{entry.area}</span>
              <span className="activity__level">{entry.level === 'info' ? '' : entry.level}</span>
              <span className="activity__text" data-level={entry.level}>
                {entry.text}
                {count === 1 ? null : <b className="activity__count"> ×{formatQuantity(count)}</b>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
