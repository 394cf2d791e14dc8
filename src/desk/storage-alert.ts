import type { StorageCause, StorageTrouble } from '../contract/state.ts';
import type { AlertInput } from '../notify/alert-center.ts';

/** What to do about each, as the end of a sentence after the folder. */
const words: Readonly<Record<StorageCause, { readonly title: string; readonly fix: string }>> = {
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

/** That what should be kept is not, while it lasts. Prices are not touched by it. */
export function storageAlert({ cause, path }: StorageTrouble): AlertInput {
  const { title, fix } = words[cause];
  return {
    id: 'storage',
    severity: 'warning',
    title: `${title}: candles, settings and the day's record are kept in memory only.`,
    body: `${path}. ${fix} What is missing is written then, by itself. Prices are not affected.`,
    action: 'open-doctor',
  };
}
