import type { StorageCause } from './state.ts';

/** Why nothing can be written, and what to do about it; the title without its full stop. */
export const storageWords: Readonly<Record<StorageCause, { readonly title: string; readonly fix: string }>> = {
  full: { title: 'The disk is full', fix: 'Make room on it.' },
  'read-only': {
    title: 'The app may not write to its folder',
    fix: 'Let it write there, or choose another with --home.',
  },
  locked: {
    title: 'Another program has locked the app’s files',
    fix: 'Close it, or let a backup or virus scan finish.',
  },
  removed: { title: 'The app’s folder has gone', fix: 'It is made again as soon as that is possible.' },
  'no-answer': { title: 'The disk does not respond', fix: 'Check the drive, or the network it is on.' },
  failed: { title: 'The app’s files cannot be written', fix: 'The doctor tells why.' },
};
