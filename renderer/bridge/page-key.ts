const STORAGE_NAME = 'desk-key';

/** Where the page gets its key from and keeps it. */
export interface KeyPlaces {
  readonly request: (path: string, init: { readonly method: 'POST' }) => Promise<Pick<Response, 'ok' | 'json'>>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * The access key of browser mode: for the ticket that the page was opened with, or from this tab's storage after a
 * reload. Null when the page has been opened without one, or the desk cannot be asked and never was.
 */
export async function takePageKey({ request, storage }: KeyPlaces): Promise<string | null> {
  const key = await exchangeTicket(request).catch(() => null);
  if (key === null) return storage.getItem(STORAGE_NAME);
  storage.setItem(STORAGE_NAME, key);
  return key;
}

async function exchangeTicket(request: KeyPlaces['request']): Promise<string | null> {
  const answer = await request('./session', { method: 'POST' });
  const body: unknown = answer.ok ? await answer.json() : null;
  const isKey = typeof body === 'object' && body !== null && 'key' in body && typeof body.key === 'string';
  return isKey ? String(body.key) : null;
}
