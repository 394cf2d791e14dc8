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
    ['commas, quotes and line breaks in quotes', '"a,b","say ""hi""","x\ny"\nz', [['a,b', 'say "hi"', 'x\ny'], ['z']]],
    ['text after a closing quote', '"a"b,c', [['ab', 'c']]],
    ['an unclosed quote', 'a,"b\nc', [['a', 'b\nc']]],
    ['nothing', '', []],
  ])('reads %s', (_, text, expected) => {
    expect(rows(text)).toEqual(expected);
  });

  it('reads back whatever was written by the rules', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', ':', '5') });
    const record = fc.array(field, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const quote = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
        const text = records.map((fields) => fields.map(quote).join(',')).join('\n');
        expect(rows(text)).toEqual(records);
      }),
    );
  });
});
