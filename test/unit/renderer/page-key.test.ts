import { expect, test } from 'vitest';
import { takePageKey } from '../../../renderer/bridge/page-key.ts';

function pageAt(href: string, stored: Record<string, string> = {}) {
  const shown: string[] = [];
  const places = {
    location: { href },
    history: {
      replaceState: (_data: unknown, _unused: string, url?: string | URL | null) => void shown.push(String(url)),
    },
    storage: {
      getItem: (name: string) => stored[name] ?? null,
      setItem: (name: string, value: string) => {
        stored[name] = value;
      },
    },
  };
  return { places, shown, stored };
}

test('the key is taken out of the address and kept for a reload', () => {
  const first = pageAt('http://127.0.0.1:7414/?key=s3cret&view=1#top');
  expect(takePageKey(first.places)).toBe('s3cret');
  expect(first.shown).toEqual(['/?view=1#top']);
  const reloaded = pageAt('http://127.0.0.1:7414/?view=1', first.stored);
  expect(takePageKey(reloaded.places)).toBe('s3cret');
  expect(reloaded.shown).toEqual([]);
});

test('a new key replaces the one kept', () => {
  const { places, stored } = pageAt('http://127.0.0.1:7414/?key=new', { 'desk-key': 'old' });
  expect(takePageKey(places)).toBe('new');
  expect(Object.values(stored)).toEqual(['new']);
});

test('without a key there is none', () => {
  expect(takePageKey(pageAt('http://127.0.0.1:7414/').places)).toBeNull();
});
