import type { StorageTrouble } from '../contract/state.ts';
import { storageWords } from '../contract/storage-words.ts';
import type { AlertInput } from '../notify/alert-center.ts';

/** That what should be kept is not, while it lasts. Prices are not touched by it. */
export function storageAlert({ cause, path }: StorageTrouble): AlertInput {
  const { title, fix } = storageWords[cause];
  return {
    id: 'storage',
    severity: 'warning',
    title: `${title}: what cannot be saved is kept in memory only.`,
    body: `${path}. ${fix} What is missing is written then, by itself. Prices are not affected.`,
    action: 'open-doctor',
  };
}
