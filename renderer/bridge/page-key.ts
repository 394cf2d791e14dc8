const STORAGE_NAME = 'desk-key';

/** The parts of the page that hold the key. */
export interface KeyPlaces {
  readonly location: Pick<Location, 'href'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * The access key of browser mode: from `?key=` on the first visit, from this tab's storage after a reload. Takes it out
 * of the address bar, where it would be seen and bookmarked. Null when the page has been opened without one.
 */
export function takePageKey({ location, history, storage }: KeyPlaces): string | null {
  const address = new URL(location.href);
  const key = address.searchParams.get('key');
  if (key === null) return storage.getItem(STORAGE_NAME);
  storage.setItem(STORAGE_NAME, key);
  address.searchParams.delete('key');
  history.replaceState(null, '', `${address.pathname}${address.search}${address.hash}`);
  return key;
}
