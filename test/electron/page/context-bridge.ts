/** The part of Electron's `contextBridge` a preload uses. */
export interface ContextBridge {
  exposeInMainWorld(key: string, api: unknown): void;
}

/**
 * Makes a `contextBridge`. What crosses is copied, functions are called through, and what is exposed is frozen, so that
 * neither side holds an object of the other's: in Electron the two sides are two JavaScript contexts. Self-contained,
 * because its source text is sent into the page.
 */
export function createContextBridge(mainWorld: object): ContextBridge {
  function crossFunction(run: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
    return (...args) => {
      try {
        return cross(run(...args.map((arg) => cross(arg, new Map()))), new Map());
      } catch (error) {
        throw cross(error, new Map());
      }
    };
  }

  function crossError(error: Error): Error {
    const copy = new Error(error.message);
    copy.stack = error.stack ?? '';
    return copy;
  }

  /** The value as the other side gets it. */
  function cross(value: unknown, seen: Map<object, unknown>, freeze = false): unknown {
    if (typeof value === 'symbol') throw new TypeError('A symbol cannot cross the context bridge.');
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
    if (seen.has(value)) return seen.get(value);
    const remember = <T extends object>(copy: T): T => {
      seen.set(value, copy);
      return copy;
    };
    if (typeof value === 'function') return remember(crossFunction(value as (...args: unknown[]) => unknown));
    if (value instanceof Promise) {
      return value.then(
        (result) => cross(result, new Map()),
        (error: unknown) => {
          throw cross(error, new Map());
        },
      );
    }
    if (value instanceof Error) return remember(crossError(value));
    if (Array.isArray(value)) {
      const copy = remember<unknown[]>([]);
      for (const item of value) copy.push(cross(item, seen, freeze));
      return freeze ? Object.freeze(copy) : copy;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    const builtIn = value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof Date;
    if (builtIn || value instanceof Map || value instanceof Set || value instanceof RegExp) {
      return remember(structuredClone(value));
    }
    if (prototype !== Object.prototype && prototype !== null && value instanceof Node) {
      throw new TypeError('An element cannot cross the context bridge on the stand-in.');
    }
    const copy = remember<Record<string, unknown>>({});
    for (const [key, item] of Object.entries(value)) copy[key] = cross(item, seen, freeze);
    return freeze ? Object.freeze(copy) : copy;
  }

  return {
    exposeInMainWorld: (key, api) => {
      if (Object.hasOwn(mainWorld, key)) {
        throw new Error('Cannot bind an API on top of an existing property on the window object');
      }
      const value = cross(api, new Map(), true);
      Object.defineProperty(mainWorld, key, { value, writable: false, configurable: false, enumerable: true });
    },
  };
}
