/** Values of the structured clone algorithm as text, for both ends of the stand-in's message channel. */
export interface Wire {
  /** Throws `An object could not be cloned.` as Electron does. */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/**
 * Makes a wire. Self-contained, because its source text is also sent into the page.
 *
 * Primitives that JSON has and plain objects stand for themselves; everything else is an array that starts with a tag.
 * Objects count in the order they are met, so that shared and circular references come out as such.
 */
export function createWire(): Wire {
  const notCloneable = (): Error => new Error('An object could not be cloned.');
  const views: Record<string, new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView> = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };
  const errors: Record<string, new (message: string) => Error> = {
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  };

  function toBase64(buffer: ArrayBuffer): string {
    if (typeof Buffer !== 'undefined') return Buffer.from(buffer).toString('base64');
    return (new Uint8Array(buffer) as Uint8Array & { toBase64(): string }).toBase64();
  }

  function fromBase64(text: string): ArrayBuffer {
    if (typeof Buffer !== 'undefined') return new Uint8Array(Buffer.from(text, 'base64')).buffer;
    return (Uint8Array as typeof Uint8Array & { fromBase64(text: string): Uint8Array<ArrayBuffer> }).fromBase64(text)
      .buffer;
  }

  function encodeNumber(value: number): unknown {
    if (Object.is(value, -0)) return ['number', '-0'];
    return Number.isFinite(value) ? value : ['number', String(value)];
  }

  function encodeValue(value: unknown, seen: Map<object, number>): unknown {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === undefined) return ['undefined'];
    if (typeof value === 'number') return encodeNumber(value);
    if (typeof value === 'bigint') return ['bigint', String(value)];
    if (typeof value !== 'object') throw notCloneable();
    const known = seen.get(value);
    if (known !== undefined) return ['ref', known];
    seen.set(value, seen.size);
    return encodeObject(value, (part) => encodeValue(part, seen));
  }

  function encodeObject(value: object, part: (value: unknown) => unknown): unknown {
    if (Array.isArray(value)) {
      return ['array', Array.from(value, (item, index) => (index in value ? part(item) : ['hole']))];
    }
    if (value instanceof Date) return ['date', encodeNumber(value.getTime())];
    if (value instanceof RegExp) return ['regexp', value.source, value.flags];
    if (value instanceof Map) return ['map', Array.from(value, ([key, item]) => [part(key), part(item)])];
    if (value instanceof Set) return ['set', Array.from(value, part)];
    if (value instanceof ArrayBuffer) return ['buffer', toBase64(value)];
    if (ArrayBuffer.isView(value)) {
      const length = value instanceof DataView ? value.byteLength : (value as Uint8Array).length;
      return ['view', value.constructor.name, part(value.buffer), value.byteOffset, length];
    }
    if (value instanceof Error) return ['error', value.name, value.message, value.stack ?? ''];
    if (Object.getPrototypeOf(value) !== Object.prototype) throw notCloneable();
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, part(item)]));
  }

  function decodeValue(value: unknown, seen: unknown[]): unknown {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return decodeTagged(value, seen);
    const object: Record<string, unknown> = {};
    seen.push(object);
    for (const [key, item] of Object.entries(value)) {
      // Not an assignment: a key named __proto__ is data.
      const own = { value: decodeValue(item, seen), writable: true, enumerable: true, configurable: true };
      Object.defineProperty(object, key, own);
    }
    return object;
  }

  function decodeTagged(tagged: readonly unknown[], seen: unknown[]): unknown {
    const [tag, first] = tagged;
    if (tag === 'undefined') return undefined;
    if (tag === 'number') return Number(first);
    if (tag === 'bigint') return BigInt(String(first));
    if (tag === 'ref') return seen[Number(first)];
    if (tag === 'array' || tag === 'map' || tag === 'set') return decodeCollection(tag, first as unknown[], seen);
    if (tag === 'view') return decodeView(tagged, seen);
    return decodeLeaf(tagged, seen);
  }

  function decodeCollection(tag: 'array' | 'map' | 'set', items: readonly unknown[], seen: unknown[]): unknown {
    if (tag === 'array') {
      const array: unknown[] = new Array(items.length);
      seen.push(array);
      for (const [index, item] of items.entries()) {
        if (!Array.isArray(item) || item[0] !== 'hole') array[index] = decodeValue(item, seen);
      }
      return array;
    }
    if (tag === 'map') {
      const map = new Map<unknown, unknown>();
      seen.push(map);
      for (const [key, item] of items as [unknown, unknown][]) map.set(decodeValue(key, seen), decodeValue(item, seen));
      return map;
    }
    const set = new Set<unknown>();
    seen.push(set);
    for (const item of items) set.add(decodeValue(item, seen));
    return set;
  }

  function decodeView([, name, buffer, offset, length]: readonly unknown[], seen: unknown[]): unknown {
    const place = seen.push(undefined) - 1;
    const View = views[String(name)];
    if (View === undefined) throw new TypeError(`unknown view ${String(name)}`);
    const view = new View(decodeValue(buffer, seen) as ArrayBuffer, Number(offset), Number(length));
    seen[place] = view;
    return view;
  }

  function decodeLeaf([tag, first, second, third]: readonly unknown[], seen: unknown[]): unknown {
    const leaf = (): unknown => {
      if (tag === 'date') return new Date(Number(decodeValue(first, seen)));
      if (tag === 'regexp') return new RegExp(String(first), String(second));
      if (tag === 'buffer') return fromBase64(String(first));
      if (tag !== 'error') throw new TypeError(`unknown tag ${String(tag)}`);
      const error = new (errors[String(first)] ?? Error)(String(second));
      error.stack = String(third);
      return error;
    };
    const value = leaf();
    seen.push(value);
    return value;
  }

  return {
    encode: (value) => {
      let clone: unknown;
      try {
        clone = structuredClone(value);
      } catch {
        throw notCloneable();
      }
      return JSON.stringify(encodeValue(clone, new Map()));
    },
    decode: (text) => decodeValue(JSON.parse(text), []),
  };
}
