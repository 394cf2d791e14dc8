import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/kite/json.ts';

describe('parseJson', () => {
  it('reads what Kite sends, whatever its length', () => {
    const candles = Array.from({ length: 22_500 }, (_, index) => ['2026-11-23T09:15:00+0530', index, 1, 1, 1, 5, 7]);
    const text = JSON.stringify({ status: 'success', data: { candles } });
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(parseJson('nothing')).toBeUndefined();
  });

  it.each([
    ['nesting without an end', '['.repeat(1_000_000)],
    ['nesting that is closed', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['objects in objects', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['keys without number', `{${Array.from({ length: 120_000 }, (_, index) => `"k${index}":1`).join()}}`],
    ['keys apart from their colons', `{${Array.from({ length: 120_000 }, (_, index) => `"k${index}" \n :1`).join()}}`],
    ['small values without number', `[${'1,'.repeat(600_000)}1]`],
  ])('takes %s for no JSON, without reading it', (_, text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  it('counts keys, and no colons within values', () => {
    const text = JSON.stringify({ times: Array.from({ length: 2_000 }, () => '2026-11-23T09:15:00+0530') });
    expect(parseJson(text, 1)).toEqual(JSON.parse(text));
    expect(parseJson(text, 0)).toBeUndefined();
  });
});
