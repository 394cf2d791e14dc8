/** A use of Electron that the stand-in does not have, or that would not mean on it what it means in Electron. */
export class StandInError extends Error {
  readonly code = 'stand-in';
}

/** What a runtime asks of any object: answering `undefined` is right, throwing would break `await` and printing. */
const askedOfEveryObject = new Set([
  'then',
  'toJSON',
  'domain',
  'asymmetricMatch',
  'nodeType',
  '$$typeof',
  '__esModule',
]);

/** The object, throwing on members it does not have: a silent `undefined` would let a test pass for a wrong reason. */
export function guarded<T extends object>(name: string, object: T): T {
  return new Proxy(object, missingMembersThrow<T>(name));
}

/** The same for every object of a class: whatever neither it nor its class has is looked for above, and refused there. */
export function guardClass(name: string, type: { readonly prototype: object }): void {
  const above: object = Object.getPrototypeOf(type.prototype);
  const guard = new Proxy(above, { ...missingMembersThrow(name), getPrototypeOf: () => above });
  Object.setPrototypeOf(type.prototype, guard);
}

function missingMembersThrow<T extends object>(name: string): ProxyHandler<T> {
  return {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target) && !askedOfEveryObject.has(key)) {
        throw new StandInError(`${name}.${key} is not part of the stand-in of Electron`);
      }
      return Reflect.get(target, key, receiver);
    },
  };
}

/**
 * A checked part of one of Electron's types, shown as the whole. Sound at run time, because what is missing throws;
 * each class states its part by `implements Pick<Electron…>`.
 */
export function asElectron<Whole>(part: object): Whole {
  return part as Whole;
}

/** Electron's event object: its fields, and whether a listener prevented what was about to happen. */
export interface PreventableEvent {
  preventDefault(): void;
  readonly defaultPrevented: boolean;
}

export function electronEvent<Fields extends object>(fields: Fields): Fields & PreventableEvent {
  let prevented = false;
  const event = {
    preventDefault: () => {
      prevented = true;
    },
    get defaultPrevented() {
      return prevented;
    },
  };
  return Object.defineProperties(event, Object.getOwnPropertyDescriptors(fields)) as Fields & PreventableEvent;
}
