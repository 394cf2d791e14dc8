import { expect, test } from 'vitest';
import { type KeyPlaces, takePageKey } from '../../../renderer/bridge/page-key.ts';

/** A page whose desk gives `answer` for its ticket; null: it does not answer at all. */
function pageOf(answer: { readonly ok: boolean; readonly body: unknown } | null, stored: Record<string, string> = {}) {
  const asked: string[] = [];
  const places: KeyPlaces = {
    request: async (path, { method }) => {
      asked.push(`${method} ${path}`);
      if (answer === null) throw new TypeError('Failed to fetch');
      return { ok: answer.ok, json: async () => answer.body };
    },
    storage: {
      getItem: (name) => stored[name] ?? null,
      setItem: (name, value) => {
        stored[name] = value;
      },
    },
  };
  return { places, asked, stored };
}

const refused = { ok: false, body: { error: 'no ticket' } };

test('the key comes for the ticket of the address, and is kept for a reload', async () => {
  const first = pageOf({ ok: true, body: { key: 's3cret' } });
  expect(await takePageKey(first.places)).toBe('s3cret');
  expect(first.asked).toEqual(['POST ./session']);
  expect(await takePageKey(pageOf(refused, first.stored).places)).toBe('s3cret');
  expect(await takePageKey(pageOf(null, first.stored).places)).toBe('s3cret');
});

test('a new key replaces the one kept', async () => {
  const { places, stored } = pageOf({ ok: true, body: { key: 'new' } }, { 'desk-key': 'old' });
  expect(await takePageKey(places)).toBe('new');
  expect(Object.values(stored)).toEqual(['new']);
});

test.each([
  refused,
  null,
  { ok: true, body: {} },
  { ok: true, body: 'x' },
  { ok: true, body: { key: 1 } },
])('without a key there is none: %j', async (answer) => {
  expect(await takePageKey(pageOf(answer).places)).toBeNull();
});
