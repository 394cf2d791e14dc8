import type { ReactElement } from 'react';

const paths = {
  gear: 'M6.8 3.1L7 1.4L9 1.4L9.2 3.1L10.6 3.7L12 2.6L13.4 4L12.3 5.4L12.9 6.8L14.6 7L14.6 9L12.9 9.2L12.3 10.6L13.4 12L12 13.4L10.6 12.3L9.2 12.9L9 14.6L7 14.6L6.8 12.9L5.4 12.3L4 13.4L2.6 12L3.7 10.6L3.1 9.2L1.4 9L1.4 7L3.1 6.8L3.7 5.4L2.6 4L4 2.6L5.4 3.7ZM8 5.9a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2Z',
  help: 'M5.8 6a2.2 2.2 0 1 1 3.3 1.900c-.7.4-1.1.8-1.1 1.700M8 12v.2M8 1.500a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  up: 'M3.5 10 8 5.500l4.5 4.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  plus: 'M8 3v10M3 8h10',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.5 3.2 3.200L13 4.8',
  dash: 'M4 8h8',
  clock: 'M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800ZM8 4.500V8l2.3 1.6',
  ring: 'M8 3.200a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.600Z',
  alert: 'M8 2 1.5 13.500h13L8 2ZM8 6.300v3.400M8 11.500v.2',
} as const;

export type IconName = keyof typeof paths;

/** A line icon in the colour of its text. Decoration only: the word beside it says the same. */
export function Icon({ name, size = 14 }: { readonly name: IconName; readonly size?: number }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
