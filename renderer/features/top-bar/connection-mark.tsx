import type { ReactElement } from 'react';
import type { ConnectionShape } from './connection.ts';

const shapes: Readonly<Record<ConnectionShape, ReactElement>> = {
  live: <circle cx="8" cy="8" r="5.5" className="mark__fill" />,
  rest: (
    <>
      <circle cx="8" cy="8" r="5" className="mark__line" />
      <path d="M8 3a5 5 0 0 1 0 10Z" className="mark__fill" />
    </>
  ),
  stale: (
    <>
      <circle cx="8" cy="8" r="5" className="mark__line" />
      <circle cx="8" cy="8" r="2" className="mark__fill" />
    </>
  ),
  waiting: <circle cx="8" cy="8" r="5" className="mark__line mark__line--dashed" />,
  blocked: <path d="M3 3h10v10H3ZM3.5 3.5l9 9" className="mark__line" />,
  lost: <path d="m3.5 3.5 9 9M12.5 3.5l-9 9" className="mark__line" />,
  off: <circle cx="8" cy="8" r="5" className="mark__line" />,
};

/** The feed's state as a shape; the word beside it says the same. */
export function ConnectionMark({ shape }: { readonly shape: ConnectionShape }): ReactElement {
  return (
    <svg className="mark" data-shape={shape} viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
      {shapes[shape]}
    </svg>
  );
}
