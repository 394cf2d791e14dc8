import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../../src/kite/csv.ts';

const rows = (text: string): string[][] => [...parseCsv(text)];

describe('parseCsv', () => {
  it.each([
    [
      'plain rows',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no final line break',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'Windows line breaks',
      'a,b\r\n"c",d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['blank lines', '\na\n\r\n\nb\n', [['a'], ['b']]],
    ['a byte order mark', '\uFEFFa,b', [['a', 'b']]],
    ['empty fields', ',a,\n', [['', 'a', '']]],
    ['commas and quotes in quotes', '"a,b","say ""hi"""\nz', [['a,b', 'say "hi"'], ['z']]],
    ['text after a closing quote', '"a"b,c', [['ab', 'c']]],
    [
      'an unclosed quote, which ends with its line',
      'a,"b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['nothing', '', []],
  ])('reads %s', (_, text, expected) => {
    expect(rows(text)).toEqual(expected);
  });

  it('reads back whatever was written by the rules', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', ' ', ':', '5') });
    const record = fc.array(field, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const quote = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
        const text = records.map((fields) => fields.map(quote).join(',')).join('\n');
        expect(rows(text)).toEqual(records);
      }),
    );
  });

  it('loses no other record to a quote too many', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '5', ' ', '.') });
    const record = fc.array(field, { minLength: 2, maxLength: 5 });
    const damage = fc.record({ line: fc.nat(), at: fc.nat() });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), damage, (records, { line, at }) => {
        const lines = records.map((fields) => fields.join(','));
        const damaged = line % lines.length;
        const whole = lines[damaged] ?? '';
        const cut = at % (whole.length + 1);
        lines[damaged] = `${whole.slice(0, cut)}"${whole.slice(cut)}`;
        const others = (read: readonly string[][]): readonly string[][] => read.filter((_, index) => index !== damaged);
        expect(others(rows(lines.join('\n')))).toEqual(others(records));
      }),
    );
  });
});
