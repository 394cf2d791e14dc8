import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const folders = ['test/unit/electron', 'test/unit/packaging', 'test/desktop'];

interface Row {
  readonly item: string;
  readonly where: string;
  readonly heldBy: string;
}

const document = readFileSync(join(root, 'docs/security-checklist.md'), 'utf8');
const rows: readonly Row[] = document
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, number]) => /^\d+$/.test(number ?? ''))
  .map(([, number = '', item = '', where = '', heldBy = '']) => ({ item: `${number} ${item}`, where, heldBy }));

/** The tests a row names: a file, and each of the titles that follow it up to the next file. */
function testsOf({ heldBy }: Row): readonly { readonly file: string; readonly titles: readonly string[] }[] {
  return [...heldBy.matchAll(/`([\w-]+\.(?:test|spec)\.ts)`([^`]*)/g)].map(([, file = '', rest = '']) => ({
    file,
    titles: [...rest.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  }));
}

/** The source of a test file, by its name alone; null where there is none. */
function sourceOf(file: string): string | null {
  const path = folders.map((folder) => join(root, folder, file)).find((candidate) => existsSync(candidate));
  return path === undefined ? null : readFileSync(path, 'utf8');
}

/** Whether a test of this title is in the source; `…` stands for anything within it. */
function hasTest(source: string, title: string): boolean {
  const words = title.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(String.raw`\((['"\`])${words.join('.+?')}\1`).test(source);
}

describe('the security checklist', () => {
  it('has the twenty items of Electron’s, each held by a test', () => {
    expect(rows.map(({ item }) => Number.parseInt(item, 10))).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    for (const row of rows) expect(testsOf(row), row.item).not.toEqual([]);
  });

  it.each(rows)('$item: the tests it names exist', (row) => {
    for (const { file, titles } of testsOf(row)) {
      const source = sourceOf(file) ?? '';
      expect(source, `${file} is not there`).not.toBe('');
      expect(titles, `${file} is named without a title`).not.toEqual([]);
      expect(titles.filter((title) => !hasTest(source, title))).toEqual([]);
    }
  });

  it.each(rows)('$item: the files it names exist', ({ where }) => {
    const files = [...where.matchAll(/`(electron[\w/.-]*\.(?:ts|yml))`/g)].map(([, file = '']) => file);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('calls a spec what is one', () => {
    for (const { heldBy } of rows) {
      const named = [...heldBy.matchAll(/(spec: )?`[\w-]+\.(test|spec)\.ts`/g)];
      expect(named.filter(([, isSpec, kind]) => (isSpec === undefined) === (kind === 'spec'))).toEqual([]);
      expect(heldBy.match(/spec: (?!`)/g)).toBeNull();
    }
  });
});
