import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWire } from '../electron/structured-clone-wire.ts';

const { encode, decode } = createWire();

const cloneable = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withNullPrototype: false,
});

describe('the text of a structured clone', () => {
  it('comes back as structuredClone would have it', () => {
    fc.assert(
      fc.property(cloneable, (value) => {
        expect(decode(encode(value))).toStrictEqual(structuredClone(value));
      }),
    );
  });

  it('keeps shared and circular references', () => {
    const shared = { price: 1 };
    const value: Record<string, unknown> = { a: shared, b: [shared], map: new Map([[shared, new Set([shared])]]) };
    value.self = value;
    const copy = decode(encode(value)) as typeof value & { b: unknown[] };
    expect(copy.self).toBe(copy);
    expect(copy.b[0]).toBe(copy.a);
    expect(copy).toEqual(structuredClone(value));
  });

  it('keeps a view on its part of a buffer', () => {
    const buffer = Uint8Array.from({ length: 16 }, (_, index) => index).buffer;
    const value = { whole: buffer, part: new Uint16Array(buffer, 4, 3), data: new DataView(buffer, 2, 5) };
    const copy = decode(encode(value)) as typeof value;
    expect(copy).toStrictEqual(value);
    expect(copy.part.buffer).toBe(copy.whole);
  });

  it('keeps the kind and words of an error', () => {
    const copy = decode(encode(new RangeError('too far')));
    expect(copy).toBeInstanceOf(RangeError);
    expect(copy).toMatchObject({ name: 'RangeError', message: 'too far' });
  });

  it.each([
    ['a function', { run: () => {} }],
    ['a symbol', [Symbol('x')]],
    ['a promise', Promise.resolve()],
    ['a weak map', new WeakMap()],
    ['a blob', new Blob(['x'])],
  ])('refuses %s in the words of Electron', (_what, value) => {
    expect(() => encode(value)).toThrow('An object could not be cloned.');
  });
});
